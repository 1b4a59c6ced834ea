"""What openpyxl reads back from a workbook is what the document says."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell as ExcelCell
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

from table_restore.document import Alignment, BlockKind, Borders, Cell, Document, PageFailure, Table
from table_restore.export import render, table_sheet, xlsx
from table_restore.export.characters import xml_text
from table_restore.export.number_formats import display
from tests.factories.documents import (
    NASTY_TEXTS,
    block,
    column,
    document,
    grid,
    mixed_document,
    page,
    tables,
    texts,
)


def load(content: Document) -> Workbook:
    return load_workbook(BytesIO(render(content, "xlsx")))


def load_table(table: Table) -> Worksheet:
    return load(document(page([table])))["Table 1 (p. 1)"]


def printed(cell: ExcelCell) -> str:
    """The text that a reader can get back from a cell: as shown, or as its note says."""
    note = re.match("Printed: (.*)", cell.comment.text) if cell.comment else None
    if note:
        return note[1]
    value = cell.value
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    number = to_excel(value) if isinstance(value, datetime) else value
    return display(number, cell.number_format)


def borders(cells: list[ExcelCell]) -> Borders:
    """The drawn edges of a range of cells."""
    first, last = cells[0].border, cells[-1].border
    return Borders(
        top=first.top.style is not None,
        right=last.right.style is not None,
        bottom=last.bottom.style is not None,
        left=first.left.style is not None,
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables(texts()))
def test_any_table_reads_back(table: Table) -> None:
    sheet = load_table(table)
    merged = {(r.min_row, r.min_col, r.max_row, r.max_col) for r in sheet.merged_cells.ranges}
    assert merged == {
        (c.row + 1, c.column + 1, c.row + c.row_span, c.column + c.column_span)
        for c in table.cells
        if c.row_span > 1 or c.column_span > 1
    }
    for cell in table.cells:
        check_cell(sheet, cell)


def check_cell(sheet: Worksheet, cell: Cell) -> None:
    covered = sheet.iter_rows(
        cell.row + 1, cell.row + cell.row_span, cell.column + 1, cell.column + cell.column_span
    )
    found = [slot for row in covered for slot in row]
    assert found[0].data_type in ("s", "n", "d")
    text = xml_text(cell.text)
    assert printed(found[0]) == (text.strip() if found[0].data_type != "s" else text)
    assert borders(found) == cell.borders
    assert found[0].alignment.horizontal == cell.alignment.value
    assert bool(found[0].font.bold) == cell.header
    words = [word for line in cell.lines for word in line.words if word.text.strip()]
    if any(word.confidence < 0.5 for word in words):
        assert found[0].comment is not None
        assert "30%" in found[0].comment.text
    elif cell.shade:
        colour = found[0].fill.start_color.rgb
        levels = [int(colour[n : n + 2], 16) for n in (2, 4, 6)]
        assert all(abs(a - b) <= 4 for a, b in zip(levels, cell.shade, strict=True))


@pytest.mark.parametrize(
    ("shade", "white"), [((20, 40, 90), True), ((250, 140, 60), False), (None, False)]
)
def test_text_on_a_dark_ground_is_white(shade: tuple[int, int, int] | None, white: bool) -> None:
    sheet = load_table(grid([["Name"], ["Ulm"]], header_rows=1, shade=shade))
    colour = sheet["A1"].font.color
    assert (colour is not None and colour.rgb == "FFFFFFFF") == white
    assert sheet["A2"].font.color is None or sheet["A2"].font.color.rgb != "FFFFFFFF"


def test_text_is_never_taken_for_a_formula_or_a_link() -> None:
    # A column each, so that they do not decide over each other's numbers.
    book = load(
        document(
            page([block(BlockKind.PARAGRAPH, NASTY_TEXTS), grid([NASTY_TEXTS], header_rows=0)]),
            source="".join(NASTY_TEXTS),
        )
    )
    table = book["Table 1 (p. 1)"][1]
    running = [row[3] for row in book["Text"].iter_rows(2, len(NASTY_TEXTS) + 1)]
    for text, cell, line in zip(NASTY_TEXTS, table, running, strict=True):
        assert printed(cell) == xml_text(text)
        assert line.value == xml_text(text)
        for one in (cell, line):
            assert one.data_type != "f"
            assert one.hyperlink is None


def test_numbers_and_dates_are_typed_and_codes_are_not() -> None:
    table = grid([["Date", "Code", "Sum"], ["31.12.2021", "0042", "1.234,50 €"]])
    sheet = load_table(table)
    assert sheet["A2"].value == datetime(2021, 12, 31)
    assert sheet["B2"].value == "0042"
    assert sheet["C2"].value == 1234.5
    assert [printed(cell) for cell in sheet[2]] == ["31.12.2021", "0042", "1.234,50 €"]


def test_the_header_stays_in_view() -> None:
    assert (
        load_table(grid([["a", "b"], ["c", "d"], ["1", "2"]], header_rows=2)).freeze_panes == "A3"
    )
    assert load_table(grid([["a", "b"], ["1", "2"]], header_rows=0)).freeze_panes is None
    tall = grid([["a", "b"], ["", "1"], ["2", "3"]], spans={(0, 0): (2, 1)})
    assert load_table(tall).freeze_panes is None


def test_widths_follow_the_paper() -> None:
    sheet = load_table(grid([["a", "b", "c"]], widths=[100, 200, 400]))
    narrow, middle, wide = (sheet.column_dimensions[name].width for name in "ABC")
    assert middle / narrow == pytest.approx(2, rel=0.15)
    assert wide / middle == pytest.approx(2, rel=0.15)


def test_a_number_always_fits_its_column() -> None:
    sheet = load_table(grid([["1,234,567,890.25"]], widths=[20], header_rows=0))
    assert sheet.column_dimensions["A"].width > len("1,234,567,890.25")


def test_rows_are_high_enough_for_their_lines() -> None:
    sheet = load_table(grid([["a\nb\nc\nd"], ["e"]], row_height=20, header_rows=0))
    assert sheet.row_dimensions[1].height >= 4 * 15
    assert (sheet.row_dimensions[2].height or 15) < 2 * 15
    assert sheet["A1"].alignment.wrap_text


def test_running_text_names_its_page_and_kind() -> None:
    sheet = load(mixed_document())["Text"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == ["Page", "Block", "Kind", "Text", "Confidence"]
    assert rows[1] == [1, 1, "header", "Northwind Stationery Ltd", 0.99]
    assert [3, 1, "heading", "Kontoauszug", 0.99] in rows
    links = [row[3] for row in sheet.iter_rows() if row[3].hyperlink]
    assert [link.value for link in links] == ["Table 1 (p. 1)", "Table 2 (p. 2)", "Table 3 (p. 3)"]


def test_rows_of_running_text_are_high_enough_for_long_lines() -> None:
    sheet = load(document(page([block(BlockKind.PARAGRAPH, ["short", "a word " * 40])])))["Text"]
    assert sheet.row_dimensions[2].height in (None, 15)
    assert sheet.row_dimensions[3].height >= 3 * 15


def test_pages_that_failed_are_named() -> None:
    failure = PageFailure("a.pdf", 2, "read", "SourceError", "page 2 is damaged")
    sheet = load(replace(document(page([])), failures=(failure,)))["Text"]
    assert [cell.value for cell in sheet[2]] == [2, None, "not read", "page 2 is damaged", None]


def test_doubtful_cells_are_marked_and_listed() -> None:
    table = grid([["good", "bad"]], header_rows=0)
    doubtful = replace(table.cells[1], lines=block(BlockKind.PARAGRAPH, ["bad"], conf=0.41).lines)
    table = replace(table, cells=(table.cells[0], doubtful))
    low = block(BlockKind.PARAGRAPH, ["blurred"], conf=0.5)
    book = load(document(page([table, low], number=7)))
    assert book["Table 1 (p. 7)"]["B1"].fill.start_color.rgb == "FFFFE699"
    assert book["Table 1 (p. 7)"]["A1"].fill.fill_type is None
    rows = [[cell.value for cell in row] for row in book["Review"].iter_rows(min_row=2)]
    assert rows == [
        ["Table 1 (p. 7) B1", 7, "bad", 0.41, "bad"],
        ["Text D3", 7, "blurred", 0.5, "blurred"],
    ]
    assert book["Review"]["A2"].hyperlink.location == "'Table 1 (p. 7)'!B1"


def test_one_doubtful_word_is_enough() -> None:
    sure, unsure = block(BlockKind.PARAGRAPH, ["a line of many sure words", "x"], conf=0.4).lines
    words = (*(replace(word, confidence=1.0) for word in sure.words), unsure.words[0])
    line = replace(sure, words=words)
    book = load(document(page([replace(block(BlockKind.PARAGRAPH, ["a"]), lines=(line,))])))
    assert [cell.value for cell in book["Review"][2]][2:4] == ["x", 0.4]


def test_a_document_without_doubts_has_no_review() -> None:
    assert load(mixed_document()).sheetnames == [
        "Table 1 (p. 1)",
        "Table 2 (p. 2)",
        "Table 3 (p. 3)",
        "Text",
    ]


@pytest.mark.parametrize("content", [document(), document(page([])), document(page([], dpi=None))])
def test_a_document_without_anything_is_a_workbook(content: Document) -> None:
    book = load(content)
    assert book.sheetnames == ["Text"]
    assert book["Text"].max_row == 1


@pytest.mark.parametrize("text", ["x" * 40_000, "𝄞" * 20_000, "y" * 100_000])
def test_an_overlong_cell_is_cut_and_kept_whole_elsewhere(text: str) -> None:
    book = load(document(page([column([text])])))
    start = book["Table 1 (p. 1)"]["A1"].value
    assert len(start.encode("utf-16-le")) // 2 <= 32_767
    assert start.endswith("…")
    assert text.startswith(start[:-1])
    rows = [[cell.value for cell in row] for row in book["Long texts"].iter_rows(min_row=2)]
    assert {row[0] for row in rows} == {"Table 1 (p. 1) A1"}
    assert [row[1] for row in rows] == list(range(1, len(rows) + 1))
    assert "".join(row[2] for row in rows) == text


def test_an_overlong_doubtful_cell_is_kept_too() -> None:
    doubtful = replace(
        column(["x"]).cells[0], lines=block(BlockKind.PARAGRAPH, ["z" * 40_000], conf=0.1).lines
    )
    book = load(document(page([replace(column(["x"]), cells=(doubtful,))])))
    assert book["Review"]["A2"].value == "Table 1 (p. 1) A1"
    assert {"Table 1 (p. 1) A1", "Review E2"} <= {cell.value for cell in book["Long texts"]["A"]}


def test_a_table_of_many_columns() -> None:
    sheet = load_table(grid([[str(n) for n in range(300)]], widths=[20] * 300, header_rows=0))
    assert [cell.value for cell in sheet[1]] == list(range(300))


def test_a_table_over_the_limits_goes_on_over_more_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_sheet, "MAX_ROWS", 2)
    monkeypatch.setattr(table_sheet, "MAX_COLUMNS", 3)
    texts = [[f"r{r}c{c}" for c in range(4)] for r in range(3)]
    book = load(document(page([grid(texts, header_rows=0, spans={(1, 2): (2, 2)})])))
    names = ["Table 1 (p. 1)", *(f"Table 1 (p. 1) {n}" for n in (2, 3, 4))]
    assert book.sheetnames == names
    values = [[[cell.value for cell in row] for row in book[name].iter_rows()] for name in names]
    assert values == [
        [["r0c0", "r0c1", "r0c2"], ["r1c0", "r1c1", "r1c2"]],
        [["r0c3"], [None]],
        [["r2c0", "r2c1", None]],
        [[None]],
    ]


def test_running_text_over_the_limits_goes_on_over_more_sheets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(xlsx, "MAX_ROWS", 3)
    book = load(document(page([block(BlockKind.PARAGRAPH, list("abcde"))])))
    assert book.sheetnames == ["Text", "Text 2", "Text 3"]
    assert [[c.value for c in book[name]["D"]][1:] for name in book.sheetnames] == [
        ["a", "b"],
        ["c", "d"],
        ["e"],
    ]


UNITS = [
    s + unit for unit in ("€", "$", "£", "%", "CHF", "USD", "EUR", "kr", "DM") for s in ("", " ")
]


def test_hundreds_of_tables_and_number_formats() -> None:
    # Each column asks for a number format of its own; Excel holds some two hundred.
    sums = [column([f"1.{'5' * (n % 13 + 1)}{unit}"]) for n in range(13) for unit in UNITS]
    book = load(document(page(sums)))
    cells = [book[f"Table {n} (p. 1)"]["A1"] for n in range(1, len(sums) + 1)]
    formats = {cell.number_format for cell in cells if cell.data_type == "n"}
    assert len(sums) > 200
    assert len(formats) == 200
    assert [printed(cell) for cell in cells] == [table.cells[0].text for table in sums]


def test_sheets_have_names_that_excel_takes() -> None:
    book = load(document(page([column(["x"])], number=1_000_000)))
    assert book.sheetnames == ["Table 1 (p. 1000000)"]
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in book.sheetnames)


def test_a_table_read_sideways_keeps_its_proportions() -> None:
    upright = grid([["a", "b"]], widths=[100, 400])
    turned = replace(
        upright,
        cells=tuple(
            replace(cell, polygon=cell.polygon.map(lambda p: (1000 - p[1], p[0])))
            for cell in upright.cells
        ),
    )
    assert widths(turned) == widths(upright)


def widths(table: Table) -> list[float]:
    sheet = load_table(table)
    return [sheet.column_dimensions[name].width for name in "AB"]


def test_alignment_is_that_of_the_paper() -> None:
    texts = [["left", "center", "right"]]
    sheet = load_table(grid(texts, header_rows=0, alignments=list(Alignment)))
    assert [cell.alignment.horizontal for cell in sheet[1]] == texts[0]
