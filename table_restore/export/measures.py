"""Sizes on paper, along the reading direction, so that a page scanned sideways measures right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import hypot
from statistics import fmean, median

from table_restore.document import Cell, Line, Table
from table_restore.export.characters import display_width
from table_restore.geometry import Box, Point, Polygon


def extent(polygon: Polygon) -> tuple[float, float]:
    """Width and height in pixels: along the reading direction and across it."""
    if len(polygon.points) != 4:
        return polygon.box.width, polygon.box.height
    a, b, c, d = polygon.points
    return (_distance(a, b) + _distance(c, d)) / 2, (_distance(b, c) + _distance(d, a)) / 2


def direction(polygon: Polygon) -> Point:
    """The unit vector of the reading direction: along the first edge of a quadrilateral."""
    if len(polygon.points) != 4:
        return 1.0, 0.0
    (ax, ay), (bx, by) = polygon.points[:2]
    length = hypot(bx - ax, by - ay)
    return ((bx - ax) / length, (by - ay) / length) if length else (1.0, 0.0)


def upright(direction: Point) -> Callable[[Polygon], Box]:
    """What turns a polygon to its box along and across a reading direction (of any length)."""
    x, y = direction
    length = hypot(x, y)
    dx, dy = (x / length, y / length) if length else (1.0, 0.0)

    def turned(point: Point) -> Point:
        return dx * point[0] + dy * point[1], dx * point[1] - dy * point[0]

    return lambda polygon: polygon.map(turned).box


def is_beside(line: Line, other: Line) -> bool:
    """Whether the other line goes on to the right of a line, on its level."""
    turn = upright(direction(line.polygon))
    a, b = turn(line.polygon), turn(other.polygon)
    shared = min(a.bottom, b.bottom) - max(a.top, b.top)
    return b.left >= a.right and shared > 0.5 * min(a.height, b.height)


def line_height(lines: Iterable[Line]) -> float | None:
    """The median height of the lines in pixels, None where there is no line."""
    return median(heights) if (heights := [extent(line.polygon)[1] for line in lines]) else None


def character_width(lines: Iterable[Line]) -> float | None:
    """The median width in pixels of a narrow character (a wide one counts for two)."""
    widths = [
        extent(line.polygon)[0] / columns
        for line in lines
        if (columns := display_width(line.text)) > 0
    ]
    return median(widths) if widths else None


def column_widths(table: Table) -> list[float]:
    """The width of each column in pixels."""
    return _tracks(
        table.columns,
        [(cell.column, cell.column_span, extent(cell.polygon)[0]) for cell in table.cells],
    )


def row_heights(table: Table) -> list[float]:
    """The height of each row in pixels."""
    return _tracks(
        table.rows, [(cell.row, cell.row_span, extent(cell.polygon)[1]) for cell in table.cells]
    )


def header_rows(table: Table) -> int:
    """How many rows at the top are header, complete with the cells that reach down into them."""
    return _leading(table.rows, [(cell.row, cell.row_span, cell) for cell in table.cells])


def header_columns(table: Table) -> int:
    """How many columns at the left are header throughout."""
    return _leading(table.columns, [(cell.column, cell.column_span, cell) for cell in table.cells])


def _tracks(count: int, spans: Sequence[tuple[int, int, float]]) -> list[float]:
    """The sizes of `count` rows or columns from (first, span, size) of the cells.

    A cell of one track speaks for it (the median of them is taken); wider cells share what the
    tracks they cover leave open.
    """
    singles: list[list[float]] = [[] for _ in range(count)]
    for first, span, size in spans:
        if span == 1:
            singles[first].append(size)
    sizes = [median(found) if found else None for found in singles]
    for first, span, size in sorted(spans, key=lambda one: one[1]):
        covered = sizes[first : first + span]
        missing = covered.count(None)
        if missing:
            rest = max(size - sum(s for s in covered if s is not None), 0.0) / missing
            sizes[first : first + span] = [rest if s is None else s for s in covered]
    return [size or 0.0 for size in sizes]


def _leading(count: int, spans: Sequence[tuple[int, int, Cell]]) -> int:
    """The number of leading tracks that hold only header cells and empty ones.

    0 where that is all of them or no cell of theirs is marked; no cell lies across the end.
    """
    body = min((first for first, _, cell in spans if cell.lines and not cell.header), default=count)
    end = max(
        (first + span for first, span, cell in spans if cell.header and first < body), default=0
    )
    end = min(end, body)
    while across := [first for first, span, _ in spans if first < end < first + span]:
        end = min(across)
    return end if end < count else 0


def mean_direction(lines: Iterable[Line]) -> Point:
    """The mean reading direction of the lines, (1, 0) where there is no line."""
    found = [direction(line.polygon) for line in lines]
    if not found:
        return 1.0, 0.0
    return fmean(x for x, _ in found), fmean(y for _, y in found)


def _distance(a: Point, b: Point) -> float:
    return hypot(b[0] - a[0], b[1] - a[1])
