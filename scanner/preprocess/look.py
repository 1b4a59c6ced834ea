"""A first look at a picture: its ink and letters, at a size that is quick to work on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from scanner.preprocess.marks import Boxes, find_ink, find_letters

Pixels = npt.NDArray[np.uint8]

LONGEST = 1600
"""Pixels on the longer side; letters of a page of text are still some eight pixels high."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A picture made smaller by `scale`, its ink, and boxes of what may be letters.

    `size` is the picture's own height and width, `seen` the copy of it, RGB or grey, that was
    looked at; `letter` the median height of a letter in the smaller picture, 0 where there are
    too few.
    """

    size: tuple[int, int]
    seen: Pixels
    scale: float
    pixels: Pixels
    ink: Pixels
    letters: Boxes
    letter: float

    @staticmethod
    def at(picture: Pixels, size: tuple[int, int] | None = None) -> Look:
        """The look at a picture, RGB or grey; of `size`, if it is but a smaller copy."""
        height, width = size or picture.shape[:2]
        scale = min(1.0, LONGEST / max(height, width))
        pixels = picture
        small = (max(1, round(width * scale)), max(1, round(height * scale)))
        if small != (picture.shape[1], picture.shape[0]):
            pixels = np.asarray(cv2.resize(picture, small, interpolation=cv2.INTER_AREA), np.uint8)
        if pixels.ndim == 2:
            pixels = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
        ink = find_ink(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8))
        letters, letter = find_letters(ink)
        return Look((height, width), picture, scale, pixels, ink, letters, letter)

    def within(self, outline: npt.NDArray[np.float64]) -> Look:
        """The same look with those letters only that lie inside an outline `[n, 2]`."""
        mask = np.zeros(self.ink.shape, dtype=np.uint8)
        cv2.fillPoly(mask, [np.rint(outline).astype(np.int32)], 1)
        middles = (self.letters[:, :2] + self.letters[:, 2:]) // 2
        inside = mask[middles[:, 1], middles[:, 0]] > 0
        return replace(self, letters=self.letters[inside])

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of the picture itself, where the camera's axis is taken to be."""
        return self.size[1] / 2, self.size[0] / 2
