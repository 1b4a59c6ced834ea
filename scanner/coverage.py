"""Ink that no line covers: what the detector cut off or overlooked."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt
import torch

from gpu_ops.threshold import darker
from scanner.ink_pieces import ink_pieces
from table_restore.geometry import Box, Point, Polygon
from table_restore.strokes import same_group

Pixels = npt.NDArray[np.uint8]
Quad = npt.NDArray[np.float64]

SMALLEST = 5.0
"""Pixels; lower ink cannot be read at any scale."""

REGIONS = 8
"""So many overlooked regions of a page get another look."""

REACH = 0.6
"""Ink this many line heights beyond the end of a line may still be its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """Connected pieces of ink that may be letters; all in page pixels.

    `boxes` is `[n, 4]`: left, top, right, bottom.
    """

    boxes: npt.NDArray[np.float64]

    @property
    def heights(self) -> npt.NDArray[np.float64]:
        return self.boxes[:, 3] - self.boxes[:, 1]

    @property
    def widths(self) -> npt.NDArray[np.float64]:
        return self.boxes[:, 2] - self.boxes[:, 0]

    @property
    def centers(self) -> npt.NDArray[np.float64]:
        return (self.boxes[:, :2] + self.boxes[:, 2:]) / 2

    def letter_height(self) -> float | None:
        """The median height of what looks like whole letters, None where there are too few."""
        heights, widths = self.heights, self.widths
        letters = heights[(widths <= 4 * heights) & (heights >= 4)]
        return float(np.median(letters)) if len(letters) >= 8 else None


def find_ink(small: Pixels, size: tuple[int, int] | None = None) -> Ink:
    """The pieces of ink on a page, light or dark ground alike in part.

    `small` is the page, RGB or grey; of `size` (height and width), if it is but a smaller copy.
    Pieces larger than an eighth of its longer side (pictures, frames, rulings) and single specks
    are left out.
    """
    grey = small if small.ndim == 2 else cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    shrink = max(grey.shape) / max(size or grey.shape)
    dark = darker(torch.from_numpy(grey), 31, 15).numpy().view(np.uint8)
    boxes, areas = ink_pieces(dark)
    largest = max(grey.shape) / 8
    keep = (areas >= 4) & (boxes[:, 2:] - boxes[:, :2] < largest).all(axis=1)
    return Ink(boxes[keep] / shrink)


def overlooked(quads: list[Quad], ink: Ink) -> list[tuple[Box, float]]:
    """Regions of the page where uncovered ink stands in rows, and their letters' height.

    At most `REGIONS`, the richest first. Speckles, and pieces much smaller or larger than
    their neighbours, are no rows.
    """
    free = ink.boxes[~covered(quads, ink)]
    heights = free[:, 3] - free[:, 1]
    widths = free[:, 2] - free[:, 0]
    likely = (heights >= SMALLEST) & (widths <= 6 * heights) & (heights <= 6 * widths)
    free, heights = free[likely], heights[likely]
    if len(free) < 3:
        return []
    found: list[_Region] = []
    for members in same_group(len(free), *_neighbours(free, heights)):
        letter = float(np.median(heights[members]))
        alike = np.abs(np.log(heights[members] / letter)) < np.log(2.2)
        if alike.sum() >= 3:
            left, top = free[members][:, :2].min(axis=0)
            right, bottom = free[members][:, 2:].max(axis=0)
            box = Box(left, top, right, bottom).grow(3 * letter)
            found = _absorb(found, _Region(box, heights[members][alike].tolist()))
    found.sort(key=lambda region: -len(region.letters))
    return [(region.box, region.letter) for region in found[:REGIONS]]


@dataclass(frozen=True, slots=True)
class _Region:
    """A part of a page with the heights of the letters in it, and their median."""

    box: Box
    letters: list[float]
    letter: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "letter", median(self.letters))


def _absorb(regions: list[_Region], region: _Region) -> list[_Region]:
    """The regions with one more; those that overlap it and are of its size become one with it."""
    apart = []
    for other in regions:
        alike = 0.5 < other.letter / region.letter < 2.0
        if alike and region.box.intersection(other.box) is not None:
            region = _Region(region.box.union(other.box), [*region.letters, *other.letters])
        else:
            apart.append(other)
    return [*apart, region]


def _neighbours(
    boxes: npt.NDArray[np.float64], heights: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The pairs of boxes that stand within about a letter of one another."""
    # Rows are wide: distances across them count double.
    centers = (boxes[:, :2] + boxes[:, 2:]) / 2 * (1.0, 2.0)
    reach = np.maximum(2.5 * heights, boxes[:, 2] - boxes[:, 0])
    order = np.argsort(centers[:, 0])
    by_x = centers[order]
    firsts = np.searchsorted(by_x[:, 0], centers[:, 0] - reach, side="left")
    lasts = np.searchsorted(by_x[:, 0], centers[:, 0] + reach, side="right")
    near: list[npt.NDArray[np.intp]] = []
    for index, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
        apart = by_x[first:last] - centers[index]
        near.append(order[first:last][np.hypot(apart[:, 0], apart[:, 1]) <= reach[index]])
    return np.repeat(np.arange(len(boxes)), [len(found) for found in near]), np.concatenate(near)


def extend_to_ink(lines: list[Polygon], ink: Ink) -> list[Polygon]:
    """Lengthen lines to take in ink that stands just beyond their ends.

    A detector's region often ends before a hyphen, a full stop or a lone digit. Ink belongs to
    a line when its middle stands within the line's height, no farther from its end than 0.6
    line heights, and in no other line.
    """
    if not lines or not len(ink.boxes):
        return lines
    quads = [np.asarray(line.points) for line in lines]
    free = ink.boxes[~covered(quads, ink)]
    return [_polygon(_lengthen(quad, free)) for quad in quads]


def join_fragments(lines: list[Polygon]) -> list[Polygon]:
    """Put together regions that the detector broke within a word.

    Its regions reach beyond their ink by a third of their height at either end, so that those
    of one word overlap and those of two words of a line mostly do not. Two are joined when
    they overlap end to end on one level and are of one height.
    """
    joined: list[_Fragment] = []
    for line in sorted(lines, key=lambda line: line.points[0][0]):
        (ax, ay), _, _, (dx, dy) = line.points
        start = (ax + dx) / 2, (ay + dy) / 2
        for index, other in enumerate(joined):
            if other.ends_about(start) and other.goes_on_in(line):
                # From the beginning of the first to the end of the second.
                a, (_, b, c, _), d = other.line.points[0], line.points, other.line.points[3]
                joined[index] = _Fragment.of(Polygon((a, b, c, d)))
                break
        else:
            joined.append(_Fragment.of(line))
    return [fragment.line for fragment in joined]


@dataclass(frozen=True, slots=True)
class _Fragment:
    """A quadrilateral with its first corner, its length and height, and the way along it.

    In plain numbers: each line is held against each, and arrays of four points are slow.
    """

    line: Polygon
    x: float
    y: float
    along_x: float
    along_y: float
    length: float
    height: float

    @staticmethod
    def of(line: Polygon) -> _Fragment:
        (x, y), (right_x, right_y), _, (down_x, down_y) = line.points
        length, height = math.hypot(right_x - x, right_y - y), math.hypot(down_x - x, down_y - y)
        along = (right_x - x) / max(length, 1e-9), (right_y - y) / max(length, 1e-9)
        return _Fragment(line, x, y, *along, length, height)

    def ends_about(self, start: Point) -> bool:
        """Whether what begins at a point overlaps the end."""
        along = (start[0] - self.x) * self.along_x + (start[1] - self.y) * self.along_y
        return 0.0 < self.length - along < 1.2 * self.height

    def goes_on_in(self, other: Polygon) -> bool:
        """Whether another quadrilateral is of the same height and level, and ends further on."""
        (ax, ay), (bx, by), _, (dx, dy) = other.points
        height = max(self.height, 1e-9)
        if self.length < self.height or not 0.7 < math.hypot(dx - ax, dy - ay) / height < 1.4:
            return False
        if (bx - self.x) * self.along_x + (by - self.y) * self.along_y <= self.length:
            return False
        _, _, _, (down_x, down_y) = self.line.points
        middle_x, middle_y = other.center
        across = (middle_x - self.x) * (down_x - self.x) + (middle_y - self.y) * (down_y - self.y)
        return abs(across / height / height - 0.5) < 0.2


def covered(quads: list[Quad], ink: Ink) -> npt.NDArray[np.bool_]:
    """Which pieces of ink have their middle inside a quadrilateral."""
    centers = ink.centers
    order = np.argsort(centers[:, 1])
    centers = centers[order]
    inside = np.zeros(len(centers), dtype=bool)
    for quad in quads:
        first, last = np.searchsorted(centers[:, 1], _rows_about(quad)).tolist()
        along, across, length, height = _frame(quad, centers[first:last])
        here = (along >= 0) & (along <= length) & (across >= 0) & (across <= height)
        inside[first:last] |= here
    found = np.empty_like(inside)
    found[order] = inside
    return found


def _rows_about(quad: Quad) -> tuple[float, float]:
    """Above and below which no point is between a quadrilateral's edges in its own axes."""
    (x0, y0), (x1, y1), _, (x3, y3) = quad.tolist()
    length, height = math.hypot(x1 - x0, y1 - y0), math.hypot(x3 - x0, y3 - y0)
    turn = (x1 - x0) * (y3 - y0) - (y1 - y0) * (x3 - x0)
    if abs(turn) < 1e-3 * max(1.0, length * height):
        return -math.inf, math.inf  # its edges run alike: it has no rows
    # A point's height is a sum of shares of its ways along both axes.
    down, up = (x1 - x0) * height**2 / turn, (x0 - x3) * length**2 / turn
    return y0 + min(0.0, down) + min(0.0, up) - 1.0, y0 + max(0.0, down) + max(0.0, up) + 1.0


def _lengthen(quad: Quad, free: npt.NDArray[np.float64]) -> Quad:
    _, _, length, height = _frame(quad, quad)
    if height > length:  # A line that runs downwards begins and ends at its short edges.
        return np.roll(_lengthen_along(np.roll(quad, -1, axis=0), free), 1, axis=0)
    return _lengthen_along(quad, free)


def _lengthen_along(quad: Quad, free: npt.NDArray[np.float64]) -> Quad:
    centers = (free[:, :2] + free[:, 2:]) / 2
    halves = np.abs(free[:, 2:] - free[:, :2]) / 2
    along, across, length, height = _frame(quad, centers)
    direction = (quad[1] - quad[0]) / max(length, 1e-9)
    # Half the piece's own extent along and across the line.
    half = halves @ np.abs(direction)
    rise = halves @ np.abs(direction[::-1])
    fits = (across > 0.2 * height) & (across < 0.8 * height) & (2 * rise < height)
    fits &= 2 * half < 1.2 * height
    begin, end = 0.0, length
    for _ in range(3):
        before = fits & (along < begin) & (begin - along - half < REACH * height)
        after = fits & (along > end) & (along - half - end < REACH * height)
        if before.any():
            begin = min(begin, float((along - half)[before].min() - 0.1 * height))
        if after.any():
            end = max(end, float((along + half)[after].max() + 0.1 * height))
    return np.array(
        [
            quad[0] + direction * begin,
            quad[1] + direction * (end - length),
            quad[2] + direction * (end - length),
            quad[3] + direction * begin,
        ]
    )


def _frame(
    quad: Quad, points: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], float, float]:
    """Points in a quadrilateral's own axes, and its length and height."""
    right, down = quad[1] - quad[0], quad[3] - quad[0]
    length, height = float(np.hypot(*right)), float(np.hypot(*down))
    relative = points - quad[0]
    along = relative @ (right / max(length, 1e-9))
    across = relative @ (down / max(height, 1e-9))
    return along, across, length, height


def _polygon(quad: Quad) -> Polygon:
    return Polygon(tuple((float(x), float(y)) for x, y in quad))
