"""White strips between pieces of text."""

from __future__ import annotations

from scanner.layout.whitespace import white_strips
from table_restore.geometry import Box


def columns(*spans: tuple[float, float], rows: int = 5) -> list[Box]:
    return [Box(left, 30 * i, right, 30 * i + 20) for left, right in spans for i in range(rows)]


def test_a_strip_between_two_columns() -> None:
    (strip,) = white_strips(columns((0, 400), (440, 800)), least=16, height=20)
    assert 400 - 4 <= strip.left <= 400
    assert 440 <= strip.right <= 444
    assert strip.height > 100


def test_a_narrow_gap_is_no_strip() -> None:
    assert white_strips(columns((0, 400), (410, 800)), least=16, height=20) == []


def test_a_line_across_ends_a_strip() -> None:
    boxes = [*columns((0, 400), (440, 800)), Box(0, 150, 800, 170), *columns((0, 300))]
    assert all(strip.bottom <= 155 for strip in white_strips(boxes, least=16, height=20))


def test_the_tallest_strip_comes_first() -> None:
    boxes = [*columns((0, 200), (240, 400)), *columns((440, 600), rows=2)]
    heights = [strip.height for strip in white_strips(boxes, least=16, height=20)]
    assert heights == sorted(heights, reverse=True)
    assert len(heights) >= 2


def test_margins_and_empty_pages_have_no_strips() -> None:
    assert white_strips([], least=16, height=20) == []
    assert white_strips(columns((100, 400)), least=16, height=20) == []
