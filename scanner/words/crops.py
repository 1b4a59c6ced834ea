"""Upright pictures of text lines, cut from the page at full resolution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gpu_ops.line_crops import cut_quad
from table_restore.geometry import Point, Polygon

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """A line's picture, RGB or grey as its page, and the quadrilateral of the page it shows."""

    pixels: Pixels
    quad: npt.NDArray[np.float64]

    def to_page(self, x: float, y: float) -> Point:
        """Map a point of the picture to the page."""
        corner, right, _, down = self.quad
        height, width = self.pixels.shape[:2]
        point = corner + (right - corner) * (x / width) + (down - corner) * (y / height)
        return float(point[0]), float(point[1])

    def to_outlines(self, boxes: npt.NDArray[np.float64]) -> list[Polygon]:
        """Map boxes of the picture `[n, 4]` (left, top, right, bottom) to outlines on the page."""
        corner, right, _, down = self.quad
        height, width = self.pixels.shape[:2]
        across = boxes[:, [0, 2, 2, 0], np.newaxis] / width
        along = boxes[:, [1, 1, 3, 3], np.newaxis] / height
        corners = corner + (right - corner) * across + (down - corner) * along
        return [Polygon(tuple(map(tuple, points))) for points in corners.tolist()]


def quad_size(quad: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Width and height in pixels: the longer of each pair of opposite edges."""
    edges = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
    return float(max(edges[0], edges[2])), float(max(edges[1], edges[3]))


def cut_line(page: Pixels, line: Polygon, height: int, turns: int = 0) -> Crop:
    """The picture of one line of an RGB or grey page, `height` pixels high, width in proportion.

    `line` is a quadrilateral, clockwise from the corner where the text begins; `turns` starts
    it that many corners later, which turns the picture by as many quarter turns. Where the
    picture shrinks, pixels are averaged, so that thin strokes stay.
    """
    quad = np.roll(np.asarray(line.points, dtype=np.float64), -turns, axis=0)
    return Crop(*cut_quad(page, quad, height))
