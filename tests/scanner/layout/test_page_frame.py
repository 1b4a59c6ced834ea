"""Lines in the frame in which a page's text runs level."""

from __future__ import annotations

import pytest

from scanner.layout.page_frame import find_frame, has_cjk, is_vertical, join, place, take_apart
from table_restore.document import Line, Word
from table_restore.geometry import Polygon
from tests.scanner.layout_pages import HEIGHT, WIDTH, line

PAGE = [line("one line of words", 100, 100), line("another line below", 100, 130)]


def downwards(text: str, x: float, y: float) -> Line:
    """A line that runs down, its text beginning at its top."""
    points = ((x + 20, y), (x + 20, y + 200), (x, y + 200), (x, y))
    return Line((Word(text, Polygon(points), 0.9),), Polygon(points))


def test_a_level_page_is_its_own_frame() -> None:
    frame = find_frame(PAGE, WIDTH, HEIGHT)
    box = frame.box(PAGE[0].polygon)
    assert (box.left, box.top) == pytest.approx((100, 100))
    assert not place(frame, PAGE[0]).across
    assert place(frame, downwards("stamp", 600, 300)).across


def test_a_page_of_vertical_writing_is_turned() -> None:
    lines = [downwards("東京都港区", 600, 100), downwards("芝公園四丁", 560, 100)]
    frame = find_frame(lines, WIDTH, HEIGHT)
    assert frame.quarter
    first, second = (place(frame, each) for each in lines)
    assert first.box.width > first.box.height
    assert first.box.top < second.box.top
    back = frame.polygon(first.box).box
    assert (back.left, back.top, back.right, back.bottom) == pytest.approx((600, 100, 620, 300))


def test_a_line_is_taken_apart_at_wide_blanks_and_joined_again() -> None:
    frame = find_frame(PAGE, WIDTH, HEIGHT)
    whole = place(frame, line("left cell      right cell", 100, 200))
    parts = take_apart(whole, frame, 40)
    assert [part.text for part in parts] == ["left cell", "right cell"]
    assert join(frame, parts).content is whole.content
    assert take_apart(whole, frame, 400) == [whole]


def test_directions_and_scripts() -> None:
    assert is_vertical(downwards("x", 0, 0))
    assert not is_vertical(PAGE[0])
    assert has_cjk("第12頁")
    assert not has_cjk("page 12")
    assert not has_cjk("")
