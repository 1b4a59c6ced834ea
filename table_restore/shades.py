"""Edges of shaded grounds: long straight places where the paper changes its shade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from table_restore.geometry import Box
from table_restore.pieces import find_lines
from table_restore.ruling import Ruling
from table_restore.strokes import find_runs

Grey = npt.NDArray[np.uint8]

_WEAK = 0.5  # the strength of a drawn line that leaves the edge of a shade its place
SAME_EDGE = 0.8  # parallel edges closer than this many text heights are one: no text is so low
_EDGE_CONTRAST = 7  # grey levels between the two sides of a shade's edge


def find_ground(grey: Grey, width: float) -> Grey:
    """The page without its ink: strokes up to `width` are filled with what is around them."""
    size = max(3, int(width)) | 1
    return np.asarray(cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8)))


def without_words(grey: Grey, words: Sequence[Box]) -> Grey:
    """The page with every word painted over in the shade around it."""
    if not words:
        return grey
    clean = grey.copy()
    height, width = grey.shape
    edges = np.array([(w.left - 2, w.top - 2, w.right + 1, w.bottom + 1) for w in words]).astype(
        int
    )
    left, right = np.clip(edges[:, [0, 2]], 0, width - 1).T
    top, bottom = np.clip(edges[:, [1, 3]], 0, height - 1).T
    x, y = (left + right) // 2, (top + bottom) // 2
    around = ((left, top), (x, top), (right, top), (left, bottom), (x, bottom), (right, bottom))
    samples = np.stack([grey[b, a] for a, b in (*around, (left, y), (right, y))])
    for a, b, c, d, shade in zip(left, top, right, bottom, np.median(samples, axis=0), strict=True):
        clean[b : d + 1, a : c + 1] = shade
    return clean


def find_edges(ground: Grey, em: float, paper: float) -> list[Ruling]:
    """Where the ground changes its shade along a long straight line; `paper` is the usual one."""
    step = max(2, int(0.12 * em))
    if len(ground) <= 2 * step:
        return []
    above, below = ground[: -2 * step], ground[2 * step :]
    found = []
    for low, high in ((above, below), (below, above)):
        rise = np.zeros(ground.shape, np.uint8)
        rise[step:-step] = cv2.subtract(high, low)
        # The blurred edge of a dark ground is as wide as its steeper half.
        near = cv2.dilate(rise, np.ones((4 * step + 1, 1), np.uint8))
        steep = np.asarray((rise >= _EDGE_CONTRAST) & (cv2.add(rise, rise) >= near), np.uint8)
        runs = find_runs(steep).longer(max(3, int(2 * em)))
        found += find_lines(runs, runs, em, max_thickness=2.5 * step + 2)
    return [
        replace(r, thickness=1.0, drawn=False) for r in found if not _is_seam(r, ground, em, paper)
    ]


def _is_seam(edge: Ruling, ground: Grey, em: float, paper: float) -> bool:
    """Whether the shade is the same on both sides of an edge, unless paper parts two grounds:
    where a printer's bands meet, or what painting a word over has left.
    """
    place = int(edge.position)
    columns = slice(int(edge.start), int(edge.end))

    def shade(rows: slice) -> float:
        part = ground[rows, columns]
        return float(median_level(part.ravel())) if part.size else paper

    reach, width = max(2, int(0.4 * em)), max(1, int(0.2 * em))
    above = shade(slice(max(0, place - reach - width), max(1, place - reach)))
    below = shade(slice(place + reach, place + reach + width))
    middle = max(shade(slice(y, y + 1)) for y in range(max(0, place - 2), place + 3))
    parted = above < paper - _EDGE_CONTRAST <= middle
    return abs(above - below) < _EDGE_CONTRAST and not parted


def beyond_lines(edges: Sequence[Ruling], lines: Sequence[Ruling], em: float) -> list[Ruling]:
    """Edges without those that are the sides of lines, but for such as show that a line goes on."""
    kept = []
    # Dots that an edge has swallowed here and there are no line.
    lines = [r for r in lines if r.strength >= _WEAK]
    position, thickness, start, end = (
        np.array([(r.position, r.thickness, r.start, r.end) for r in lines]).reshape(-1, 4).T
    )
    for edge in edges:
        common = np.minimum(edge.end, end) - np.maximum(edge.start, start)
        near = np.abs(edge.position - position) <= SAME_EDGE * em + thickness / 2
        sides = [lines[i] for i in np.flatnonzero(near & (common >= 0.5 * edge.length))]
        if not sides:
            kept.append(edge)
        elif edge.length > max(r.end for r in sides) - min(r.start for r in sides) + 2 * em:
            longest = max(sides, key=lambda r: r.length)
            kept.append(replace(edge, position=longest.position))
    return kept


def median_level(
    levels: npt.NDArray[np.uint8] | npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """`numpy.median` over the first axis, which takes many times as long for few numbers."""
    middle = len(levels) // 2
    ordered = np.partition(levels, middle, axis=0)
    upper = np.asarray(ordered[middle], np.float64)
    return upper if len(levels) % 2 else (ordered[:middle].max(axis=0) + upper) / 2
