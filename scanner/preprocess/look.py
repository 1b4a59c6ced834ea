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

    `size` is the picture's own height and width, `seen` the copy of it that was looked at, which
    is RGB or grey as `pixels` are. `everywhere` are the letters of the whole picture, and the
    median height of one, 0 where there are too few.
    """

    size: tuple[int, int]
    seen: Pixels
    scale: float
    pixels: Pixels
    grey: Pixels
    ink: Pixels
    letters: Boxes
    everywhere: tuple[Boxes, float]

    @staticmethod
    def at(picture: Pixels, size: tuple[int, int] | None = None) -> Look:
        """The look at a picture, RGB or grey; of `size`, if it is but a smaller copy."""
        height, width = size or picture.shape[:2]
        scale = min(1.0, LONGEST / max(height, width))
        pixels = picture
        small = (max(1, round(width * scale)), max(1, round(height * scale)))
        if small != (picture.shape[1], picture.shape[0]):
            # Averaging takes eight times as long, and wins nothing where so little is lost.
            half = 2 * max(small) < max(picture.shape)
            method = cv2.INTER_AREA if half else cv2.INTER_LINEAR
            pixels = np.asarray(cv2.resize(picture, small, interpolation=method), np.uint8)
        plain = pixels.ndim == 2
        grey = pixels if plain else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
        ink = find_ink(grey)
        found = find_letters(ink)
        return Look((height, width), picture, scale, pixels, grey, ink, found[0], found)

    def within(self, outline: npt.NDArray[np.float64]) -> Look:
        """The same look with those letters only that lie inside an outline `[n, 2]`."""
        mask = np.zeros(self.ink.shape, dtype=np.uint8)
        cv2.fillPoly(mask, [np.rint(outline).astype(np.int32)], 1)
        middles = (self.letters[:, :2] + self.letters[:, 2:]) // 2
        inside = mask[middles[:, 1], middles[:, 0]] > 0
        return replace(self, letters=self.letters[inside])

    @property
    def letter(self) -> float:
        """The median height of a letter in the smaller picture, 0 where there are too few."""
        return self.everywhere[1]

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of the picture itself, where the camera's axis is taken to be."""
        return self.size[1] / 2, self.size[0] / 2
