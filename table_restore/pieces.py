"""Lines among runs of ink: the straight pieces, and those of several lines taken apart."""

from __future__ import annotations

import numpy as np

from table_restore.ruling import Ruling
from table_restore.strokes import Runs, find_pieces


def find_lines(runs: Runs, ink: Runs, em: float, max_thickness: float) -> list[Ruling]:
    """The lines that runs make, those of several lines taken apart; `ink` is what is there."""
    if not len(runs):
        return []
    pieces = find_pieces(runs, ink)
    width, height = pieces.right - pieces.left, pieces.bottom - pieces.top
    thickness = pieces.area / width
    # Not one line, be it a leaning one: a blot, or lines that touch.
    crooked = pieces.spread > 0.3 * thickness + 0.08 * em
    mixed = (thickness > max_thickness) | crooked | (height > thickness + 0.3 * em + 0.1 * width)
    found = [
        Ruling(
            True,
            float(pieces.middle[i]),
            int(pieces.left[i]),
            int(pieces.right[i]),
            float(thickness[i]),
            float(pieces.there[i]),
        )
        for i in np.flatnonzero(~mixed)
    ]
    for i in np.flatnonzero(mixed):
        found += _split(runs.where(pieces.label == i), em, max_thickness)
    return found


def _split(runs: Runs, em: float, max_thickness: float) -> list[Ruling]:
    """The lines in a piece of several: rows much longer than their neighbours."""
    top = int(runs.row[0])
    lengths = np.bincount(runs.row - top, weights=runs.length)
    long = lengths >= max(2.5 * em, 0.5 * float(lengths.max()))
    edges = np.flatnonzero(np.diff(np.concatenate(([0], long.astype(np.int8), [0])))).tolist()
    found = []
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        if last - first > max_thickness:
            continue
        low, high = np.searchsorted(runs.row, (top + first, top + last))
        there = np.zeros(int(runs.end.max()), np.bool_)
        for start, end in zip(runs.start[low:high], runs.end[low:high], strict=True):
            there[start:end] = True
        columns = np.flatnonzero(there)
        start, end = int(columns[0]), int(columns[-1]) + 1
        strength = len(columns) / (end - start)
        if strength >= 0.5:
            found.append(Ruling(True, top + (first + last) / 2, start, end, last - first, strength))
    return found
