"""A page whose pixels lie on the device of another process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from gpu_ops.line_crops import line_widths, shown_quads
from scanner.device.client import Caller, RemoteFinder, RemoteReader
from scanner.device.requests import (
    Find,
    Opened,
    OpenFile,
    OpenPixels,
    Part,
    Read,
    Resample,
    unpack_lines,
)
from scanner.inference import TextFinder
from scanner.line_reading import Reading, Recogniser, read_crops
from scanner.models.recogniser import HEIGHT
from scanner.plate import Edges, Pixels, factors, polygons, scaled_size
from scanner.rectification import Rectification
from scanner.resampling import paper_colour
from scanner.words.crops import Crop
from scanner.words.ctc import Decoded, spell
from table_restore.geometry import Polygon


@dataclass(frozen=True, eq=False)
class DevicePlate:
    """The page that a caller has open, or what that was resampled to.

    All it does may raise `LeftToWorker`: then the page must be read from pixels of one's own.
    """

    caller: Caller
    place: int
    size: tuple[int, int]
    small: Pixels

    @classmethod
    def open(cls, caller: Caller, page: bytes | Pixels) -> Self:
        """Open a page, by its JPEG file or its pixels, RGB or grey."""
        if isinstance(page, bytes):
            data = np.frombuffer(page, dtype=np.uint8)
            return cls._opened(caller, caller.bring(OpenFile(len(page)), data))
        return cls._opened(caller, caller.bring(OpenPixels(page.shape), page))

    @classmethod
    def _opened(cls, caller: Caller, answer: Opened) -> Self:
        return cls(caller, answer.place, answer.size, caller.seen([answer.small])[0].copy())

    @cached_property
    def pixels(self) -> Pixels:
        page = self._part(Part(self.place))
        return page if page.ndim == 3 else np.asarray(cv2.cvtColor(page, cv2.COLOR_GRAY2RGB))

    @property
    def finder(self) -> TextFinder:
        return RemoteFinder(self.caller)

    @property
    def recogniser(self) -> Recogniser:
        return Recogniser(RemoteReader(self.caller), self.caller.characters)

    def find(self, scale: float) -> list[Polygon]:
        quads: npt.NDArray[np.float64] = self.caller.tell(Find(self.place, scale))
        return polygons(quads / factors(self.size, scaled_size(self.size, scale)))

    def part(self, edges: Edges, scale: float) -> Pixels:
        return self._part(Part(self.place, edges, scale))

    def read(self, ways: Sequence[tuple[Polygon, int]]) -> list[Reading]:
        if not ways:
            return []
        quads = np.array(
            [np.roll(np.asarray(line.points, np.float64), -turns, axis=0) for line, turns in ways]
        )
        answer = self.caller.tell(Read(self.place, quads))
        shapes = [(len(lines), HEIGHT, room) for room, lines in answer.pictures]
        groups = [group.copy() for group in self.caller.seen(shapes)]
        shown, widths = shown_quads(quads, self.size), line_widths(quads, HEIGHT).tolist()
        crops = {
            line: Crop(picture[:, : widths[line]], shown[line])
            for (_, lines), group in zip(answer.pictures, groups, strict=True)
            for line, picture in zip(lines, group, strict=True)
        }
        decoded = unpack_lines(answer.text, answer.counts)
        read = dict(zip(answer.read, decoded, strict=True))
        return [self._reading(crops[line], read.get(line)) for line in range(len(ways))]

    def resampled(self, way: Rectification, size: tuple[int, int]) -> Self:
        paper = paper_colour(self.small)
        answer = self.caller.tell(Resample(self.place, way, size, paper))
        return self._opened(self.caller, answer)

    def _reading(self, crop: Crop, line: Decoded | None) -> Reading:
        """What a line says; one that is too long to be read at once is read in parts."""
        if line is None:
            return read_crops([crop], self.recogniser)[0]
        return Reading(crop, spell(line, self.caller.characters))

    def _part(self, part: Part) -> Pixels:
        return self.caller.seen([self.caller.tell(part)])[0].copy()
