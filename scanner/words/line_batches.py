"""Which pictures of lines are read together, and which are read in parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from scanner.words.ink import Mask

GRAIN = 64
"""Widths are padded to multiples of this, so that few shapes occur and little is padded."""

NARROWEST = 192
"""Short pictures are padded to this: on narrower ones decimal points are taken for spaces."""

BATCH = 2048
"""The most pixels of width in one batch: what a layer works on then stays in the second cache."""

LONGEST = 2560
"""Pictures wider than this are cut; with print as high as usual that is some 200 characters."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A column where a line is cut, and the width of the gap it lies in, 0 for none."""

    column: int
    gap: int


def padded(width: int) -> int:
    """The width that a line's picture is padded to; it depends on nothing else."""
    return max(NARROWEST, -(-width // GRAIN) * GRAIN)


def form_batches(widths: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Batches of pictures by their widths: the width of all in one, and which they are.

    A batch is of one line, or of two, four or eight: for every new shape oneDNN generates kernels,
    some ten milliseconds for those of matrix products, which are the same for shapes of one area.
    """
    buckets: dict[int, list[int]] = {}
    for index, width in enumerate(widths):
        buckets.setdefault(padded(width), []).append(index)
    for width, members in sorted(buckets.items()):
        start = 0
        while start < len(members):
            size = _power_of_two(min(len(members) - start, max(1, BATCH // width)))
            yield width, members[start : start + size]
            start += size


def _power_of_two(most: int) -> int:
    """The largest power of two that is no more than a positive number."""
    return 1 << (most.bit_length() - 1)


def part_line(mask: Mask, step: int, longest: int = LONGEST) -> list[Cut]:
    """Where to cut a line with its ink in `mask`, `[height, width]`, into parts not too long.

    Each part ends in the middle of the widest gap of its second half, or where there is least
    ink if there is none. The columns are multiples of `step`.
    """
    width = mask.shape[1]
    counts = np.count_nonzero(mask, axis=0)
    inked = np.flatnonzero(counts)
    before = np.concatenate([[0], inked + 1])
    after = np.concatenate([inked, [width]])
    cuts: list[Cut] = []
    begin = 0
    while width - begin > longest:
        last = begin + longest
        columns = np.arange(last - last % step, begin + longest // 2, -step)
        gap = np.searchsorted(inked, columns)
        left, right = before[gap], after[gap]
        room = np.minimum(columns - left, right - columns)
        # The last of the best: as few parts as possible.
        best = np.lexsort((np.arange(len(columns)), counts[columns], -room))[0]
        begin = int(columns[best])
        cuts.append(Cut(begin, 0 if counts[begin] else int(right[best] - left[best])))
    return cuts
