"""Points, boxes and polygons in float pixels, origin top left, y downwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Point = tuple[float, float]
Edges = npt.NDArray[np.float64]
"""Many boxes [n, 4]: left, top, right, bottom of each."""


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle; `right` and `bottom` are exclusive edges."""

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if not (self.left <= self.right and self.top <= self.bottom):
            raise ValueError(f"box edges are out of order: {self}")

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def area(self) -> float:
        return self.width * self.height

    @property
    def center(self) -> Point:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def contains(self, point: Point) -> bool:
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom

    def intersection(self, other: Box) -> Box | None:
        """The common rectangle, or None where the boxes share no area."""
        if other.left >= self.right or self.left >= other.right:
            return None  # most boxes of a page stand beside or above each other
        if other.top >= self.bottom or self.top >= other.bottom:
            return None
        left, top = max(self.left, other.left), max(self.top, other.top)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Box(left, top, right, bottom) if left < right and top < bottom else None

    def union(self, other: Box) -> Box:
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def iou(self, other: Box) -> float:
        """Intersection over union, 0 to 1."""
        common = self.intersection(other)
        if common is None:
            return 0.0
        return common.area / (self.area + other.area - common.area)

    def grow(self, by: float) -> Box:
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def polygon(self) -> Polygon:
        """The four corners, clockwise from the top left."""
        return Polygon(
            (
                (self.left, self.top),
                (self.right, self.top),
                (self.right, self.bottom),
                (self.left, self.bottom),
            )
        )

    @staticmethod
    def around(boxes: Iterable[Box]) -> Box:
        """The smallest box that holds all the given ones (at least one)."""
        items = list(boxes)
        if not items:
            raise ValueError("no boxes to enclose")
        if len(items) == 1:
            return items[0]
        return Box(
            min([b.left for b in items]),
            min([b.top for b in items]),
            max([b.right for b in items]),
            max([b.bottom for b in items]),
        )


@dataclass(frozen=True, slots=True)
class Polygon:
    """A closed outline of at least three points, clockwise as seen on the page.

    A text line's or word's outline is a quadrilateral whose first edge runs along the top of
    the text in reading direction, so a turned line still says which way up it is.
    """

    points: tuple[Point, ...]

    def __post_init__(self) -> None:
        if len(self.points) < 3:
            raise ValueError(f"a polygon needs at least 3 points, not {len(self.points)}")

    @property
    def box(self) -> Box:
        xs, ys = zip(*self.points, strict=True)
        return Box(min(xs), min(ys), max(xs), max(ys))

    @property
    def center(self) -> Point:
        """The mean of the corners."""
        n = len(self.points)
        return sum(x for x, _ in self.points) / n, sum(y for _, y in self.points) / n

    def map(self, convert: Callable[[Point], Point]) -> Polygon:
        return Polygon(tuple(convert(point) for point in self.points))
