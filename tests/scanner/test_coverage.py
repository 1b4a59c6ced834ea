"""Ink beyond the ends of lines is taken in; rows that no line covers are found."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scanner import coverage
from scanner.coverage import Ink, covered, extend_to_ink, find_ink, join_fragments, overlooked
from table_restore.geometry import Polygon


def page_of(*boxes: tuple[int, int, int, int]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    page = np.full((600, 800, 3), 255, dtype=np.uint8)
    for left, top, right, bottom in boxes:
        page[top:bottom, left:right] = 0
    return page


def quad(left: float, top: float, right: float, bottom: float) -> Polygon:
    return Polygon(((left, top), (right, top), (right, bottom), (left, bottom)))


LETTERS = [(100 + 20 * i, 100, 112 + 20 * i, 120) for i in range(10)]


def test_letter_height_is_the_median() -> None:
    height = find_ink(page_of(*LETTERS, (500, 300, 560, 380))).letter_height()
    assert height == 20


def test_an_empty_page_has_no_letters() -> None:
    assert find_ink(page_of()).letter_height() is None


def test_a_hyphen_beyond_the_end_is_taken_in() -> None:
    ink = find_ink(page_of(*LETTERS, (302, 109, 312, 112)))
    (line,) = extend_to_ink([quad(95, 92, 297, 128)], ink)
    assert line.box.right >= 312
    assert (line.box.left, line.box.top, line.box.bottom) == (95, 92, 128)


def test_ink_far_away_or_of_other_lines_is_not() -> None:
    ink = find_ink(page_of(*LETTERS, (340, 100, 352, 120), (302, 140, 312, 150)))
    line = quad(95, 92, 297, 128)
    assert extend_to_ink([line], ink) == [line]
    neighbour = quad(298, 92, 400, 128)
    assert extend_to_ink([line, neighbour], ink)[0] == line


def test_covered_ink_has_its_middle_inside() -> None:
    ink = find_ink(page_of((100, 100, 120, 120), (300, 300, 320, 320)))
    inside = covered([np.array([(90, 90), (130, 90), (130, 130), (90, 130)], dtype=float)], ink)
    assert inside.sum() == 1


def test_a_row_without_a_line_is_overlooked_and_specks_are_not() -> None:
    small = [(100 + 10 * i, 400, 106 + 10 * i, 409) for i in range(12)]
    specks = [(600, 100, 602, 102), (650, 300, 652, 302), (700, 500, 702, 502)]
    ink = find_ink(page_of(*LETTERS, *small, *specks))
    known = [np.array(quad(90, 90, 310, 130).points)]
    ((region, letter),) = overlooked(known, ink)
    assert letter == 9
    assert region.left < 100
    assert region.right > 216
    assert region.top < 400 < 409 < region.bottom


def test_regions_of_one_word_are_joined() -> None:
    assert join_fragments([quad(180, 101, 300, 131), quad(100, 100, 190, 130)]) == [
        Polygon(((100, 100), (300, 101), (300, 131), (100, 130)))
    ]


def test_regions_of_other_words_lines_and_sizes_stay() -> None:
    apart = [quad(100, 100, 190, 130), quad(200, 100, 300, 130)]
    below = [quad(100, 100, 190, 130), quad(180, 112, 300, 142)]
    larger = [quad(100, 100, 190, 130), quad(180, 90, 300, 140)]
    inside = [quad(100, 100, 190, 130), quad(165, 100, 185, 130)]
    for lines in (apart, below, larger, inside):
        assert join_fragments(lines) == lines


def test_a_line_that_runs_downwards_is_extended_downwards() -> None:
    letters = [(100, 100 + 20 * i, 120, 112 + 20 * i) for i in range(10)]
    ink = find_ink(page_of(*letters, (108, 302, 112, 312), (180, 200, 200, 212)))
    (line,) = extend_to_ink([quad(92, 95, 128, 297)], ink)
    assert line.box.bottom >= 312
    assert (line.box.left, line.box.top, line.box.right) == (92, 95, 128)
    assert line.points[0] == (92, 95)


def test_overlooked_rows_near_one_another_are_one_region() -> None:
    rows = [(100 + 10 * i, y, 106 + 10 * i, y + 9) for y in (400, 430) for i in range(12)]
    ((region, _),) = overlooked([], find_ink(page_of(*rows)))
    assert region.top < 400
    assert region.bottom > 439


@given(
    corners=st.lists(st.floats(-50, 50), min_size=8, max_size=8),
    seed=st.integers(0, 2**31),
)
def test_ink_is_covered_wherever_a_quadrilateral_lies(corners: list[float], seed: int) -> None:
    """Only pieces in its rows are looked at, and none that it covers is elsewhere."""
    quad = np.array(corners).reshape(4, 2)
    middles = np.random.default_rng(seed).uniform(-80, 80, (60, 2))
    ink = Ink(np.concatenate([middles - 1, middles + 1], axis=1))
    along, across, length, height = coverage._frame(quad, ink.centers)
    expected = (along >= 0) & (along <= length) & (across >= 0) & (across <= height)
    assert np.array_equal(covered([quad], ink), expected)
