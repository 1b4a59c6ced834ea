"""Tables come back exactly whatever pen their rulings are drawn with."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from paper import Paper, filled_grid, ruled_grid, texts

XS, YS = [60, 200, 330, 520], [80, 120, 165, 210, 250]


def marks(paper: Paper, mark: int, gap: int, width: int) -> None:
    """The grid in dots or dashes of so many pixels."""
    for x in XS:
        for y in range(YS[0], YS[-1], mark + gap):
            paper.rule(x, y, x, min(y + mark - 1, YS[-1]), width)
    for y in YS:
        for x in range(XS[0], XS[-1], mark + gap):
            paper.rule(x, y, min(x + mark - 1, XS[-1]), y, width)


def doubled(paper: Paper) -> None:
    for beside in (-3, 3):
        ruled_grid(paper, [x + beside for x in XS], [y + beside for y in YS], 2)


PENS: dict[str, Callable[[Paper], None]] = {
    "solid": lambda paper: ruled_grid(paper, XS, YS),
    "dashed": lambda paper: marks(paper, 10, 7, 2),
    "dotted": lambda paper: marks(paper, 3, 5, 3),
    "faint": lambda paper: ruled_grid(paper, XS, YS, colour=(200, 200, 200)),
    "coloured": lambda paper: ruled_grid(paper, XS, YS, colour=(60, 110, 220)),
    "doubled": doubled,
    "thick": lambda paper: ruled_grid(paper, XS, YS, 7),
}


@pytest.mark.parametrize(
    ("width", "colour"),
    [(1, (0, 0, 0)), (1, (215, 215, 215)), (2, (40, 90, 220)), (7, (120, 120, 120))],
    ids=["hairline", "faint", "blue", "thick grey"],
)
def test_pens(width: int, colour: tuple[int, int, int]) -> None:
    paper = Paper()
    ruled_grid(paper, XS, YS, width, colour)
    expected = filled_grid(paper, XS, YS)
    assert texts(paper.table()) == expected


@pytest.mark.parametrize("degrees", [0.0, 1.0, -1.0, 2.5, -2.5, 5.0, -5.0])
@pytest.mark.parametrize("pen", PENS)
def test_every_pen_on_a_skewed_page(pen: str, degrees: float) -> None:
    paper = Paper()
    PENS[pen](paper)
    expected = filled_grid(paper, XS, YS)
    paper.write(60, 400, "A line of running text that is long enough to see the skew in")
    assert texts(paper.turned(degrees).table()) == expected


def test_a_double_ruling_is_one() -> None:
    paper = Paper()
    ruled_grid(paper, XS, YS, width=1)
    ruled_grid(paper, [x + 5 for x in XS], [y + 5 for y in YS], width=1)
    expected = filled_grid(paper, XS, YS)
    assert texts(paper.table()) == expected


@pytest.mark.parametrize(("dash", "gap"), [(3, 5), (10, 7), (24, 14)])
def test_dots_and_dashes(dash: int, gap: int) -> None:
    paper = Paper()
    marks(paper, dash, gap, 2)
    expected = filled_grid(paper, XS, YS)
    assert texts(paper.table()) == expected


def test_noise_and_blur_do_not_turn_letters_into_rulings() -> None:
    """Blurred tops of digits touch one another, as in a 150 dpi scan saved as JPEG."""
    paper = Paper()
    ruled_grid(paper, XS, YS)
    expected = filled_grid(paper, XS, YS)
    for line in paper.lines:
        box = line.polygon.box
        paper.rule(box.left + 4, box.top + 3, box.right - 4, box.top + 3, 1, (190, 190, 190))
    noise = np.random.default_rng(3).normal(0, 6, paper.pixels.shape)
    paper.pixels = np.clip(paper.pixels + noise, 0, 255).astype(np.uint8)
    assert texts(paper.table()) == expected


def test_wide_dashes_on_a_leaning_line() -> None:
    """A camera's view leaves lines that lean a little against the text."""
    paper = Paper()
    for x in XS:
        for y in range(YS[0], YS[-1], 32):
            paper.rule(x, y, x, min(y + 15, YS[-1]), 1, (60, 60, 60))
    for y in YS:
        for x in range(XS[0], XS[-1], 32):
            lean = (x - XS[0]) * 0.02
            paper.rule(x, y + lean, min(x + 15, XS[-1]), y + lean, 3, (60, 60, 60))
    expected = filled_grid(paper, XS, YS)
    assert texts(paper.table()) == expected
