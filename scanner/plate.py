"""A page's picture wherever its pixels lie, and what the stages of a page ask of it.

Stages think; whoever holds the pixels looks. They take a small copy, have text found and lines
read in the full picture, and need not have it themselves: `scanner.host_plate` is of pixels in
this process, `scanner.device.plate` of pixels on another device.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, Self

import cv2
import numpy as np
import numpy.typing as npt

from scanner.inference import TextFinder
from scanner.line_reading import Reading, Recogniser
from scanner.rectification import Rectification
from table_restore.geometry import Polygon

Pixels = npt.NDArray[np.uint8]
Edges = tuple[int, int, int, int]
"""Left, top, right and bottom in whole pixels, right and bottom exclusive."""

SMALL = 2200
"""Pixels on the longer side of the small copy; on A4 that is 190 dpi."""


class Picture(Protocol):
    """A picture of a page; all places are in its own pixels."""

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        ...

    @property
    def small(self) -> Pixels:
        """A copy, RGB or grey, of `SMALL` pixels on its longer side if it is longer."""
        ...

    @property
    def pixels(self) -> Pixels:
        """All of it, RGB: `[height, width, 3]`."""
        ...

    def resampled(self, way: Rectification, size: tuple[int, int]) -> Self:
        """The page, of a size, that a rectification leads to."""
        ...


class Plate(Picture, Protocol):
    """A picture in which text can be found and read."""

    @property
    def finder(self) -> TextFinder:
        """What finds text in pictures that this process has."""
        ...

    @property
    def recogniser(self) -> Recogniser:
        """What reads pictures of lines that this process has."""
        ...

    def find(self, scale: float) -> list[Polygon]:
        """The text lines that the detector sees when the picture is scaled so."""
        ...

    def part(self, edges: Edges, scale: float) -> Pixels:
        """A copy of a part, scaled."""
        ...

    def read(self, ways: Sequence[tuple[Polygon, int]]) -> list[Reading]:
        """What lines say that are turned by so many quarters: see `words.crops.cut_line`."""
        ...


def scaled(picture: Pixels, scale: float) -> Pixels:
    """The picture by a factor: averaged where that is below 1, interpolated above."""
    if scale == 1.0:
        return picture
    height, width = scaled_size(picture.shape, scale)
    method = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, (width, height), interpolation=method), dtype=np.uint8)


def scaled_size(size: tuple[int, ...], scale: float) -> tuple[int, int]:
    """The height and width of a scaled picture of a size."""
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def factors(size: tuple[int, ...], scaled: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """By what x and y are multiplied when a picture of a size is scaled to another."""
    return np.array([scaled[1] / size[1], scaled[0] / size[0]])


def polygons(quads: npt.NDArray[np.float64]) -> list[Polygon]:
    """Quadrilaterals `[n, 4, 2]` as polygons."""
    return [Polygon(tuple(map(tuple, quad))) for quad in quads.tolist()]
