"""Lines on a table's dark header, darker or lighter than it or of another colour, are rulings."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from paper import Paper, texts

from table_restore import dark_grounds
from table_restore.dark_grounds import bright_channel, find_dark, on_paper

XS, YS = [60, 200, 330, 520], [80, 122, 164, 206, 248]
DARK = (40, 60, 100)


def header(colour: tuple[int, int, int], noise: float) -> tuple[Paper, list[list[str]]]:
    """A header of two rows whose left cell spans both, and two rows below it."""
    paper = Paper()
    paper.shade(XS[0], YS[0], XS[-1], YS[2], DARK)
    spans = {(0, 0): (2, 1), (0, 1): (1, 2)}
    hidden = {(1, 0): "^", (0, 2): "<"}
    expected = []
    for r in range(4):
        expected.append([hidden.get((r, c), f"n{r}{c}") for c in range(3)])
        for c in range(3):
            if (r, c) in hidden:
                continue
            down, right = spans.get((r, c), (1, 1))
            a, b, d, e = XS[c], YS[r], XS[c + right], YS[r + down]
            for x0, y0, x1, y1 in ((a, b, d, b), (a, e, d, e), (a, b, a, e), (d, b, d, e)):
                paper.rule(x0, y0, x1, y1, 2, colour)
            paper.write((a + d) / 2, (b + e) / 2, expected[r][c], "middle")
    for word in (w for line in paper.lines for w in line.words):
        box = word.polygon.box
        if box.bottom < YS[2]:  # white letters
            at = np.s_[int(box.top) - 2 : int(box.bottom) + 2, int(box.left) : int(box.right)]
            ink = paper.pixels[at].max(axis=2, keepdims=True) < 30
            paper.pixels[at] = np.where(ink, 255, paper.pixels[at])
    random = np.random.default_rng(1)
    blurred = cv2.GaussianBlur(paper.pixels, (0, 0), 0.8) + random.normal(
        0, noise, paper.pixels.shape
    )
    paper.pixels = np.clip(blurred, 0, 255).astype(np.uint8)
    return paper, expected


@pytest.mark.parametrize("noise", [0.0, 4.0])
@pytest.mark.parametrize(
    "colour",
    [(0, 0, 0), (90, 90, 90), (255, 255, 255), (30, 60, 150)],
    ids=["black", "grey", "white", "blue"],
)
def test_cells_of_a_dark_header_are_parted_by_lines_of_any_colour(
    colour: tuple[int, int, int], noise: float
) -> None:
    paper, expected = header(colour, noise)
    if colour == (255, 255, 255):  # on the paper they would not be seen
        for x in XS:
            paper.rule(x, YS[2], x, YS[-1])
        for y in YS[2:]:
            paper.rule(XS[0], y, XS[-1], y)
    assert texts(paper.table()) == expected


def test_a_dark_header_without_lines_has_none() -> None:
    paper, _ = header(DARK, 4.0)
    drawn = [r for r in paper.restored().tables for c in r.cells if c.borders.top and c.row == 1]
    assert drawn == []


def test_words_beside_dark_lines_stand_on_no_dark_ground() -> None:
    """Painted over, they take the shade of lines that touch their boxes."""
    paper = Paper()
    expected = []
    ys = [80 + 34 * i for i in range(5)]
    for r in range(4):
        expected.append([f"W{r}l{c}m" for c in range(3)])
        for c in range(3):
            paper.write((XS[c] + XS[c + 1]) / 2, (ys[r] + ys[r + 1]) / 2, expected[r][c], "middle")
    for y in ys:
        for beside in (-5, 5):
            paper.rule(XS[0], y + beside, XS[-1], y + beside, 3)
    for x in XS:
        for beside in (-4, 4):
            paper.rule(x + beside, ys[0], x + beside, ys[-1], 3)
    assert texts(paper.table()) == expected


def test_only_what_is_around_dark_grounds_is_looked_at() -> None:
    random = np.random.default_rng(3)
    page = random.integers(180, 255, (300, 400), np.uint8)
    dark = np.zeros_like(page)
    dark[40:60, 50:300], dark[150:170, 0:90] = 1, 1
    page[dark > 0] //= 4
    page[48:50, 60:280], page[150:170, 30:32] = 200, 220
    paper = float(np.percentile(page[::4, ::4], 90))
    whole = dark_grounds._relieved(page, (page, 255 - page), dark, paper, 16.0)
    light = dark_grounds.on_paper(page, lambda: (page, 255 - page), dark, 16.0)
    assert (light != page).any()
    np.testing.assert_array_equal(light, whole)


EMPTY = np.zeros((200, 400), np.uint8)


def page_with(top: int, bottom: int, level: int) -> np.ndarray:
    """White paper with one band of another shade."""
    page = np.full(EMPTY.shape, 240, np.uint8)
    page[top:bottom, 40:360] = level
    return page


def test_only_bands_that_are_dark_and_as_high_as_text_are_dark_grounds() -> None:
    found = find_dark(page_with(60, 100, 60), EMPTY, 16.0)
    assert found is not None
    assert found[80, 200] == 1
    assert found[150, 200] == 0
    assert find_dark(page_with(60, 100, 200), EMPTY, 16.0) is None, "a light shade"
    line = find_dark(page_with(60, 70, 60), EMPTY, 16.0)
    assert line is None, "a thick line"


def test_a_dark_ground_becomes_paper_and_the_line_on_it_ink() -> None:
    page = page_with(60, 100, 60)
    page[60:100, 199:201] = 100
    dark = np.asarray(page < 120, np.uint8)
    light = on_paper(page, lambda: (page,), dark, 16.0)
    assert light[80, 100] > 200, "the ground"
    assert light[80, 200] < 200, "the line"
    assert light[150, 200] == 240, "the paper"


def test_a_coloured_line_is_bright() -> None:
    pixels = np.full((4, 4, 3), 20, np.uint8)
    pixels[:, 1] = (20, 40, 200)
    assert bright_channel(pixels)[0].tolist() == [20, 200, 20, 20]
