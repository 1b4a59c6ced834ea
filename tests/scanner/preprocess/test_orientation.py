"""Pages lying on their sides, on their heads or askew stand upright again; upright ones stay."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from scanner.images import PageImage, SourcePage
from scanner.options import Options
from scanner.pipeline import Models, load_models
from scanner.preprocess.straighten import preprocess

Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]

TEXT = "annual report of income and expenses for members and friends of society"
COUNTRIES = "Austria Belgium Cyprus Denmark Estonia Finland Germany Hungary Iceland Norway"


@pytest.fixture(scope="module")
def models() -> Models:
    return load_models(Options(threads=1))


def put(page: Pixels, text: str, x: int, y: int, size: float = 0.8) -> None:
    cv2.putText(page, text, (x, y), cv2.FONT_HERSHEY_COMPLEX, size, (20,) * 3, 1, cv2.LINE_AA)


def paper(height: int = 1000, width: int = 760) -> Pixels:
    return np.full((height, width, 3), 255, dtype=np.uint8)


def hatched_page() -> Pixels:
    """Few lines of text beside fields of small crosses, which outnumber the letters."""
    page = paper()
    for y in range(260, 700, 11):
        for x in range(80, 680, 11):
            cv2.line(page, (x, y - 3), (x, y + 3), (60,) * 3, 1)
            cv2.line(page, (x - 3, y), (x + 3, y), (60,) * 3, 1)
    for row, line in enumerate(("Share of members by age", "Women and men together")):
        put(page, line, 80, 120 + 50 * row, 1.0)
    put(page, "Figures are those of last summer", 80, 800)
    return page


def table_page() -> Pixels:
    """Columns of short numbers, closely set, beside a column of words and a title."""
    page = paper()
    put(page, "Visitors by country and month", 60, 80, 1.0)
    names = COUNTRIES.split()
    random = np.random.default_rng(3)
    for row in range(30):
        y = 130 + 27 * row
        put(page, names[row % 10], 60, y, 0.6)
        for column in range(4):
            put(page, str(random.integers(10, 99)), 260 + 110 * column, y, 0.6)
    return page


def text_page() -> Pixels:
    page, words = paper(), TEXT.split()
    for row in range(22):
        line = " ".join(words[(row + k) % len(words)] for k in range(5))
        put(page, line, 70, 90 + 38 * row)
    return page


def rectified(pixels: Pixels, models: Models) -> PageImage:
    source = SourcePage(Path("page.png"), 1, torch.from_numpy(np.ascontiguousarray(pixels)), None)
    return preprocess(source, Options(), models)


def turn_of(image: PageImage) -> float:
    """By how many degrees the page was found to stand clockwise in its source."""
    ends = image.rectification.to_source([(0, image.height / 2), (image.width, image.height / 2)])
    x, y = ends[1] - ends[0]
    return float(np.degrees(np.arctan2(y, x))) % 360


@pytest.mark.parametrize("draw", [hatched_page, table_page, text_page])
def test_quarter_turns_are_found(draw: object, models: Models) -> None:
    assert callable(draw)
    upright = draw()
    found = [turn_of(rectified(np.rot90(upright, -quarters), models)) for quarters in range(4)]
    assert found == [pytest.approx(90 * quarters, abs=1) for quarters in range(4)]


@pytest.mark.parametrize("angle", [-20.3, 45.0, 62.4, 141.7])
def test_any_angle_is_found_to_a_fifth_of_a_degree(angle: float, models: Models) -> None:
    page = text_page()
    matrix = cv2.getRotationMatrix2D((380, 500), -angle, 1.0)
    matrix[:, 2] += (270, 150)
    turned = cv2.warpAffine(page, matrix, (1300, 1300), borderValue=(255, 255, 255))
    found = turn_of(rectified(np.asarray(turned, dtype=np.uint8), models))
    assert found == pytest.approx(angle % 360, abs=0.2)


def test_a_page_with_a_coloured_bar_along_its_side_is_kept_whole(models: Models) -> None:
    page = text_page()
    page[:, :35] = (30, 60, 160)
    page[930:960, 35:700] = (200, 200, 200)
    image = rectified(page, models)
    assert image.rectification.is_identity
