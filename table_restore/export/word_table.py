"""Tables in Word's markup (WordprocessingML, ECMA-376 part 1, 17.4).

python-docx builds tables slot by slot, which takes minutes for large ones; its element classes
are used here directly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from statistics import median

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from lxml.etree import SubElement, _Element

from table_restore.document import Alignment, Cell, Table
from table_restore.export.characters import display_width, xml_text
from table_restore.export.fonts import letter_size
from table_restore.export.measures import (
    character_width,
    column_widths,
    header_rows,
    row_heights,
)
from table_restore.export.windows import Piece, Window, windows

# Word refuses tables with more columns; rows it takes as many as come.
MAX_COLUMNS = 63

TABLE_STYLE = "Table Text"
"""The paragraph style of cells, in a font no wider than Arial: columns are fitted to that."""

_TWIPS = 20  # a point
_CHARACTER_SHARE, _BOLD_SHARE = 0.56, 0.6  # of the font size, that Arial is wide
_CAPITAL_MORE = 0.12  # of the font size, that a capital is wider
_LONGEST_WORD = 30  # longer ones may break
_SMALLEST_FONT, _LARGEST_FONT, _USUAL_FONT = 6.0, 14.0, 10.0
_CELL_MARGIN = 3.0  # points, left and right of a cell's text
_NARROWEST = 8.0
_BORDER_EIGHTHS = "4"  # half a point
_ALIGNMENTS = {Alignment.LEFT: "left", Alignment.CENTER: "center", Alignment.RIGHT: "right"}


def word_tables(
    table: Table, scale: float, available: float, indent: float, slender: float
) -> Iterator[_Element]:
    """The table as `w:tbl` elements, more than one only where Word's columns do not suffice.

    `scale` is in points a pixel; the table ends within `available` points and begins after
    `indent` if there is room. `slender` is how wide its font is beside Arial.
    """
    size = _font_size(table, scale, slender)
    widths = _widths(table, scale, size * slender)
    for window in windows(table, table.rows, MAX_COLUMNS):
        part = widths[window.column : window.column + window.columns]
        yield _table(table, window, part, size, scale, available, indent)


def _table(
    table: Table,
    window: Window,
    widths: Sequence[float],
    size: float,
    scale: float,
    available: float,
    indent: float,
) -> _Element:
    shrink = min(1.0, available / sum(widths))
    widths = [width * shrink for width in widths]
    font = max(size * shrink, _SMALLEST_FONT)
    element = OxmlElement("w:tbl")
    _table_properties(element, sum(widths), min(indent, available - sum(widths)))
    grid = _add(element, "w:tblGrid")
    for width in widths:
        _add(grid, "w:gridCol", w=_twips(width))
    headers, heights = header_rows(table), row_heights(table)
    for row, pieces in enumerate(_by_row(window)):
        row_element = _add(element, "w:tr")
        properties = _add(row_element, "w:trPr")
        _add(properties, "w:cantSplit")
        _add(properties, "w:trHeight", val=_twips(heights[row] * scale * shrink), hRule="atLeast")
        if row < headers:
            _add(properties, "w:tblHeader")
        for piece in pieces:
            width = sum(widths[piece.column : piece.column + piece.column_span])
            _cell(row_element, piece, row, width, font)
    return element


def _by_row(window: Window) -> list[list[Piece]]:
    """For every row the pieces that cover it, from left to right."""
    rows: list[list[Piece]] = [[] for _ in range(window.rows)]
    for piece in window.pieces:
        for row in range(piece.row, piece.row + piece.row_span):
            rows[row].append(piece)
    for pieces in rows:
        pieces.sort(key=lambda piece: piece.column)
    return rows


def _table_properties(element: _Element, width: float, indent: float) -> None:
    properties = _add(element, "w:tblPr")
    _add(properties, "w:tblW", w=_twips(width), type="dxa")
    if indent > 0:
        _add(properties, "w:tblInd", w=_twips(indent), type="dxa")
    _add(properties, "w:tblLayout", type="fixed")
    margins = _add(properties, "w:tblCellMar")
    for edge in ("w:left", "w:right"):
        _add(margins, edge, w=_twips(_CELL_MARGIN), type="dxa")


def _cell(parent: _Element, piece: Piece, row: int, width: float, font: float) -> None:
    """The part of a cell that lies in one row; the parts of a tall cell are merged by Word."""
    top, bottom = row == piece.row, row == piece.row + piece.row_span - 1
    element = _add(parent, "w:tc")
    properties = _add(element, "w:tcPr")
    _add(properties, "w:tcW", w=_twips(width), type="dxa")
    if piece.column_span > 1:
        _add(properties, "w:gridSpan", val=str(piece.column_span))
    if piece.row_span > 1:
        _add(properties, "w:vMerge", val="restart" if top else "continue")
    _borders(properties, piece, top, bottom)
    if piece.cell.shade:
        fill = "".join(f"{level:02X}" for level in piece.cell.shade)
        _add(properties, "w:shd", val="clear", color="auto", fill=fill)
    _add(properties, "w:vAlign", val="center")
    _paragraph(element, piece.cell, piece.cell.text if top and piece.first else "", font)


def _borders(properties: _Element, piece: Piece, top: bool, bottom: bool) -> None:
    borders = piece.cell.borders
    starts = piece.first
    ends = piece.column_span == piece.cell.column_span or not piece.first
    drawn = (
        ("w:top", borders.top and top),
        ("w:left", borders.left and starts),
        ("w:bottom", borders.bottom and bottom),
        ("w:right", borders.right and ends),
    )
    element = _add(properties, "w:tcBorders")
    for edge, is_drawn in drawn:
        if is_drawn:
            _add(element, edge, val="single", sz=_BORDER_EIGHTHS, space="0", color="000000")


def _paragraph(parent: _Element, cell: Cell, text: str, font: float) -> None:
    """The cell's text as one paragraph, with a line break where the paper has one."""
    paragraph = _add(parent, "w:p")
    properties = _add(paragraph, "w:pPr")
    _add(properties, "w:pStyle", val=TABLE_STYLE.replace(" ", ""))
    _add(properties, "w:spacing", before="0", after="0", line="240", lineRule="auto")
    _add(properties, "w:jc", val=_ALIGNMENTS[cell.alignment])
    if not text:
        return
    run = _add(paragraph, "w:r")
    run_properties = _add(run, "w:rPr")
    if cell.header:
        _add(run_properties, "w:b")
    for size in ("w:sz", "w:szCs"):
        _add(run_properties, size, val=str(round(font * 2)))
    for number, line in enumerate(xml_text(text).split("\n")):
        if number:
            _add(run, "w:br")
        content = _add(run, "w:t")
        content.text = line
        content.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _widths(table: Table, scale: float, font: float) -> list[float]:
    """Column widths in points: the paper's, or more where a word would not fit.

    `font` is the size in points of Arial that is as wide as the table's letters.
    """
    widths = [max(width * scale, _NARROWEST) for width in column_widths(table)]
    for cell in table.cells:
        if cell.column_span == 1:
            words = (word[:_LONGEST_WORD] for word in cell.text.split())
            longest = max((_width(word, cell.header) for word in words), default=0.0)
            needed = longest * font + 2 * _CELL_MARGIN + 2
            widths[cell.column] = max(widths[cell.column], needed)
    return widths


def _width(text: str, bold: bool) -> float:
    """How wide a text is in Arial, in sizes of the font."""
    capitals = sum(character.isupper() for character in text)
    share = _BOLD_SHARE if bold else _CHARACTER_SHARE
    return display_width(text) * share + capitals * _CAPITAL_MORE


def _font_size(table: Table, scale: float, slender: float) -> float:
    """The size in points that is as high as the printed font, and no wider unless there is room."""
    lines = [line for cell in table.cells for line in cell.lines]
    width = character_width(lines)
    if width is None:
        return _USUAL_FONT
    printed = median(letter_size(line, scale) for line in lines)
    wide = max(width * scale / _CHARACTER_SHARE, _fitting_size(table, scale)) / slender
    size = min(printed, wide)
    return min(max(size, _SMALLEST_FONT), _LARGEST_FONT)


def _fitting_size(table: Table, scale: float) -> float:
    """The largest size in points of Arial at which every line fits into its column on paper."""
    widths = column_widths(table)
    return min(
        (
            (widths[cell.column] * scale - 2 * _CELL_MARGIN) / _width(line.text, cell.header)
            for cell in table.cells
            if cell.column_span == 1
            for line in cell.lines
            if display_width(line.text)
        ),
        default=0.0,
    )


def _add(parent: _Element, tag: str, **attributes: str) -> _Element:
    return SubElement(parent, _name(tag), {_name(f"w:{k}"): v for k, v in attributes.items()})


@cache
def _name(tag: str) -> str:
    return qn(tag)


def _twips(points: float) -> str:
    return str(round(points * _TWIPS))
