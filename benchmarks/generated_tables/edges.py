"""Which unit edges of a grid are drawn under each kind of ruling, and how."""

from __future__ import annotations

from PIL import ImageDraw

from benchmarks.generated_tables.grid import Grid
from benchmarks.generated_tables.style import Rulings, Stroke, Style

Edge = tuple[str, int, int]
"""("h", grid line, column) or ("v", grid line, row): one slot's length of a grid line."""


def edges_of(grid: Grid, rulings: Rulings) -> frozenset[Edge]:
    """The drawn edges; none runs through a cell."""
    owners = grid.owners()
    edges: set[Edge] = set()
    for line in range(grid.rows + 1):
        for column in range(grid.columns):
            above, below = owners.get((line - 1, column)), owners.get((line, column))
            if above is not below and _has_horizontal(grid, rulings, line, column):
                edges.add(("h", line, column))
    for line in range(grid.columns + 1):
        for row in range(grid.rows):
            before, after = owners.get((row, line - 1)), owners.get((row, line))
            if before is not after and _has_vertical(grid, rulings, line, row):
                edges.add(("v", line, row))
    return frozenset(edges)


def _has_horizontal(grid: Grid, rulings: Rulings, line: int, column: int) -> bool:
    outer = line in (0, grid.rows)
    below_header = line == grid.header_rows
    match rulings:
        case Rulings.NONE:
            return False
        case Rulings.FULL | Rulings.OPEN_SIDES | Rulings.HORIZONTAL:
            return True
        case Rulings.THREE_LINE:
            if line < grid.header_rows and not outer:
                return _is_group_heading(grid, line - 1, column)
            return outer or below_header
        case Rulings.COLUMNS | Rulings.BOXED_HEADER:
            return outer or line <= grid.header_rows


def _is_group_heading(grid: Grid, row: int, column: int) -> bool:
    return grid.owners()[row, column].column_span > 1


def _has_vertical(grid: Grid, rulings: Rulings, line: int, row: int) -> bool:
    outer = line in (0, grid.columns)
    match rulings:
        case Rulings.FULL | Rulings.COLUMNS:
            return True
        case Rulings.OPEN_SIDES:
            return not outer
        case Rulings.BOXED_HEADER:
            return outer or row < grid.header_rows
        case _:
            return False


def draw_edge(
    draw: ImageDraw.ImageDraw, edge: Edge, xs: list[float], ys: list[float], style: Style
) -> None:
    """Draw one edge, in the style's stroke, width and colour, centred on the grid line."""
    kind, line, along = edge
    places, stops = (ys, xs) if kind == "h" else (xs, ys)
    at, start, stop = places[line], stops[along], stops[along + 1]
    if style.rulings is Rulings.THREE_LINE and _is_short(line, style, len(ys) - 1):
        # Short rules under neighbouring groups must not touch.
        start, stop = start + style.em * 0.2, stop - style.em * 0.2
    width = style.ruling_width
    offsets = (-width - 1, width + 1) if style.stroke is Stroke.DOUBLE else (0,)
    for offset in offsets:
        for a, b in _pieces(start, stop, style):
            low = at + offset - width // 2
            if kind == "h":
                box = (a - width // 2, low, b + (width - 1) // 2, low + width - 1)
            else:
                box = (low, a - width // 2, low + width - 1, b + (width - 1) // 2)
            draw.rectangle(box, fill=style.ruling_colour)


def _is_short(line: int, style: Style, last: int) -> bool:
    return 0 < line < style.header_rows and line != last


def _pieces(start: float, stop: float, style: Style) -> list[tuple[float, float]]:
    """The stretches between `start` and `stop` that carry ink."""
    width = style.ruling_width
    match style.stroke:
        case Stroke.SOLID | Stroke.DOUBLE:
            return [(start, stop)]
        case Stroke.DASHED:
            on, off = 5 * width + 4, 3 * width + 2
        case Stroke.DOTTED:
            on, off = width, 2 * width
    pieces = []
    position = start
    while position < stop:
        pieces.append((position, min(position + on, stop)))
        position += on + off
    return pieces
