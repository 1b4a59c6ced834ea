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
        ink[rulings] = 0
        _, self._labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
        left, top, width, height, self._areas = stats.T
        self._boxes = np.stack([left, top, left + width, top + height], axis=1)

    def shrink(self, box: Box) -> Box | None:
        """Around the marks (connected ink) that lie mostly inside; None where there are none.

        A mark counts whole or not at all, so a box that cuts a letter or touches the line below
        shrinks to the same as one that does not.
        """
        left, top = max(0, round(box.left)), max(0, round(box.top))
        inside = self._labels[top : round(box.bottom), left : round(box.right)]
        counts = np.bincount(inside.ravel(), minlength=len(self._areas))
        marks = np.flatnonzero(2 * counts >= self._areas)
        marks = marks[(marks > 0) & (counts[marks] > 0)]
        if not len(marks):
            return None
        boxes = self._boxes[marks]
        left, top = boxes[:, :2].min(axis=0)
        right, bottom = boxes[:, 2:].max(axis=0)
        return Box(float(left), float(top), float(right), float(bottom))
