"""Pictures of each step of restoring a page's tables, to see why a table came out as it did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from table_restore.document import Line
from table_restore.geometry import Box, Polygon
from table_restore.restore import Steps, restore_passes

Picture = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]

_RED, _BLUE, _GREEN, _VIOLET, _GREY = (
    (210, 30, 30),
    (30, 60, 220),
    (0, 140, 60),
    (170, 0, 170),
    (150, 150, 150),
)


def explain_tables(
    pixels: npt.NDArray[np.uint8], lines: Sequence[Line], outlines: Sequence[Polygon] = ()
) -> tuple[tuple[str, Picture], ...]:
    """Restore a page's tables and draw every step: (name, picture [h, w, 3] in RGB), in order.

    Arguments as for `restore_tables`. The names are rulings, graph, grid and cells.
    """
    passes = restore_passes(pixels, lines, outlines)
    canvas = np.asarray(pixels // 2 + 127, np.uint8)
    draw = (("rulings", _rulings), ("graph", _graph), ("grid", _grid), ("cells", _cells))
    return tuple((name, reduce(step, passes, canvas)) for name, step in draw)


def _rulings(pixels: Picture, steps: Steps) -> Picture:
    """Drawn lines in red (across) and blue (down), edges of shades in green and violet."""
    canvas = _Canvas(pixels, steps.upright.back)
    for ruling in steps.rulings:
        drawn = _RED if ruling.horizontal else _BLUE
        edge = _GREEN if ruling.horizontal else _VIOLET
        canvas.box(ruling.box, drawn if ruling.drawn else edge)
    return canvas.picture


def _graph(pixels: Picture, steps: Steps) -> Picture:
    """Stretches of rulings in blue, their crossings and ends as red points."""
    canvas = _Canvas(pixels, steps.upright.back)
    for a, b in steps.graph.stretches:
        canvas.line(a, b, _BLUE)
    for ends in steps.graph.stretches:
        for point in ends:
            canvas.point(point, _RED)
    return canvas.picture


def _grid(pixels: Picture, steps: Steps) -> Picture:
    """Every region in green, all edges of its rows and columns, its tokens in grey."""
    canvas = _Canvas(pixels, steps.upright.back)
    for region in steps.regions:
        for token in region.tokens:
            canvas.box(token.box, _GREY)
        grid = region.grid
        for x in grid.xs:
            canvas.line((x, grid.ys[0]), (x, grid.ys[-1]), _BLUE)
        for y in grid.ys:
            canvas.line((grid.xs[0], y), (grid.xs[-1], y), _RED)
        canvas.box(region.box.grow(canvas.pen * 2), _GREEN)
    return canvas.picture


def _cells(pixels: Picture, steps: Steps) -> Picture:
    """Cells in blue, header cells in green, the lines of their text in red."""
    canvas = _Canvas(pixels, lambda point: point)
    for table in steps.restoration.tables:
        for cell in table.cells:
            canvas.polygon(cell.polygon, _GREEN if cell.header else _BLUE)
            for line in cell.lines:
                canvas.polygon(line.polygon, _RED)
    return canvas.picture


class _Canvas:
    """A copy of a picture to draw on; `back` takes drawn points to the page."""

    def __init__(
        self, pixels: Picture, back: Callable[[tuple[float, float]], tuple[float, float]]
    ) -> None:
        self.picture = pixels.copy()
        self.pen = max(1, round(max(pixels.shape[:2]) / 1000))
        self._back = back

    def polygon(self, polygon: Polygon, colour: Colour) -> None:
        self._stroke((*polygon.points, polygon.points[0]), colour)

    def box(self, box: Box, colour: Colour) -> None:
        self.polygon(box.polygon(), colour)

    def line(self, a: tuple[float, float], b: tuple[float, float], colour: Colour) -> None:
        self._stroke((a, b), colour)

    def point(self, at: tuple[float, float], colour: Colour) -> None:
        x, y = self._back(at)
        cv2.circle(self.picture, (round(x), round(y)), 3 * self.pen, colour, -1)

    def _stroke(self, points: Iterable[tuple[float, float]], colour: Colour) -> None:
        for a, b in pairwise(self._back(point) for point in points):
            start, end = (round(a[0]), round(a[1])), (round(b[0]), round(b[1]))
            cv2.line(self.picture, start, end, colour, self.pen)
