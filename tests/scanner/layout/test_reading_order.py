"""Rows are read column by column where gutters run, else from top to bottom."""

from __future__ import annotations

from scanner.layout.page_frame import Piece, Row, row_of
from scanner.layout.reading_order import order_rows
from table_restore.geometry import Box
from tests.scanner.layout_pages import line


def row(text: str, x: float, y: float, size: float = 20) -> Row:
    content = line(text, x, y, size)
    return row_of([Piece(content.polygon.box, content)])


def read(rows: list[Row], gutters: list[Box]) -> list[list[str]]:
    return [[each.text for each in region] for region in order_rows(rows, gutters)]


TITLE = row("one title across it all", 0, 0)
LEFT = [row(f"left {i}", 0, 60 + 30 * i) for i in range(3)]
RIGHT = [row(f"right {i}", 300, 60 + 30 * i) for i in range(3)]
FOOT = row("one line below it all", 0, 200)
GUTTER = Box(120, 60, 290, 140)


def test_nothing_and_one_row() -> None:
    assert read([], []) == []
    assert read([TITLE], [GUTTER]) == [["one title across it all"]]


def test_rows_without_a_gutter_are_one_region_from_top_to_bottom() -> None:
    assert read([*RIGHT[::-1], TITLE], []) == [
        ["one title across it all", "right 0", "right 1", "right 2"]
    ]


def test_columns_are_read_one_after_the_other_between_what_crosses_them() -> None:
    assert read([FOOT, *RIGHT, *LEFT, TITLE], [GUTTER]) == [
        ["one title across it all"],
        ["left 0", "left 1", "left 2"],
        ["right 0", "right 1", "right 2"],
        ["one line below it all"],
    ]


def test_a_large_initial_comes_before_the_first_line_beside_it() -> None:
    initial = row("T", 0, 55, 62)
    lines = [row("his is how", 60, 60), row("it began", 60, 90)]
    assert read([*lines, initial], []) == [["T", "his is how", "it began"]]
