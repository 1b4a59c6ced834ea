"""Skewed pages are turned upright, flat ones left alone, and points map both ways."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from scanner.images import SourcePage
from scanner.options import Options
from scanner.preprocess.geometry import _has_white_rim
from scanner.preprocess.skew import estimate_skew
from scanner.preprocess.straighten import preprocess


def text_page(angle: float) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Twenty lines of words, turned so that they run downwards to the right by `angle`."""
    page = np.full((900, 700, 3), 245, dtype=np.uint8)
    for row in range(20):
        text = "the quick brown fox jumps over a dog"[: 20 + row % 16]
        cv2.putText(page, text, (60, 90 + 38 * row), cv2.FONT_HERSHEY_COMPLEX, 0.8, (30,) * 3, 1)
    matrix = cv2.getRotationMatrix2D((350, 450), -angle, 1.0)
    turned = cv2.warpAffine(page, matrix, (700, 900), borderValue=(245, 245, 245))
    return np.asarray(turned, dtype=np.uint8)


def source(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> SourcePage:
    return SourcePage(Path("page.png"), 1, torch.from_numpy(pixels), 100.0)


@pytest.mark.parametrize("angle", [-4.3, -1.0, 0.0, 0.4, 2.7])
def test_skew_is_found_to_a_tenth_of_a_degree(angle: float) -> None:
    skew = estimate_skew(text_page(angle))
    assert skew.angle == pytest.approx(angle, abs=0.1)
    assert skew.confidence > 0.5


def test_a_blank_page_has_no_skew() -> None:
    assert estimate_skew(np.full((500, 400, 3), 255, dtype=np.uint8)).confidence == 0


def test_a_skewed_page_is_turned_upright() -> None:
    image = preprocess(source(text_page(2.7)), Options())
    assert abs(estimate_skew(image.pixels.numpy()).angle) < 0.12
    assert image.width > 700


@pytest.mark.parametrize("options", [Options(), Options(deskew=False)])
def test_an_upright_page_keeps_its_pixels(options: Options) -> None:
    page = source(text_page(0.0))
    image = preprocess(page, options)
    assert image.pixels is page.pixels
    assert image.rectification.is_identity


def test_deskewing_can_be_switched_off() -> None:
    page = source(text_page(2.7))
    assert preprocess(page, Options(deskew=False)).pixels is page.pixels


def test_a_mark_maps_back_to_where_it_was() -> None:
    pixels = text_page(3.0)
    pixels[400:406, 300:306] = (255, 0, 0)
    image = preprocess(source(pixels), Options())
    red = (image.pixels[..., 0].int() - image.pixels[..., 1].int()) > 120
    ys, xs = np.nonzero(red.numpy())
    found = image.rectification.to_source([(xs.mean(), ys.mean())])[0]
    assert found == pytest.approx((302.5, 402.5), abs=1.0)


def test_a_white_rim_on_all_sides_is_a_scanners() -> None:
    grey = text_page(0.0)[..., 0] + np.uint8(10)
    assert _has_white_rim(grey)
    for side in range(4):
        shaded = np.rot90(grey, side).copy()
        shaded[:6, 30:120] = 90
        assert not _has_white_rim(np.rot90(shaded, -side))
