"""Upright pictures of text lines, cut from the page at full resolution."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

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
    wide, high = quad_size(quad)
    width = max(1, round(height * wide / max(high, 1.0)))
    if turns == 0 and _is_upright(quad):
        native, quad = _slice(page, quad)
    else:
        native = _warp(page, quad, max(1, round(wide)), max(1, round(high)))
    shrink = native.shape[0] > height
    resized = cv2.resize(
        native, (width, height), interpolation=cv2.INTER_AREA if shrink else cv2.INTER_CUBIC
    )
    return Crop(np.asarray(resized, dtype=np.uint8), quad)


def _is_upright(quad: npt.NDArray[np.float64]) -> bool:
    """Whether slicing loses nothing against warping: the edges lean by less than a pixel."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = quad
    return bool(max(abs(ay - by), abs(cy - dy), abs(ax - dx), abs(bx - cx)) < 1.0)


def _slice(page: Pixels, quad: npt.NDArray[np.float64]) -> tuple[Pixels, npt.NDArray[np.float64]]:
    height, width = page.shape[:2]
    left, top = np.floor(quad.min(axis=0)).astype(int)
    right, bottom = np.ceil(quad.max(axis=0)).astype(int)
    left, top = min(max(left, 0), width - 1), min(max(top, 0), height - 1)
    right, bottom = max(min(right, width), left + 1), max(min(bottom, height), top + 1)
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    return page[top:bottom, left:right], np.array(corners, dtype=np.float64)


def _warp(page: Pixels, quad: npt.NDArray[np.float64], width: int, height: int) -> Pixels:
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    # Warping a cut-out is faster than warping the page and gives the same picture.
    left, top = np.maximum(np.floor(quad.min(axis=0)).astype(int) - 2, 0)
    right, bottom = np.ceil(quad.max(axis=0)).astype(int) + 2
    cut = page[top : max(bottom, top + 1), left : max(right, left + 1)]
    if cut.size == 0:
        return np.full((height, width, *page.shape[2:]), 255, dtype=np.uint8)
    source = (quad - (left, top)).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(source, target)
    warped = cv2.warpPerspective(
        cut, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(warped, dtype=np.uint8)
