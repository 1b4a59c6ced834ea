"""The page turned upright: tables are looked for along the text, not along the picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from table_restore.document import Line
from table_restore.geometry import Box, Edges, Point, Polygon

_Place = TypeVar("_Place", float, npt.NDArray[np.float64])
"""A coordinate, or one of many points each."""

_LEAST_SKEW = 0.05  # degrees; less does not bend a ruling off its place


@dataclass(frozen=True, slots=True)
class Upright:
    """The turn that makes the text of a page of `width` x `height` pixels run level.

    The text stands turned clockwise by `turns` quarters (1: it runs down the page, 3: up) and
    `skew` degrees. Quarters turn the picture as a whole, so its sides change places; the rest is
    turned about its middle.
    """

    width: float
    height: float
    skew: float = 0.0
    turns: int = 0

    def point(self, point: Point) -> Point:
        """A page point in the upright frame."""
        return self._set_upright(*point)

    def back(self, point: Point) -> Point:
        """An upright point on the page."""
        x, y = self._turn(*point, self.skew)
        quarters = ((x, y), (self.width - y, x), (self.width - x, self.height - y),
                    (y, self.height - x))  # fmt: skip
        return quarters[self.turns]

    def box(self, polygon: Polygon) -> Box:
        """The upright box around a page polygon."""
        return polygon.map(self.point).box if self.skew or self.turns else polygon.box

    def boxes(self, polygons: Sequence[Polygon]) -> list[Box]:
        """The upright boxes around page polygons, faster than one by one."""
        return [Box(*edges) for edges in self.edges(polygons).tolist()]

    def edges(self, polygons: Sequence[Polygon]) -> Edges:
        """The edges of the upright boxes around page polygons."""
        if not polygons:
            return np.zeros((0, 4))
        points = chain.from_iterable(p.points for p in polygons)
        corners = np.fromiter(chain.from_iterable(points), np.float64).reshape(-1, 2)
        if self.skew or self.turns:
            corners = np.stack(self._set_upright(*corners.T), axis=1)
        first = np.cumsum([0, *(len(p.points) for p in polygons[:-1])])
        return np.hstack((np.minimum.reduceat(corners, first), np.maximum.reduceat(corners, first)))

    def polygon(self, box: Box) -> Polygon:
        """The page polygon of an upright box."""
        return box.polygon().map(self.back) if self.skew or self.turns else box.polygon()

    def picture(self, page: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """The page's picture, grey or RGB, turned upright."""
        quartered = np.rot90(page, self.turns) if self.turns else page
        if self.skew == 0:
            return np.ascontiguousarray(quartered)
        size = (quartered.shape[1], quartered.shape[0])
        matrix = cv2.getRotationMatrix2D(self._center, self.skew, 1.0)
        turned = cv2.warpAffine(quartered, matrix, size, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(turned, np.uint8)

    @property
    def _center(self) -> Point:
        center = self.width / 2, self.height / 2
        return center[::-1] if self.turns % 2 else center

    def _set_upright(self, x: _Place, y: _Place) -> tuple[_Place, _Place]:
        if self.turns == 1:
            x, y = y, self.width - x
        elif self.turns == 2:
            x, y = self.width - x, self.height - y
        elif self.turns == 3:
            x, y = self.height - y, x
        return self._turn(x, y, -self.skew)

    def _turn(self, x: _Place, y: _Place, degrees: float) -> tuple[_Place, _Place]:
        if degrees == 0:
            return x, y
        angle = math.radians(degrees)
        cos, sin = math.cos(angle), math.sin(angle)
        center = self._center
        x, y = x - center[0], y - center[1]
        return center[0] + cos * x - sin * y, center[1] + sin * x + cos * y


def quarter_turns(line: Line) -> int:
    """By how many quarters, clockwise, a line of text stands turned on its page: 0 to 3."""
    (x0, y0), (x1, y1) = line.polygon.points[:2]
    return round(math.degrees(math.atan2(y1 - y0, x1 - x0)) / 90) % 4


def find_upright(lines: Sequence[Line], width: int, height: int, turns: int = 0) -> Upright:
    """The frame in which most text of a page that stands turned by so many quarters is level.

    A line's slope counts by its length; the longer the line, the better it is known.
    """
    upright = Upright(width, height, turns=turns)
    slopes, weights = [], []
    for line in lines:
        (x0, y0), (x1, y1) = map(upright.point, line.polygon.points[:2])
        if x1 - x0 > 4 * upright.box(line.polygon).height or x1 - x0 > 200:
            slopes.append(math.degrees(math.atan2(y1 - y0, x1 - x0)))
            weights.append(x1 - x0)
    if not slopes:
        return upright
    order = np.argsort(slopes)
    total = np.cumsum(np.array(weights)[order])
    skew = slopes[order[int(np.searchsorted(total, total[-1] / 2))]]
    skewed = _LEAST_SKEW <= abs(skew) <= 20
    return Upright(width, height, skew if skewed else 0.0, turns)
