"""Boxes shrunk to the ink inside them, so that boxes drawn loosely and tightly compare."""

from __future__ import annotations

import cv2
import numpy as np

from table_restore.geometry import Box

_RULING = 25
"""Runs of ink longer than this many pixels, at 100 dpi, are rulings and no writing."""
_BLOCK = 31


class Ink:
    """The dark or coloured pixels of a page, rulings left out.

    `pixels` is `[height, width, 3]` (RGB, uint8). What differs from its surroundings counts,
    so that light letters on a dark ground do too.
    """

    def __init__(self, pixels: np.ndarray) -> None:
        grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
        scale = max(1.0, pixels.shape[1] / 850)
        length = round(_RULING * scale)
        paper = cv2.medianBlur(grey, 2 * round(_BLOCK * scale / 2) + 1)
        ink = (cv2.absdiff(grey, paper) > 48).astype(np.uint8)
        across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
        down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
        rulings = np.asarray(across, bool) | np.asarray(down, bool)
        self._ink = ink.astype(bool) & ~rulings

    def shrink(self, box: Box) -> Box | None:
        """The box of the ink inside, in whole pixels; None where there is none."""
        left, top = max(0, round(box.left)), max(0, round(box.top))
        inside = self._ink[top : round(box.bottom), left : round(box.right)]
        ys, xs = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
        if not len(ys):
            return None
        return Box(
            float(left + xs[0]),
            float(top + ys[0]),
            float(left + xs[-1] + 1),
            float(top + ys[-1] + 1),
        )
