"""Bad light goes, what is on the paper stays, and clean scans are not touched."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from scanner.preprocess.light import Light, Pixels, even_light, find_light
from tests.scanner.light_pages import (
    BAR,
    BARE,
    GREY_PHOTO,
    HIGHLIGHT,
    PENCIL,
    PHOTO,
    SHADES,
    STAMP,
    in_shadow,
    sheet,
)


def cleaned(page: Pixels) -> tuple[Light, Pixels]:
    pixels = torch.from_numpy(page)
    light = find_light(pixels)
    return light, even_light(pixels, light).numpy()


@pytest.fixture(scope="module")
def after() -> Pixels:
    light, page = cleaned(in_shadow(sheet()))
    assert light.step.taken
    assert light.step.confidence > 0.5
    return page


def test_paper_in_shadow_becomes_even_and_white(after: Pixels) -> None:
    dark = in_shadow(sheet())[BARE]
    assert np.percentile(dark, 95) - np.percentile(dark, 5) > 40
    assert np.percentile(after[BARE], 2) > 245


def test_print_is_black(after: Pixels) -> None:
    print_ = sheet()[40:320].max(axis=2) < 60
    assert np.median(after[40:320][print_]) < 25


def test_highlighter_stays_yellow(after: Pixels) -> None:
    red, green, blue = np.median(after[HIGHLIGHT].reshape(-1, 3), axis=0)
    assert min(red, green) > 225
    assert blue < 160


def test_a_pale_stamp_stays_red(after: Pixels) -> None:
    ring = sheet()[STAMP][:, :, 1] < 160
    red, green, blue = np.median(after[STAMP][ring], axis=0)
    assert red > 220
    assert max(green, blue) < 190


@pytest.mark.parametrize("place", SHADES)
def test_the_shade_of_a_table_stays(after: Pixels, place: tuple[slice, slice]) -> None:
    truth, seen = (np.median(page[place].reshape(-1, 3), axis=0) for page in (sheet(), after))
    assert np.abs(truth - seen).max() < 15


def test_pencil_stays(after: Pixels) -> None:
    strokes = sheet()[PENCIL][:, :, 0] < 205
    assert np.median(after[PENCIL][strokes]) < 230


@pytest.mark.parametrize("place", [PHOTO, GREY_PHOTO])
def test_photos_keep_their_tones(after: Pixels, place: tuple[slice, slice]) -> None:
    truth = sheet()[place].astype(float).ravel()
    seen = after[place].astype(float).ravel()
    assert np.corrcoef(truth, seen)[0, 1] > 0.95
    assert np.abs(truth - seen).mean() < 30


def test_a_black_bar_stays_black_with_white_letters(after: Pixels) -> None:
    letters = sheet()[BAR][:, :, 0] > 200
    assert np.median(after[BAR][letters]) > 225
    assert np.median(after[BAR][sheet()[BAR][:, :, 0] < 30]) < 25


def test_grey_and_yellowed_paper_becomes_white() -> None:
    for paper in ((200, 200, 200), (245, 228, 190)):
        page = (sheet() * (np.array(paper) / 250)).astype(np.uint8)
        light, after = cleaned(page)
        assert light.step.taken
        assert after[BARE].min() > 250


def test_show_through_fades_and_ink_stays() -> None:
    front, back = sheet(), np.roll(np.fliplr(sheet()), 14, axis=0)
    shine = 1 - 0.04 * (1 - cv2.GaussianBlur(back[40:320], (0, 0), 2) / 250.0)
    page = in_shadow(front)
    page[40:320] = page[40:320] * shine
    _, after = cleaned(page)
    gap = slice(77, 81)  # between two lines of the front there is one of the back
    lost_before, lost_after = 1 - shine[37:41].mean(), 1 - after[gap, 60:660].mean() / 255
    assert lost_after < lost_before / 2
    assert np.median(after[40:320][front[40:320].max(axis=2) < 60]) < 25


def test_a_dark_table_under_the_page_stays_dark() -> None:
    picture = np.full((1300, 1000, 3), (60, 45, 40), dtype=np.uint8)
    picture[150:1150, 140:860] = in_shadow(sheet())
    light, after = cleaned(picture)
    assert light.step.taken
    assert after[:120].mean() < 110
    assert np.percentile(after[1080:1140, 200:800], 2) > 240


@pytest.mark.parametrize("grain", [0.0, 2.0])
def test_a_clean_scan_is_not_touched(grain: float) -> None:
    noise = np.random.default_rng(1).normal(0, grain, sheet().shape)
    page = np.clip(sheet() + noise, 0, 255).astype(np.uint8)
    pixels = torch.from_numpy(page)
    light = find_light(pixels)
    assert not light.step.taken
    assert even_light(pixels, light) is pixels


def test_a_drawn_page_with_grey_areas_is_not_touched() -> None:
    page = np.full((800, 600, 3), 255, dtype=np.uint8)
    page[100:300] = 200
    page[300:700, 50:500] = (255, 230, 180)
    assert not find_light(torch.from_numpy(page)).step.taken


def test_a_picture_without_paper_is_not_touched() -> None:
    x, y = np.meshgrid(np.arange(600), np.arange(800))
    waves = [120 + 90 * np.sin(x / 9), 120 + 90 * np.cos(y / 7), 120 + 90 * np.sin((x + y) / 11)]
    light, after = cleaned(np.stack(waves, axis=2).astype(np.uint8))
    assert not light.step.taken
    assert light.step.confidence < 0.5
    assert after.shape == (800, 600, 3)


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (9, 700), (5000, 3)])
@pytest.mark.parametrize("level", [0, 90, 255])
def test_odd_pictures_come_through(shape: tuple[int, int], level: int) -> None:
    page = np.full((*shape, 3), level, dtype=np.uint8)
    page[0, 0] = 30
    assert cleaned(page)[1].shape == page.shape


def test_wrinkled_and_stained_paper(shared_data: Path) -> None:
    """Cleaning brings scans of wrinkled paper nearer to the clean picture, every one."""
    folder = shared_data / "noisy_office"
    rows = (folder / "list.tsv").read_text(encoding="utf-8").splitlines()
    for noisy, truth in (row.split("\t")[:2] for row in rows[::8]):
        before, target = (cv2.imread(str(folder / name)) for name in (noisy, truth))
        _, after = cleaned(before)
        errors = [np.square(page.astype(float) - target).mean() for page in (before, after)]
        assert errors[1] < errors[0] / 1.2, noisy
