"""Line outlines: the map's post-processing by hand, and the whole detector on drawn pages."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch

from gpu_ops.text_regions import text_regions
from scanner.detect import FIRST_LOOK, SECOND_LOOK, choose_scale, detect
from scanner.host_plate import HostPlate
from scanner.inference import RULE, EngineFinder, Quads, TextFinder
from scanner.line_reading import Recogniser
from scanner.models.weights import load_detector
from scanner.runtime import Precision, compile_model
from table_restore.geometry import Box, Polygon

Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


@pytest.fixture(scope="module")
def detector() -> TextFinder:
    return EngineFinder(compile_model(load_detector(), precision=Precision.FLOAT32))


def page_with(texts: list[tuple[str, int, int, float]], height: int, width: int) -> Pixels:
    """White, with each (text, left, base line, scale) written in black."""
    page = np.full((height, width, 3), 255, dtype=np.uint8)
    for text, left, base, scale in texts:
        thickness = max(1, round(2 * scale))
        cv2.putText(page, text, (left, base), cv2.FONT_HERSHEY_COMPLEX, scale, (0, 0, 0), thickness)
    return page


def plate(page: Pixels, detector: TextFinder) -> HostPlate:
    return HostPlate(page, detector, Recogniser(lambda lines: [], ()))


def boxes_of(page: Pixels, detector: TextFinder) -> list[Box]:
    return [outline.polygon.box for outline in detect(plate(page, detector))]


def regions(probability: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> list[Quads]:
    (quads,) = text_regions(torch.from_numpy(probability)[None], [probability.shape], RULE)
    return list(quads)


def test_a_region_grows_by_its_area_over_its_perimeter() -> None:
    probability = np.zeros((100, 200), dtype=np.float32)
    probability[40:50, 30:130] = 0.9
    (quad,) = regions(probability)
    # The dilation adds a row and a column; the contour of 101 x 11 pixels measures 100 x 10.
    grow = 100 * 10 * 1.6 / (2 * 110)
    expected = Box(29 - grow, 39 - grow, 129 + grow, 49 + grow)
    box = Polygon(tuple((float(x), float(y)) for x, y in quad)).box
    assert np.allclose(
        (box.left, box.top, box.right, box.bottom),
        (expected.left, expected.top, expected.right, expected.bottom),
        atol=1.1,
    )
    assert tuple(quad[0]) == (box.left, box.top)


def test_doubtful_and_tiny_regions_are_dropped() -> None:
    probability = np.zeros((100, 200), dtype=np.float32)
    probability[10:20, 30:130] = 0.4
    probability[60:61, 30:32] = 0.99
    assert regions(probability) == []


@pytest.mark.parametrize(
    ("size", "letter", "scale"),
    [
        ((3300, 2550), 24.0, 0.5),
        ((800, 600), 6.0, 2.0),
        ((800, 600), 1.0, 3.0),
        ((800, 600), None, 1.0),
        ((6000, 4000), None, 2560 / 6000),
        ((6000, 4000), 400.0, 640 / 6000),
    ],
)
def test_the_scale_brings_letters_to_one_size(
    size: tuple[int, int], letter: float | None, scale: float
) -> None:
    assert choose_scale(size, letter) == pytest.approx(scale)


@pytest.mark.parametrize("scale", [0.35, 1.0, 3.5])
def test_lines_of_any_size_are_found(detector: TextFinder, scale: float) -> None:
    texts = [
        ("Every line of this page", round(40 * scale), round((80 + 60 * row) * scale), scale)
        for row in range(6)
    ]
    page = page_with(texts, round(460 * scale), round(620 * scale))
    boxes = sorted(boxes_of(page, detector), key=lambda box: box.top)
    assert len(boxes) == 6
    for box, (_, left, base, _) in zip(boxes, texts, strict=True):
        assert box.left < left + 6 * scale
        assert box.top < base - 10 * scale < box.bottom


def test_small_print_on_a_page_of_large_type_is_found(detector: TextFinder) -> None:
    texts = [("Large type here", 60, 200 + 150 * row, 4.0) for row in range(5)]
    small = ("printed and published by the office of the printer", 300, 1180, 0.5)
    outlines = detect(plate(page_with([*texts, small], 1300, 1500), detector))
    low = [o for o in outlines if 1160 < o.polygon.center[1] < 1190]
    assert len(outlines) == 6
    assert [o.trust for o in low] in ([SECOND_LOOK], [FIRST_LOOK])
    assert low[0].polygon.box.width > 305


def test_a_blank_page_has_no_lines(detector: TextFinder) -> None:
    for size in ((500, 400, 3), (1, 1, 3)):
        assert detect(plate(np.full(size, 255, dtype=np.uint8), detector)) == []
