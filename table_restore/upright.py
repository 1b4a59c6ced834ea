"""The page turned upright: tables are looked for along the text, not along the picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from table_restore.document import Line
from table_restore.geometry import Box, Point, Polygon

_LEAST_SKEW = 0.05  # degrees; less does not bend a ruling off its place


@dataclass(frozen=True, slots=True)
class Upright:
    """The turn about the page's centre that makes its text run level, by `skew` degrees."""

    skew: float
    center: Point

    def point(self, point: Point) -> Point:
        """A page point in the upright frame."""
        return self._turn(point, -self.skew)

    def back(self, point: Point) -> Point:
        """An upright point on the page."""
        return self._turn(point, self.skew)

    def box(self, polygon: Polygon) -> Box:
        """The upright box around a page polygon."""
        return polygon.box if self.skew == 0 else polygon.map(self.point).box

    def polygon(self, box: Box) -> Polygon:
        """The page polygon of an upright box."""
        return box.polygon() if self.skew == 0 else box.polygon().map(self.back)

    def picture(self, grey: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """The page's picture turned upright, of the same size."""
        if self.skew == 0:
            return grey
        matrix = cv2.getRotationMatrix2D(self.center, self.skew, 1.0)
        size = (grey.shape[1], grey.shape[0])
        turned = cv2.warpAffine(grey, matrix, size, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(turned, np.uint8)

    def _turn(self, point: Point, degrees: float) -> Point:
        if degrees == 0:
            return point
        cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        x, y = point[0] - self.center[0], point[1] - self.center[1]
        return self.center[0] + cos * x - sin * y, self.center[1] + sin * x + cos * y


def find_upright(lines: Sequence[Line], width: int, height: int) -> Upright:
    """The frame in which most of the text on a page of `width` x `height` pixels is level.

    A line's slope counts by its length; the longer the line, the better it is known.
    """
    slopes, weights = [], []
    for line in lines:
        (x0, y0), (x1, y1) = line.polygon.points[:2]
        if x1 - x0 > 4 * line.polygon.box.height or x1 - x0 > 200:
            slopes.append(math.degrees(math.atan2(y1 - y0, x1 - x0)))
            weights.append(x1 - x0)
    center = (width / 2, height / 2)
    if not slopes:
        return Upright(0.0, center)
    order = np.argsort(slopes)
    total = np.cumsum(np.array(weights)[order])
    skew = slopes[order[int(np.searchsorted(total, total[-1] / 2))]]
    return Upright(skew if _LEAST_SKEW <= abs(skew) <= 20 else 0.0, center)
