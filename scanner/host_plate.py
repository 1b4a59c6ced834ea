"""Pictures of pages whose pixels this process has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import cv2
import numpy as np
import torch

from scanner.images import drop_colour
from scanner.inference import TextFinder
from scanner.line_reading import Reading, Recogniser, read_crops
from scanner.models.recogniser import HEIGHT
from scanner.plate import SMALL, Edges, Pixels, factors, polygons, scaled
from scanner.rectification import Rectification
from scanner.resampling import paper_colour, resample
from scanner.words.crops import cut_line
from table_restore.geometry import Polygon


@dataclass(frozen=True, eq=False)
class HostPicture:
    """A picture in this process's memory, RGB `[height, width, 3]` or grey `[height, width]`."""

    given: Pixels

    @property
    def size(self) -> tuple[int, int]:
        return self.given.shape[0], self.given.shape[1]

    @cached_property
    def plane(self) -> Pixels:
        """The pixels, `[height, width]` where they have no colour."""
        return self.given if self.given.ndim == 2 else drop_colour(self.given)

    @cached_property
    def pixels(self) -> Pixels:
        if self.given.ndim == 3:
            return self.given
        return np.asarray(cv2.cvtColor(self.given, cv2.COLOR_GRAY2RGB), dtype=np.uint8)

    @cached_property
    def small(self) -> Pixels:
        return scaled(self.plane, min(1.0, SMALL / max(self.size)))

    def resampled(self, way: Rectification, size: tuple[int, int]) -> Self:
        plane = torch.from_numpy(self.plane)
        return replace(self, given=resample(plane, way, size, paper_colour(self.small)).numpy())


@dataclass(frozen=True, eq=False)
class HostPlate(HostPicture):
    """A plate whose pixels this process has, and looks at by networks wherever they run."""

    finder: TextFinder
    recogniser: Recogniser

    def find(self, scale: float) -> list[Polygon]:
        picture = scaled(self.plane, scale)
        (quads,) = self.finder([picture])
        return polygons(quads / factors(self.size, picture.shape))

    def part(self, edges: Edges, scale: float) -> Pixels:
        left, top, right, bottom = edges
        return scaled(self.plane[top:bottom, left:right], scale)

    def read(self, ways: Sequence[tuple[Polygon, int]]) -> list[Reading]:
        crops = [cut_line(self.plane, line, HEIGHT, turns=turns) for line, turns in ways]
        return read_crops(crops, self.recogniser)
