"""One table on one sheet of a workbook, as it looks on paper."""

from __future__ import annotations

from math import ceil
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from table_restore.document import Cell, Table
from table_restore.export.characters import display_width
from table_restore.export.doubts import Doubt, doubtful_word
from table_restore.export.measures import (
    character_width,
    column_widths,
    extent,
    header_columns,
    header_rows,
    line_height,
    row_heights,
)
from table_restore.export.values import Position, TypedValue
from table_restore.export.windows import Piece, Window, windows
from table_restore.export.workbook import MAX_COLUMNS, MAX_ROWS, Book, Sheet

DOUBTFUL_COLOUR = "#FFE699"

_THIN = 1
_NARROWEST, _WIDEST = 3.0, 80.0  # in characters
_LINE_POINTS = 15.0  # a row of one line in Excel's default font
_HIGHEST = 409.0  # in points; Excel's limit
_ROOM = 2.5  # a cell less than so many lines high leaves its text nowhere else to stand
_INK_POINTS = 9.5  # what the ink of a line measures in that font
_MOST_FROZEN_ROWS, _MOST_FROZEN_COLUMNS = 10, 3
_DARK = 110  # of 255; on darker grounds text is white (Word does that by itself)
_SHADE_STEP = 8  # of 255; so that measured shades do not make a cell format each


def write_table(
    book: Book, name: str, table: Table, values: dict[Position, TypedValue], page: int
) -> list[Doubt]:
    """Write the table on a sheet of that name; the cells to look at again.

    A table over Excel's limits goes on over several sheets.
    """
    doubts = []
    for count, window in enumerate(windows(table, MAX_ROWS, MAX_COLUMNS), start=1):
        sheet = book.sheet(name if count == 1 else f"{name} {count}")
        _set_sizes(sheet, table, window, values)
        _freeze(sheet, table, window)
        for piece in window.pieces:
            _write_piece(book, sheet, piece, values.get((piece.cell.row, piece.cell.column)))
            if piece.first and (word := doubtful_word(piece.cell.lines)):
                place = xl_rowcol_to_cell(piece.row, piece.column)
                cell = piece.cell
                number = cell.page or page
                doubts.append(Doubt(sheet.name, place, number, cell.text, word, cell.polygon))
    return doubts


def _write_piece(book: Book, sheet: Sheet, piece: Piece, value: TypedValue | None) -> None:
    cell, row, column = piece.cell, piece.row, piece.column
    if value and not book.accepts_number_format(value.number_format):
        value = None
    style = book.style(**_properties(piece, value))
    if piece.row_span > 1 or piece.column_span > 1:
        last_row, last_column = row + piece.row_span - 1, column + piece.column_span - 1
        sheet.raw.merge_range(row, column, last_row, last_column, "", style)
    if not piece.first or not cell.lines:
        sheet.raw.write_blank(row, column, None, style)
    elif value:
        sheet.write_number(row, column, value.value, style)
    else:
        sheet.write_text(row, column, cell.text, style)
    if piece.first and (note := _note(cell, value)):
        sheet.note(row, column, note)


def _properties(piece: Piece, value: TypedValue | None) -> dict[str, Any]:
    """The cell's look as XlsxWriter's format properties."""
    cell = piece.cell
    properties: dict[str, Any] = {"align": cell.alignment.value, "valign": _vertical(cell)}
    if value:
        properties["num_format"] = value.number_format
    else:
        properties["text_wrap"] = True
    if cell.header:
        properties["bold"] = True
    if doubtful_word(cell.lines):
        properties["bg_color"] = DOUBTFUL_COLOUR
    elif cell.shade:
        properties["bg_color"] = _colour(cell.shade)
        if _luminance(cell.shade) < _DARK:
            properties["font_color"] = "#FFFFFF"
    # A cell cut in two has no border at the cut.
    borders = cell.borders
    whole = (piece.row_span, piece.column_span) == (cell.row_span, cell.column_span)
    starts, ends = piece.first or whole, not piece.first or whole
    for edge, drawn in (
        ("top", borders.top and starts),
        ("left", borders.left and starts),
        ("bottom", borders.bottom and ends),
        ("right", borders.right and ends),
    ):
        if drawn:
            properties[edge] = _THIN
    return properties


def _vertical(cell: Cell) -> str:
    """Where the text stands between the cell's top and bottom edges: top, vcenter or bottom."""
    if not cell.lines:
        return "top"
    centres = [line.polygon.center for line in cell.lines]
    width, height = extent(cell.polygon)
    if not height or not width or len(cell.polygon.points) != 4:
        return "top"
    if height < _ROOM * (line_height(cell.lines) or 0.0):
        return "vcenter"
    (ax, ay), _, _, (dx, dy) = cell.polygon.points
    x = sum(p[0] for p in centres) / len(centres) - ax
    y = sum(p[1] for p in centres) / len(centres) - ay
    share = (x * (dx - ax) + y * (dy - ay)) / height**2  # of the way from top to bottom edge
    return "top" if share < 0.35 else "bottom" if share > 0.65 else "vcenter"


def _note(cell: Cell, value: TypedValue | None) -> str:
    notes = []
    if value and not value.as_printed:
        notes.append(f"Printed: {cell.text}")
    if word := doubtful_word(cell.lines):
        notes.append(f"Please check: read with a confidence of {word.confidence:.0%}")
    return "\n".join(notes)


def _luminance(shade: tuple[int, int, int]) -> float:
    """How bright a colour looks, 0 to 255 (ITU-R BT.601)."""
    red, green, blue = shade
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _colour(shade: tuple[int, int, int]) -> str:
    levels = (min(round(v / _SHADE_STEP) * _SHADE_STEP, 255) for v in shade)
    return "#" + "".join(f"{level:02X}" for level in levels)


def _freeze(sheet: Sheet, table: Table, window: Window) -> None:
    """Keep the header in view, and print it on every page."""
    rows = header_rows(table) if window.row == 0 else 0
    columns = header_columns(table) if window.column == 0 else 0
    rows = rows if rows <= _MOST_FROZEN_ROWS else 0
    columns = columns if columns <= _MOST_FROZEN_COLUMNS else 0
    if rows or columns:
        sheet.raw.freeze_panes(rows, columns)
    if rows:
        sheet.raw.repeat_rows(0, rows - 1)
    width, height = extent(table.polygon)
    if width > height:
        sheet.raw.set_landscape()
    sheet.raw.fit_to_pages(1, 0)


def _set_sizes(
    sheet: Sheet, table: Table, window: Window, values: dict[Position, TypedValue]
) -> None:
    """Widths and heights in proportion to the paper's, and never too small for the text."""
    widths = _widths(table, values)[window.column : window.column + window.columns]
    for column, width in enumerate(widths):
        sheet.raw.set_column(column, column, round(width, 2))
    heights = _heights(table, window, widths)
    for row, height in enumerate(heights):
        sheet.raw.set_row(row, round(height, 2))


def _widths(table: Table, values: dict[Position, TypedValue]) -> list[float]:
    """Column widths in characters of Excel's font, as many as the printed font's fit."""
    lines = [line for cell in table.cells for line in cell.lines]
    character = character_width(lines) or 0.0
    paper = column_widths(table)
    widths = [width / character + 1 if character else 0.0 for width in paper]
    for cell in table.cells:
        if cell.column_span == 1:
            # A number that does not fit is shown as ####; words may break only at spaces.
            typed = (cell.row, cell.column) in values
            words = [cell.text] if typed else cell.text.split()
            longest = max((display_width(word) for word in words), default=0)
            needed = longest * (1.1 if cell.header else 1.0) + 1.5
            widths[cell.column] = max(widths[cell.column], needed if typed else min(needed, 30))
    return [min(max(width, _NARROWEST), _WIDEST) for width in widths]


def _heights(table: Table, window: Window, widths: list[float]) -> list[float]:
    """Row heights in points."""
    ink = line_height(line for cell in table.cells for line in cell.lines) or 0.0
    paper = row_heights(table)[window.row : window.row + window.rows]
    heights = [max(h / ink * _INK_POINTS if ink else 0.0, _LINE_POINTS) for h in paper]
    for piece in sorted(window.pieces, key=lambda p: p.row_span):
        width = sum(widths[piece.column : piece.column + piece.column_span])
        lines = piece.cell.text.split("\n") if piece.first else []
        # Word wrap leaves some of each line empty; a tenth is what it takes on average.
        wrapped = sum(max(1, ceil(display_width(line) * 1.1 / width)) for line in lines)
        last = piece.row + piece.row_span
        missing = wrapped * _LINE_POINTS - sum(heights[piece.row : last])
        if missing > 0:
            heights[last - 1] += missing
    return [min(height, _HIGHEST) for height in heights]
