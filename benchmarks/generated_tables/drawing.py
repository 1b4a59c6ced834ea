"""Draws grids on a page and keeps where every character and edge went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from benchmarks.generated_tables.edges import draw_edge, edges_of
from benchmarks.generated_tables.grid import Grid, GridCell, Justify
from benchmarks.generated_tables.pen import Pen, break_lines
from benchmarks.generated_tables.style import Rulings, Shading, Style
from benchmarks.generated_tables.texts import words
from table_restore.document import Alignment, Borders, Cell, Line, Table
from table_restore.geometry import Box

_LINE_HEIGHT = 1.2
_WRAP_WIDTH = 9.0
_MARGIN = 60
_INK = (0, 0, 0)
_ALIGNMENT = {
    Justify.LEFT: Alignment.LEFT,
    Justify.CENTER: Alignment.CENTER,
    Justify.RIGHT: Alignment.RIGHT,
    Justify.DECIMAL: Alignment.RIGHT,
}


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """The picture `[height, width, 3]`, its tables, and every line on it, tables' included."""

    pixels: np.ndarray
    tables: tuple[Table, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where a table's grid lines lie, relative to its top left corner."""

    xs: list[float]
    ys: list[float]
    texts: dict[GridCell, list[str]]


def draw_page(
    random: Random, style: Style, grids: Iterable[Grid], font: ImageFont.FreeTypeFont
) -> DrawnPage:
    """The grids below each other on a white page just large enough for them."""
    layouts = [(grid, _lay_out(grid, style, font)) for grid in grids]
    width = max(900.0, *(layout.xs[-1] for _, layout in layouts)) + 2 * _MARGIN
    paragraph = 5 * _LINE_HEIGHT * style.em if style.text_around else 0.0
    gap = 2.2 * style.em
    height = 2 * _MARGIN + paragraph + gap
    height += sum(layout.ys[-1] + 2 * gap + paragraph for _, layout in layouts)

    image = Image.new("RGB", (round(width), round(height)), (255, 255, 255))
    pen = Pen(ImageDraw.Draw(image), font)
    lines: list[Line] = []
    tables: list[Table] = []
    y = float(_MARGIN)
    for grid, layout in layouts:
        if style.text_around:
            lines += _draw_paragraph(random, pen, y, width - 2 * _MARGIN, style)
            y += paragraph
        y += gap
        x = random.uniform(_MARGIN, width - _MARGIN - layout.xs[-1])
        table = _draw_table(pen, grid, layout, (round(x), round(y)), style)
        tables.append(table)
        lines += [line for cell in table.cells for line in cell.lines]
        y += layout.ys[-1] + gap
    if style.text_around:
        lines += _draw_paragraph(random, pen, y, width - 2 * _MARGIN, style)
    return DrawnPage(np.array(image), tuple(tables), tuple(lines))


def _draw_paragraph(random: Random, pen: Pen, top: float, width: float, style: Style) -> list[Line]:
    """Four lines of running text, the last one short."""
    text = words(random, style.script, 120)
    broken = break_lines(text, width, pen.font, style.script)[:4]
    broken[-1] = broken[-1][: len(broken[-1]) // 2].rstrip()
    return [
        pen.line(line, _MARGIN, top + style.em * (1 + _LINE_HEIGHT * i), _INK)
        for i, line in enumerate(broken)
    ]


def _lay_out(grid: Grid, style: Style, font: ImageFont.FreeTypeFont) -> _Layout:
    """Columns and rows as wide and high as their texts need."""
    wrap = _WRAP_WIDTH * style.em
    texts = {}
    for cell in grid.cells:
        wraps = cell.column == grid.wrapped_column and cell.column_span == 1 and not cell.header
        whole = [cell.text] if cell.text else []
        texts[cell] = break_lines(cell.text, wrap, font, style.script) if wraps and whole else whole

    pad_x, pad_y = style.padding_x * style.em, style.padding_y * style.em
    needs_x = {
        cell: max((font.getlength(t) for t in lines), default=style.em) + 2 * pad_x
        for cell, lines in texts.items()
    }
    for column in range(grid.columns):
        aligned = [c for c in _decimal_cells(grid, column) if texts[c]]
        reach = [_around_mark(c.text, font) for c in aligned]
        if reach:
            width = max(a for a, _ in reach) + max(b for _, b in reach) + 2 * pad_x
            needs_x |= dict.fromkeys(aligned, width)
    needs_y = {
        cell: max(1, len(lines)) * _LINE_HEIGHT * style.em + 2 * pad_y
        for cell, lines in texts.items()
    }
    columns = _sizes(grid.columns, [(c.column, c.column_span, needs_x[c]) for c in grid.cells])
    rows = _sizes(grid.rows, [(c.row, c.row_span, needs_y[c]) for c in grid.cells])
    return _Layout(_running_sum(columns), _running_sum(rows), texts)


def _sizes(count: int, needs: list[tuple[int, int, float]]) -> list[float]:
    """Sizes of rows or columns that satisfy (start, span, length) needs, single slots first."""
    sizes = [0.0] * count
    for start, span, length in sorted(needs, key=lambda need: need[1]):
        missing = length - sum(sizes[start : start + span])
        for i in range(start, start + span):
            sizes[i] += max(0.0, missing) / span
    # A slot in which only spanning cells lie still has to be seen.
    floor = min(size for size in sizes if size)
    return [max(size, floor) for size in sizes]


def _running_sum(sizes: list[float]) -> list[float]:
    """Grid line positions in whole pixels."""
    return [float(round(sum(sizes[:i]))) for i in range(len(sizes) + 1)]


def _decimal_cells(grid: Grid, column: int) -> list[GridCell]:
    return [c for c in grid.cells if c.column == column and c.justify is Justify.DECIMAL]


def _around_mark(text: str, font: ImageFont.FreeTypeFont) -> tuple[float, float]:
    """Widths before the decimal mark (or the end), and from it on."""
    before = font.getlength(text.partition(".")[0])
    return before, font.getlength(text) - before


def _draw_table(
    pen: Pen, grid: Grid, layout: _Layout, origin: tuple[int, int], style: Style
) -> Table:
    xs = [origin[0] + x for x in layout.xs]
    ys = [origin[1] + y for y in layout.ys]
    marks = {
        column: max(_around_mark(c.text, pen.font)[1] for c in cells if layout.texts[c])
        for column in range(grid.columns)
        if (cells := _decimal_cells(grid, column)) and any(layout.texts[c] for c in cells)
    }
    shades = {cell: _shade(cell, grid, style) for cell in grid.cells}
    for cell, shade in shades.items():
        if shade:
            box = _box(cell, xs, ys)
            pen.draw.rectangle((box.left, box.top, box.right, box.bottom), fill=shade)
    edges = edges_of(grid, style.rulings)
    for edge in sorted(edges):
        draw_edge(pen.draw, edge, xs, ys, style)

    drawn = []
    for cell in grid.cells:
        box = _box(cell, xs, ys)
        ink = (255, 255, 255) if cell.header and style.shading is Shading.DARK_HEADER else _INK
        after_mark = marks.get(cell.column, 0.0)
        lines = _draw_text(pen, cell, layout.texts[cell], box, after_mark, style, ink)
        bottom, right = cell.row + cell.row_span, cell.column + cell.column_span
        across = range(cell.column, right)
        down = range(cell.row, bottom)
        borders = Borders(
            top=all(("h", cell.row, c) in edges for c in across),
            right=all(("v", right, r) in edges for r in down),
            bottom=all(("h", bottom, c) in edges for c in across),
            left=all(("v", cell.column, r) in edges for r in down),
        )
        drawn.append(
            Cell(
                cell.row,
                cell.column,
                box.polygon(),
                lines,
                cell.row_span,
                cell.column_span,
                cell.header,
                borders,
                _ALIGNMENT[cell.justify],
                shades[cell],
            )
        )
    outline = Box(xs[0], ys[0], xs[-1], ys[-1]).polygon()
    return Table(grid.rows, grid.columns, tuple(drawn), outline)


def _box(cell: GridCell, xs: list[float], ys: list[float]) -> Box:
    right, bottom = cell.column + cell.column_span, cell.row + cell.row_span
    return Box(xs[cell.column], ys[cell.row], xs[right], ys[bottom])


def _shade(cell: GridCell, grid: Grid, style: Style) -> tuple[int, int, int] | None:
    if style.shading is Shading.STRIPES:
        striped = (cell.row - grid.header_rows) % 2 == 1 and cell.row_span == 1
        return (225, 230, 238) if striped and not cell.header else None
    if not cell.header or style.shading is Shading.NONE:
        return None
    return (40, 60, 100) if style.shading is Shading.DARK_HEADER else (215, 215, 215)


def _draw_text(
    pen: Pen,
    cell: GridCell,
    texts: list[str],
    box: Box,
    after_mark: float,
    style: Style,
    colour: tuple[int, int, int],
) -> tuple[Line, ...]:
    """The cell's lines, in its middle where rulings show its edges, else at its top."""
    pad = style.padding_x * style.em
    height = len(texts) * _LINE_HEIGHT * style.em
    centred = style.rulings.shows_every_edge or cell.row_span > 1 or cell.header
    centred = centred or style.rulings is Rulings.HORIZONTAL
    top = (box.top + box.bottom - height) / 2 if centred else box.top + style.padding_y * style.em
    lines = []
    for i, text in enumerate(texts):
        length = pen.font.getlength(text)
        match cell.justify:
            case Justify.LEFT:
                x = box.left + pad
            case Justify.CENTER:
                x = (box.left + box.right - length) / 2
            case Justify.RIGHT:
                x = box.right - pad - length
            case Justify.DECIMAL:
                x = box.right - pad - after_mark - _around_mark(text, pen.font)[0]
        baseline = top + style.em * (0.95 + _LINE_HEIGHT * i)
        lines.append(pen.line(text, round(x), round(baseline), colour))
    return tuple(lines)
