"""Between two crossings a ruling is there or not: letters neither make one up nor hide one."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from table_restore.geometry import Box
from table_restore.ruling import Ruling
from table_restore.stretches import by_stretches

EM = 16.0
LEVEL = [Ruling(True, y, 40, 360, 2) for y in (50.0, 90.0, 130.0, 170.0)]
UPRIGHT = Ruling(False, 200, 50, 170, 2)


def drawn(*rulings: Ruling) -> np.ndarray:
    sheet = np.zeros((220, 400), np.uint8)
    for r in rulings:
        b = r.box
        sheet[int(b.top) : int(b.bottom), int(b.left) : int(b.right)] = 1
    return sheet


def stretches(found: list[Ruling], horizontal: bool) -> list[tuple[float, float]]:
    return sorted((r.start, r.end) for r in found if r.horizontal == horizontal)


def test_a_stem_in_line_with_a_ruling_is_no_part_of_it() -> None:
    """In a section's heading that is centred on the line between two columns."""
    sheet = drawn(*LEVEL, replace(UPRIGHT, end=90), replace(UPRIGHT, start=130))
    sheet[102:118, 199:201] = 1  # the stem
    found = by_stretches([*LEVEL, UPRIGHT], sheet, [Box(150, 102, 250, 118)], EM)
    assert stretches(found, horizontal=False) == [(50, 90), (130, 170)]
    assert stretches(found, horizontal=True) == [(40, 360)] * 4


@pytest.mark.parametrize("there", [True, False])
def test_a_line_ends_where_nothing_is_drawn_between_two_crossings(there: bool) -> None:
    """Pieces of one line may have been joined over a low section row whose words stand aside."""
    parts = [UPRIGHT] if there else [replace(UPRIGHT, end=90), replace(UPRIGHT, start=130)]
    found = by_stretches([*LEVEL, UPRIGHT], drawn(*LEVEL, *parts), [], EM)
    assert stretches(found, horizontal=False) == [(p.start, p.end) for p in parts]


def test_a_ruling_that_touches_words_is_whole() -> None:
    words = [Box(150, 102, 250, 118), Box(202, 60, 250, 80)]
    found = by_stretches([*LEVEL, UPRIGHT], drawn(*LEVEL, UPRIGHT), words, EM)
    assert stretches(found, horizontal=False) == [(50, 170)]


@pytest.mark.parametrize("there", [True, False])
def test_a_dashed_line_goes_on_where_letters_touch_it(there: bool) -> None:
    dashed = replace(LEVEL[1], strength=0.65)
    sheet = drawn(LEVEL[0], *LEVEL[2:], UPRIGHT)
    for x in range(40, 360, 15):
        if there or x < 200:
            sheet[89:91, x : x + 10] = 1
    sheet[70:94, 230:232] = 1  # a letter's tail
    seen = replace(dashed, end=200)
    found = by_stretches([LEVEL[0], seen, *LEVEL[2:], UPRIGHT], sheet, [], EM)
    (line,) = (r for r in found if r.position == dashed.position)
    assert line.end == (360 if there else 200)


def test_a_row_of_letters_is_no_line_that_goes_on() -> None:
    sheet = drawn(*LEVEL[:1], *LEVEL[2:], UPRIGHT)
    sheet[89:91, 40:200] = 1
    for x, _ in pairwise(range(204, 360, 8)):
        sheet[82:98, x : x + 5] = 1
    seen = replace(LEVEL[1], end=200)
    found = by_stretches([LEVEL[0], seen, *LEVEL[2:], UPRIGHT], sheet, [], EM)
    assert seen in found


def test_a_ruling_ends_before_letters_that_lie_on_it_by_their_rim() -> None:
    """A thick one shows ink on either side of its middle, which the word's box may not reach."""
    thick = replace(UPRIGHT, thickness=5)
    sheet = drawn(*LEVEL, replace(thick, end=90), replace(thick, start=130))
    sheet[104:113, 198:200] = 1
    found = by_stretches([*LEVEL, thick], sheet, [Box(150, 102, 200, 118)], EM)
    assert stretches(found, horizontal=False) == [(50, 90), (130, 170)]


def test_a_ruling_ends_before_letters_that_it_seems_to_end_in() -> None:
    seen = replace(UPRIGHT, end=113)
    sheet = drawn(*LEVEL, replace(UPRIGHT, end=90))
    sheet[95:113, 199:201] = 1  # a stem, right below the line
    found = by_stretches([*LEVEL, seen], sheet, [Box(150, 95, 250, 114)], EM)
    assert stretches(found, horizontal=False) == [(50, 90)]
