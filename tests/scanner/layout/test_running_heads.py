"""Running heads and page numbers stand apart at a page's ends."""

from __future__ import annotations

import pytest

from scanner.layout.page_frame import Piece, row_of
from scanner.layout.running_heads import RunningHeads, find_running_heads
from table_restore.document import BlockKind, Cell, Line, Table
from table_restore.geometry import Box
from tests.scanner.layout_pages import HEIGHT, SIZE, WIDTH, column_of_text, line

BODY = column_of_text(1, 100, 200, 1000, 38)


def heads_of(*lines: Line) -> RunningHeads:
    rows = [row_of([Piece(each.polygon.box, each)]) for each in (*lines, *BODY)]
    return find_running_heads(rows, SIZE, Box(0, 0, WIDTH, HEIGHT))


def kinds(found: tuple[tuple[Piece, BlockKind], ...]) -> list[tuple[str, BlockKind]]:
    return [(piece.text, kind) for piece, kind in found]


def test_a_head_and_its_page_number_from_left_to_right() -> None:
    found = heads_of(line("117", 1000, 60), line("Of Clocks", 100, 60))
    assert kinds(found.above) == [
        ("Of Clocks", BlockKind.HEADER),
        ("117", BlockKind.PAGE_NUMBER),
    ]
    assert found.below == ()


@pytest.mark.parametrize("text", ["12", "- 12 -", "Page 3 of 9", "xiv", "A-7", "Seite 4"])
def test_page_numbers(text: str) -> None:
    assert kinds(heads_of(line(text, 560, 1520)).below) == [(text, BlockKind.PAGE_NUMBER)]


def test_what_is_large_or_close_or_a_letterhead_is_no_running_head() -> None:
    assert heads_of(line("DRAFT", 100, 40, 2 * SIZE)).above == ()
    assert heads_of(line("Of Clocks", 100, 170)).above == ()
    assert heads_of(line("Joiners Ltd", 100, 50, 36), line("4 Lark Road", 100, 92)).above == ()


def test_a_page_number_below_a_table_that_fills_the_page() -> None:
    outline = Box(100, 150, 1100, 1300).polygon()
    table = Table(1, 1, (Cell(0, 0, outline),), outline)
    head, number = line("Of Clocks", 100, 60), line("2", 600, 1520)
    rows = [row_of([Piece(content.polygon.box, content)]) for content in (head, table, number)]
    found = find_running_heads(rows, SIZE, Box(0, 0, WIDTH, HEIGHT))
    assert kinds(found.below) == [("2", BlockKind.PAGE_NUMBER)]


@pytest.mark.parametrize(("top", "parted"), [(120, False), (60, True)])
def test_a_head_stands_further_off_than_paragraphs_from_each_other(top: int, parted: bool) -> None:
    paragraphs = [each for k in range(4) for each in column_of_text(k, 100, 200 + 230 * k, 1000, 6)]
    rows = [row_of([Piece(x.polygon.box, x)]) for x in (line("of ours", 100, top), *paragraphs)]
    found = find_running_heads(rows, SIZE, Box(0, 0, WIDTH, HEIGHT))
    assert kinds(found.above) == ([("of ours", BlockKind.HEADER)] if parted else [])
