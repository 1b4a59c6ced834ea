"""Tick boxes drawn on small pages, found and put into the lines that they stand in."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from scanner.checkboxes import EMPTY, TICKED, find_boxes, with_tick_boxes
from scanner.host_plate import HostPicture
from table_restore.document import Character, Line, Word
from table_restore.geometry import Box

Page = npt.NDArray[np.uint8]
SIZE = 30.0


def blank() -> Page:
    return np.full((400, 800), 250, np.uint8)


def draw_box(page: Page, left: int, top: int, side: int = 28, pen: int = 2) -> Box:
    cv2.rectangle(page, (left, top), (left + side, top + side), 20, pen)
    return Box(left, top, left + side, top + side)


def cross(page: Page, box: Box, reach: int = 0) -> None:
    left, top, right, bottom = (int(v) for v in (box.left, box.top, box.right, box.bottom))
    cv2.line(page, (left, top), (right + reach, bottom + reach), 20, 2)
    cv2.line(page, (left, bottom), (right + reach, top - reach), 20, 2)


def line(text: str, left: float, top: float, height: float = SIZE) -> Line:
    """A line of words whose characters are all half as wide as high."""
    words, at = [], left
    for word in text.split(" "):
        characters = []
        for letter in word:
            place = Box(at, top, at + height / 2, top + height).polygon()
            characters.append(Character(letter, place, 0.9))
            at += height / 2
        outline = Box.around(c.polygon.box for c in characters).polygon()
        words.append(Word(word, outline, 0.9, tuple(characters)))
        at += height / 2
    return Line(tuple(words), Box.around(w.polygon.box for w in words).polygon())


def texts(lines: list[Line]) -> list[str]:
    return [each.text for each in lines]


@pytest.mark.parametrize("side", [24, 28, 36, 48])
@pytest.mark.parametrize("pen", [1, 2, 3])
def test_squares_are_found_where_they_are(side: int, pen: int) -> None:
    page = blank()
    drawn = draw_box(page, 100, 150, side, pen)
    (found,) = find_boxes(page, SIZE)
    assert not found.ticked
    edges = ("left", "top", "right", "bottom")
    assert all(abs(getattr(found.box, e) - getattr(drawn, e)) <= pen + 1 for e in edges)


@pytest.mark.parametrize("reach", [0, 6])
def test_a_cross_ticks_a_box_though_it_reaches_out(reach: int) -> None:
    page = blank()
    cross(page, draw_box(page, 100, 150, 34), reach)
    assert [found.ticked for found in find_boxes(page, SIZE)] == [True]


def test_a_box_of_a_large_scan_is_found_at_its_place() -> None:
    page = np.full((1600, 1600, 3), 250, np.uint8)
    cv2.rectangle(page, (700, 800), (800, 900), (30, 30, 120), 6)
    (found,) = find_boxes(page, 100.0)
    assert abs(found.box.left - 697) <= 6
    assert abs(found.box.bottom - 903) <= 6


@pytest.mark.parametrize("letter", "ODBQo08HUENM#@")
@pytest.mark.parametrize("pen", [2, 5])
def test_letters_are_no_boxes(letter: str, pen: int) -> None:
    page = blank()
    cv2.putText(page, letter, (100, 200), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 20, pen, cv2.LINE_AA)
    assert find_boxes(page, SIZE) == []


def test_bullets_cells_and_large_frames_are_no_boxes() -> None:
    page = blank()
    cv2.rectangle(page, (50, 50), (78, 78), 20, cv2.FILLED)
    draw_box(page, 150, 50, 120)
    for column in range(5):
        draw_box(page, 300 + 28 * column, 50)
    assert find_boxes(page, SIZE) == []


def test_a_box_comes_before_the_line_at_its_right() -> None:
    page = blank()
    draw_box(page, 60, 100)
    read = with_tick_boxes(HostPicture(page), [line("employee", 110, 100), line("agent", 110, 160)])
    assert texts(read) == [f"{EMPTY} employee", "agent"]
    assert read[0].polygon.box.left <= 62


def test_boxes_after_their_words_stand_between_them() -> None:
    page = blank()
    draw_box(page, 160, 100)
    cross(page, draw_box(page, 300, 100))
    read = with_tick_boxes(HostPicture(page), [line("Yes", 100, 100), line("No", 250, 100)])
    assert texts(read) == [f"Yes {EMPTY}", f"No {TICKED}"]


@pytest.mark.parametrize("misread", ["口", "X", "O", "□"])
def test_what_was_misread_in_its_place_goes(misread: str) -> None:
    page = blank()
    cross(page, draw_box(page, 100, 100))
    read = with_tick_boxes(HostPicture(page), [line(f"{misread} part time", 105, 100)])
    assert texts(read) == [f"{TICKED} part time"]


def test_a_framed_letter_stays_a_letter() -> None:
    page = blank()
    draw_box(page, 100, 100)
    lines = [line("A part", 106, 100)]
    assert with_tick_boxes(HostPicture(page), lines) == lines


def test_boxes_far_from_any_text_need_a_twin() -> None:
    page = blank()
    draw_box(page, 500, 300)
    lines = [line("Remarks", 60, 40)]
    assert with_tick_boxes(HostPicture(page), lines) == lines
    draw_box(page, 700, 300)
    assert texts(with_tick_boxes(HostPicture(page), lines)) == ["Remarks", EMPTY, EMPTY]


def test_a_page_without_text_has_no_boxes() -> None:
    page = blank()
    draw_box(page, 100, 100)
    draw_box(page, 200, 100)
    assert with_tick_boxes(HostPicture(page), []) == []
