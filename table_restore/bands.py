"""Bands: the stretches of a table between rulings that run across most of it."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from table_restore.geometry import Box
from table_restore.tracks import Track

_LIKE_OTHERS = 2.2  # how much higher than most a band of one row may be
_LIKE_MANY = 5.0  # the same in a table with many ruled rows


@dataclass(frozen=True, slots=True)
class Bands:
    """The bands of a table; `edges` are its top, the rulings across, and its bottom."""

    edges: tuple[float, ...]

    def index(self, y: float) -> int:
        """The band that holds a height on the page."""
        return min(max(bisect(self.edges, y) - 1, 0), len(self.edges) - 2)

    def single(self, y: float) -> int | None:
        """The band at `y` if rulings make it one row of the table, else None.

        Where three rows or more are ruled, a band no higher than most of them is one row.
        """
        heights = [low - high for high, low in pairwise(self.edges)]
        if len(heights) < 3:
            return None
        index = self.index(y)
        factor = _LIKE_MANY if len(heights) >= 6 else _LIKE_OTHERS
        return index if heights[index] <= factor * median(heights) else None


def find_bands(horizontals: Sequence[Track], box: Box, text_height: float) -> Bands:
    """The bands of the table in `box`."""
    inner = [
        t.position
        for t in horizontals
        if t.length >= 0.5 * box.width
        and box.top + 0.5 * text_height < t.position < box.bottom - 0.5 * text_height
    ]
    return Bands((box.top, *inner, box.bottom))
