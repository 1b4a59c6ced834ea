"""A page that was turned by a slight skew, whose lines are looked at where they lay before.

Every pixel of a turned page is a mean of several. The lines of a page that leans but slightly are
found and read as well, so they are taken from the picture's own pixels, which are resampled once:
to the height that the recogniser wants. What wants level rulings gets the turned page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from scanner.images import Step
from scanner.inference import TextFinder
from scanner.line_reading import Reading, Recogniser
from scanner.options import Options
from scanner.plate import Edges, Pixels, Plate, polygons
from scanner.preprocess.straighten import straighten
from scanner.preprocess.vote import Witness
from scanner.rectification import Matrix, Rectification
from table_restore.geometry import Polygon

SLIGHT = 0.6
"""Degrees; lines that lean by more are found and read on the turned page."""


def upright(
    picture: Plate, options: Options, witness: Witness
) -> tuple[Plate, Rectification, tuple[Step, ...]]:
    """The page in a picture flat, upright and ready to be read: see `straighten`."""
    page, way, steps = straighten(picture, options, witness)
    turned = way.rotation
    if page is picture or turned is None or abs(turned) > SLIGHT:
        return page, way, steps
    return TurnedPlate(page, picture, way), way, steps


@dataclass(frozen=True, eq=False)
class TurnedPlate:
    """The upright `page` that `way` leads to from the picture in which its lines are read."""

    page: Plate
    picture: Plate
    way: Rectification

    @property
    def size(self) -> tuple[int, int]:
        return self.page.size

    @property
    def small(self) -> Pixels:
        return self.page.small

    @property
    def pixels(self) -> Pixels:
        return self.page.pixels

    @property
    def finder(self) -> TextFinder:
        return self.page.finder

    @property
    def recogniser(self) -> Recogniser:
        return self.page.recogniser

    def resampled(self, way: Rectification, size: tuple[int, int]) -> Self:
        whole = Rectification(way.matrix @ self.way.matrix, way.warp)
        return replace(self, page=self.page.resampled(way, size), way=whole)

    def part(self, edges: Edges, scale: float) -> Pixels:
        return self.page.part(edges, scale)

    def find(self, scale: float) -> list[Polygon]:
        return _moved(self.picture.find(scale), self.way.to_page)

    def read(self, ways: Sequence[tuple[Polygon, int]]) -> list[Reading]:
        lines = _moved([line for line, _ in ways], self.way.to_source)
        turns = (turns for _, turns in ways)
        readings = self.picture.read(list(zip(lines, turns, strict=True)))
        return [
            replace(reading, crop=replace(reading.crop, quad=self.way.to_page(reading.crop.quad)))
            for reading in readings
        ]


def _moved(lines: Sequence[Polygon], move: Callable[[Matrix], Matrix]) -> list[Polygon]:
    """Quadrilaterals moved together."""
    points = np.array([line.points for line in lines], dtype=np.float64).reshape(-1, 2)
    return polygons(move(points).reshape(-1, 4, 2))
