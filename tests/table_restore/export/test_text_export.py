from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from table_restore.document import BlockKind, Document, Table
from table_restore.export import render
from table_restore.export.characters import one_line
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
    assert text_of(document(first, second)) == "Title\n\none two\nthree\n\na\t\nc d\te\n\ffour\n"


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
    assert len(rows) == table.rows
    assert all(len(row) == table.columns for row in rows)
    for cell in table.cells:
        assert rows[cell.row][cell.column] == one_line(cell.text)
        rows[cell.row][cell.column] = ""
    assert all(text == "" for row in rows for text in row)
