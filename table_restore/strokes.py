"""Runs of ink along a page's rows, and the pieces of straight lines that touching runs make."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Unbroken stretches of set pixels in rows: `row`, `start` and `end` (exclusive) of each.

    They are in order of row and start.
    """

    row: Ints
    start: Ints
    end: Ints

    def __len__(self) -> int:
        return len(self.row)

    @property
    def length(self) -> Ints:
        return self.end - self.start

    def where(self, chosen: npt.NDArray[np.bool_] | Ints) -> Runs:
        """Those that a mask or indices choose."""
        return Runs(self.row[chosen], self.start[chosen], self.end[chosen])

    def longer(self, least: float) -> Runs:
        """Those of at least so many pixels."""
        return self.where(self.length >= least)

    def bridged(self, gap: float) -> Runs:
        """Runs of one row with less than `gap` pixels between them made one."""
        if not len(self):
            return self
        apart = (self.row[1:] != self.row[:-1]) | (self.start[1:] - self.end[:-1] >= gap)
        first = np.flatnonzero(np.concatenate(([True], apart)))
        last = np.append(first[1:] - 1, len(self) - 1)
        return Runs(self.row[first], self.start[first], self.end[last])


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Groups of runs that touch, also corner to corner: outlines, areas, and what is there.

    `label` numbers the piece of each run; `middle` is the mean row of a piece's pixels, `spread`
    how far they stand from the straight line through them (standard deviation), and `there` the
    share of its columns that have ink.
    """

    label: Ints
    top: Ints
    bottom: Ints
    left: Ints
    right: Ints
    area: Floats
    middle: Floats
    spread: Floats
    there: Floats


def find_runs(mask: npt.NDArray[np.uint8]) -> Runs:
    """All runs of a mask [h, w] of zeros and ones."""
    height, width = mask.shape
    framed = np.zeros((height + 1, width + 1), np.uint8)
    framed[:height, 1:] = mask  # the zero before each row ends the run of the row above
    flat = framed.ravel()
    change = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    row, start = np.divmod(change[::2], width + 1)
    return Runs(row, start - 1, start - 1 + change[1::2] - change[::2])


def find_pieces(runs: Runs, ink: Runs) -> Pieces:
    """The pieces of at least one run; `ink` are the runs before gaps in them were bridged."""
    count, label = _groups(len(runs), *_touching(runs))
    order = np.argsort(label, kind="stable")
    first = np.searchsorted(label[order], np.arange(count))
    weight = runs.length[order].astype(np.float64)
    row = runs.row[order] + np.float64(0.5)
    along = np.asarray((runs.start + runs.end)[order] / 2, np.float64)

    def total(values: Floats) -> Floats:
        return np.add.reduceat(values * weight, first)

    area = total(np.ones(len(order)))
    middle, center = total(row) / area, total(along) / area
    own = np.repeat(np.arange(count), np.diff(np.append(first, len(order))))
    dx, dy = along - center[own], row - middle[own]
    leaning = total(dx * dy) ** 2 / np.maximum(total(dx * dx), 1e-9)
    spread = np.sqrt(np.maximum(total(dy * dy) - leaning, 0) / area)
    left = np.minimum.reduceat(runs.start[order], first)
    right = np.maximum.reduceat(runs.end[order], first)
    return Pieces(
        label,
        np.minimum.reduceat(runs.row[order], first),
        np.maximum.reduceat(runs.row[order], first) + 1,
        left,
        right,
        area,
        middle,
        spread,
        _covered(_owned(runs, ink, label), ink, count) / (right - left),
    )


def same_group(
    count: int, first: npt.NDArray[np.intp], second: npt.NDArray[np.intp]
) -> list[list[int]]:
    """Indices up to `count` in groups that the pairs (first[k], second[k]) hold together."""
    groups, label = _groups(count, first, second)
    members: list[list[int]] = [[] for _ in range(groups)]
    for index, group in enumerate(label.tolist()):
        members[group].append(index)
    return members


def ranges(low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Pairs (i, j) for every j from low[i] up to high[i], exclusive."""
    counts = np.maximum(high - low, 0)
    first = np.repeat(np.arange(len(low)), counts)
    offset = np.arange(len(first)) - np.repeat(np.cumsum(counts) - counts, counts)
    return first, low[first] + offset


def _touching(runs: Runs) -> tuple[Ints, Ints]:
    """Pairs of runs in neighbouring rows that touch."""
    if not len(runs):
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    width = int(runs.end.max()) + 2
    below = (runs.row + 1) * width
    low = np.searchsorted(runs.row * width + runs.end, below + runs.start, side="left")
    high = np.searchsorted(runs.row * width + runs.start, below + runs.end, side="right")
    return ranges(low, high)


def _groups(count: int, first: Ints, second: Ints) -> tuple[int, Ints]:
    """How many groups pairs make of `count` things, and each one's group, in order of the first.

    Every thing takes the least number that a pair hands it, until nothing changes.
    """
    label = np.arange(count)
    while True:
        least = np.minimum(label[first], label[second])
        if np.array_equal(least, label[first]) and np.array_equal(least, label[second]):
            break
        # A group's root hears of it too, so that numbers travel in leaps.
        for ends in (first, second):
            np.minimum.at(label, label[ends], least)
            np.minimum.at(label, ends, least)
        label = label[label]
    roots, groups = np.unique(label, return_inverse=True)
    return len(roots), np.asarray(groups, np.intp)


def _owned(runs: Runs, ink: Runs, label: Ints) -> Ints:
    """The piece that each run of ink is in, -1 where in none."""
    width = int(max(ink.end.max(initial=0), runs.end.max(initial=0))) + 1
    index = np.searchsorted(runs.row * width + runs.start, ink.row * width + ink.start, "right") - 1
    held = (index >= 0) & (runs.row[index] == ink.row) & (ink.end <= runs.end[index])
    return np.where(held, label[index], -1)


def _covered(owner: Ints, ink: Runs, count: int) -> Floats:
    """How many columns of each piece have ink in any row."""
    kept = np.flatnonzero(owner >= 0)
    order = kept[np.lexsort((ink.start[kept], owner[kept]))]
    owner, start, end = owner[order], ink.start[order], ink.end[order]
    # Within a piece, ends so far; pieces are set apart by more than any column's number.
    shift = owner * (int(end.max(initial=0)) + 1)
    so_far = np.maximum.accumulate(end + shift)
    before = np.concatenate(([0], so_far[:-1]))
    new = np.maximum(0, end + shift - np.maximum(start + shift, before))
    return np.asarray(np.bincount(owner, weights=new, minlength=count), np.float64)
