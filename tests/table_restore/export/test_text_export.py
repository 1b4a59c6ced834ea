from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from table_restore.document import Block, BlockKind, Cell, Document, Line, Table, Word
from table_restore.export import render
from table_restore.export.characters import one_line
from table_restore.geometry import Box, Polygon
from table_restore.upright import Upright
from tests.factories.documents import block, column, document, grid, page, tables, texts


def text_of(content: Document) -> str:
    return render(content, "txt").decode("utf-8")


def test_lines_blocks_tables_and_pages() -> None:
    first = page(
        [
            block(BlockKind.HEADING, ["Title"]),
            block(BlockKind.PARAGRAPH, ["one two", "three"]),
            grid([["a", "b"], ["c\nd", "e"]], spans={(0, 0): (1, 2)}),
        ]
    )
    second = page([block(BlockKind.PARAGRAPH, ["four"])], 2)
    assert text_of(document(first, second)) == "Title\n\none two\nthree\n\na\t\nc\te\nd\t\n\ffour\n"


def test_texts_beside_one_another_are_one_line() -> None:
    left, below = block(BlockKind.PARAGRAPH, ["Total", "Paid"]).lines
    (right,) = block(BlockKind.PARAGRAPH, ["47.00"], 600).lines
    row = Block(BlockKind.PARAGRAPH, (left, right, below), left.polygon)
    assert text_of(document(page([row]))) == "Total\t47.00\nPaid\n"


def test_blank_pages_keep_their_place() -> None:
    assert text_of(document(page([]), page([column(["x"])], 2), page([], 3))) == "\fx\n\f"
    assert text_of(document()) == ""


def test_marks_of_the_format_in_the_text_cannot_be_taken_for_it() -> None:
    nasty = page([block(BlockKind.PARAGRAPH, ["a\fb\tc\nd\r\x0be"]), column(["f\tg\fh"])])
    assert text_of(document(nasty)) == "a b c d e\n\nf g h\n"


def test_what_utf8_cannot_hold_is_replaced() -> None:
    assert text_of(document(page([block(BlockKind.PARAGRAPH, ["\ud800"])]))) == "\ufffd\n"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables(texts()))
def test_any_table_reads_back(table: Table) -> None:
    rows = [row.split("\t") for row in text_of(document(page([table])))[:-1].split("\n")]
    assert all(len(row) == table.columns for row in rows)
    for number in range(table.columns):
        cells = sorted((c for c in table.cells if c.column == number), key=lambda c: c.row)
        expected = " ".join(one_line(line.text) for cell in cells for line in cell.lines)
        read = " ".join(row[number] for row in rows)
        assert read.split() == expected.split()


def test_wrapped_cells_stay_beside_one_another_on_a_skewed_scan() -> None:
    def line(text: str, x: float, y: float) -> Line:
        box = Box(x, y + 0.04 * x, x + 100, y + 0.04 * x + 20).polygon()
        return Line((Word(text, box, 0.9),), box)

    outline = Polygon(((0, 0), (1000, 40), (1000, 140), (0, 100)))
    cells = (
        Cell(0, 0, outline, (line("wrapped", 10, 10), line("label", 10, 40))),
        Cell(0, 1, outline, (line("1.50", 800, 11),)),
        Cell(0, 2, outline, (line("2.50", 900, 41),)),
    )
    table = Table(1, 3, cells, outline)
    assert text_of(document(page([table]))) == "wrapped\t1.50\t\nlabel\t\t2.50\n"


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_table_on_its_side_is_written_as_its_reader_sees_it(turns: int) -> None:
    table = grid([["Name", "Count"], ["Ulm\non the Danube", "5"], ["Larchmere", "12"]])
    upright = Upright(1654, 2339, turns=turns)
    cells = tuple(
        replace(
            cell,
            polygon=cell.polygon.map(upright.back),
            lines=tuple(line.map(upright.back) for line in cell.lines),
        )
        for cell in table.cells
    )
    turned = replace(table, cells=cells, polygon=table.polygon.map(upright.back))
    level, lying = (render(document(page([one])), "txt") for one in (table, turned))
    assert lying == level
    assert level.decode().split("\n")[-2:] == ["Larchmere\t12", ""]
