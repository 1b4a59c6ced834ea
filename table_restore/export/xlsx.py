"""Excel: a sheet a table, a sheet of running text, and a sheet of what to check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import ceil
from pathlib import PurePath
from typing import TypeVar

from xlsxwriter.utility import xl_rowcol_to_cell

from table_restore.document import Document, Line, Page, Table
from table_restore.export.characters import display_width
from table_restore.export.doubts import Doubt, doubtful_word
from table_restore.export.snippets import Snippet, Snippets
from table_restore.export.table_sheet import DOUBTFUL_COLOUR, write_table
from table_restore.export.values import typed_values
from table_restore.export.workbook import MAX_CHARACTERS, MAX_ROWS, Book, Sheet, chunks

_TEXT_COLUMNS = (("Page", 7), ("Block", 8), ("Kind", 14), ("Text", 100), ("Confidence", 12))
_REVIEW_COLUMNS = (
    ("Cell", 24), ("Page", 7), ("Least certain", 24), ("Confidence", 12), ("Picture", 52),
    ("Text", 80),
)  # fmt: skip
_LONG_TEXT_COLUMNS = (("Cell", 24), ("Part", 7), ("Text", 120))

# In pixels on the screen; the column of pictures is a little wider.
_PICTURE_WIDTH, _PICTURE_HEIGHT, _PICTURE_MARGIN = 360, 120, 3
_LINE = 15.0  # points
_HIGHEST_ROW = 409.0  # in points; Excel's limit

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class _TextRow:
    """A row of the text sheet: a line of text, or a place that a table has in the order."""

    page: int | None
    block: int | None
    kind: str
    text: str
    line: Line | None = None
    is_link: bool = False


def render_xlsx(document: Document, snippets: Snippets | None = None) -> bytes:
    """The document as a workbook; the same document always gives the same bytes.

    `snippets` are pictures of what its review lists, as `cut_snippets` cuts them.
    """
    book = Book(PurePath(document.source).name)
    tables = [(page, table) for page in document.pages for table in page.tables]
    names = [_sheet_name(n, page, table) for n, (page, table) in enumerate(tables, start=1)]
    values = typed_values([table for _, table in tables])
    doubts: list[Doubt] = []
    for name, (page, table), typed in zip(names, tables, values, strict=True):
        doubts += write_table(book, name, table, typed, page.number)
    rows = list(_text_rows(document, names))
    if not tables or any(not row.is_link for row in rows):
        doubts += _write_text(book, rows)
    if doubts:
        _write_review(book, doubts, snippets or {})
    if book.long_texts:
        _write_long_texts(book)
    return book.close()


def _sheet_name(number: int, page: Page, table: Table) -> str:
    last = max(cell.page or page.number for cell in table.cells)
    pages = f"{page.number}" if last == page.number else f"{page.number}-{last}"
    return f"Table {number} (p. {pages})"


def _text_rows(document: Document, table_names: Sequence[str]) -> Iterator[_TextRow]:
    names = iter(table_names)
    for page in document.pages:
        yield from _page_rows(page, names)
    for failure in document.failures:
        yield _TextRow(failure.page, None, "not read", failure.message)


def _page_rows(page: Page, names: Iterator[str]) -> Iterator[_TextRow]:
    for block, item in enumerate(page.items, start=1):
        if isinstance(item, Table):
            yield _TextRow(page.number, block, "table", next(names), is_link=True)
        else:
            kind = item.kind.value.replace("_", " ")
            for line in item.lines:
                yield _TextRow(page.number, block, kind, line.text, line)


def _write_text(book: Book, rows: Sequence[_TextRow]) -> list[Doubt]:
    """Write the running text; the lines to look at again."""
    doubts = []
    for sheet, part in _listing(book, "Text", _TEXT_COLUMNS, rows):
        for number, row in enumerate(part, start=1):
            _write_text_row(book, sheet, number, row)
            if row.line and row.page and (word := doubtful_word([row.line])):
                place, outline = xl_rowcol_to_cell(number, 3), row.line.polygon
                doubts.append(Doubt(sheet.name, place, row.page, row.text, word, outline))
    return doubts


def _write_text_row(book: Book, sheet: Sheet, number: int, row: _TextRow) -> None:
    top = book.style(valign="top")
    if row.page is not None:
        sheet.write_number(number, 0, row.page, top)
    if row.block is not None:
        sheet.write_number(number, 1, row.block, top)
    sheet.write_text(number, 2, row.kind, top)
    if row.is_link:
        sheet.write_link(number, 3, row.text)
        return
    look = {"text_wrap": True, "valign": "top"}
    if row.line and doubtful_word([row.line]):
        look["bg_color"] = DOUBTFUL_COLOUR
    height = _text_height(row.text, _TEXT_COLUMNS[3][1])
    if height > _LINE:  # rows of wrapped text get their height in Excel only, not in LibreOffice
        sheet.raw.set_row(number, height)
    sheet.write_text(number, 3, row.text, book.style(**look))
    if row.line:
        confidence = round(row.line.confidence, 4)
        sheet.write_number(number, 4, confidence, book.style(num_format="0%", valign="top"))


def _write_review(book: Book, doubts: Sequence[Doubt], snippets: Snippets) -> None:
    """List what to look at again, with its picture where there is one."""
    wrap = book.style(text_wrap=True, valign="vcenter")
    page = book.style(align="center", valign="vcenter")
    percent = book.style(num_format="0%", align="center", valign="vcenter")
    link = book.style(valign="vcenter", font_color="#0563C1", underline=1)
    columns = [c for c in _REVIEW_COLUMNS if snippets or c[0] != "Picture"]
    text_column = len(columns) - 1
    for sheet, part in _listing(book, "Review", columns, doubts):
        sheet.raw.set_landscape()
        for number, doubt in enumerate(part, start=1):
            snippet = snippets.get((doubt.page, doubt.outline))
            if snippet:
                sheet.raw.set_row(number, _review_height(doubt, snippet))
            sheet.write_link(number, 0, doubt.sheet, doubt.place, link)
            sheet.write_number(number, 1, doubt.page, page)
            sheet.write_text(number, 2, doubt.word.text, wrap)
            sheet.write_number(number, 3, round(doubt.word.confidence, 4), percent)
            sheet.write_text(number, text_column, doubt.text, wrap)
            if snippet:
                name = f"The scan of {doubt.sheet} {doubt.place}"
                scale = _scale(snippet)
                sheet.picture(number, 4, snippet.png, scale, margin=_PICTURE_MARGIN, name=name)


def _scale(snippet: Snippet) -> float:
    return min(1.0, _PICTURE_WIDTH / snippet.width, _PICTURE_HEIGHT / snippet.height)


def _review_height(doubt: Doubt, snippet: Snippet) -> float:
    """The height in points of a row that shows its picture and all lines of its text."""
    picture = snippet.height * _scale(snippet) + 2 * _PICTURE_MARGIN
    return min(max(picture * 0.75, _text_height(doubt.text, _REVIEW_COLUMNS[-1][1])), _HIGHEST_ROW)


def _text_height(text: str, width: int) -> float:
    """The height in points of a row that shows all of a text wrapped to so many characters."""
    lines = sum(max(1, ceil(1.1 * display_width(one) / width)) for one in text.split("\n"))
    return min(lines * _LINE, _HIGHEST_ROW)


def _write_long_texts(book: Book) -> None:
    """The full texts of cells that had to be cut, in parts that Excel can hold."""
    parts = [
        (long.sheet, long.cell, number, part)
        for long in book.long_texts
        for number, part in enumerate(chunks(long.text, MAX_CHARACTERS), start=1)
    ]
    wrap = book.style(text_wrap=True, valign="top")
    for sheet, rows in _listing(book, "Long texts", _LONG_TEXT_COLUMNS, parts):
        for row, (name, cell, number, part) in enumerate(rows, start=1):
            sheet.write_link(row, 0, name, cell)
            sheet.write_number(row, 1, number)
            sheet.write_text(row, 2, part, wrap)


def _listing(
    book: Book, name: str, columns: Sequence[tuple[str, int]], rows: Iterable[_Row]
) -> Iterator[tuple[Sheet, list[_Row]]]:
    """Sheets with a frozen heading for the rows, as many as Excel's limit asks for."""
    remaining = iter(rows)
    number = 1
    part = list(islice(remaining, MAX_ROWS - 1))
    while part or number == 1:
        sheet = book.sheet(name if number == 1 else f"{name} {number}")
        for column, (heading, width) in enumerate(columns):
            sheet.raw.set_column(column, column, width)
            sheet.write_text(0, column, heading, book.style(bold=True, bottom=1))
        sheet.raw.freeze_panes(1, 0)
        sheet.raw.repeat_rows(0)
        sheet.raw.fit_to_pages(1, 0)
        sheet.raw.autofilter(0, 0, len(part), len(columns) - 1)
        yield sheet, part
        number += 1
        part = list(islice(remaining, MAX_ROWS - 1))
