"""A straight line that a table is drawn with."""

from __future__ import annotations

from dataclasses import dataclass

from table_restore.geometry import Box


@dataclass(frozen=True, slots=True)
class Ruling:
    """A horizontal or vertical line: `position` across it, `start` to `end` along it, in pixels.

    `strength` is the share of its length that is really there, 0 to 1. A line that is not
    `drawn` is the edge of a shaded ground.
    """

    horizontal: bool
    position: float
    start: float
    end: float
    thickness: float = 1.0
    strength: float = 1.0
    drawn: bool = True

    @property
    def length(self) -> float:
        return self.end - self.start

    @property
    def box(self) -> Box:
        half = self.thickness / 2
        low, high = self.position - half, self.position + half
        if self.horizontal:
            return Box(self.start, low, self.end, high)
        return Box(low, self.start, high, self.end)
