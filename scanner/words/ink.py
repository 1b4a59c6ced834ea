"""Where exactly the ink of a recognised line is: characters' places from steps to pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from scanner.words.ctc import Glyph

Pixels = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Extent:
    """A rectangle in a line's picture, edges in pixels, right and bottom exclusive.

    `dotted` says of an i or l whether a blank row parts what is at its top.
    """

    left: float
    top: float
    right: float
    bottom: float
    dotted: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A line's characters and where the ink of each is; a space has no place."""

    glyphs: list[Glyph]
    extents: list[Extent | None]


def ink_mask(picture: Pixels) -> Mask:
    """What is written in a line's picture, RGB or grey: True where there is ink.

    Works for dark text on light ground and the other way round. Rulings that run along the
    line or stand across it, and what reaches in from the lines above and below, are left out.
    """
    flat = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    grey = np.asarray(flat, dtype=np.uint8)
    dark, rulings = _dark(grey, grey)
    if rulings.any() and not rulings.all():
        # A ruling blacker than thin letters draws the threshold away from theirs.
        dark, rulings = _dark(grey, grey[rulings == 0])
    dark -= rulings
    height = grey.shape[0]
    count, labels, stats, centers = cv2.connectedComponentsWithStatsWithAlgorithm(
        dark, connectivity=8, ltype=cv2.CV_32S, ccltype=cv2.CCL_GRANA
    )
    tops = stats[:, cv2.CC_STAT_TOP]
    heights = stats[:, cv2.CC_STAT_HEIGHT]
    touches = (tops == 0) | (tops + heights == height)
    keep = np.ones(count, dtype=bool)
    keep[0] = False
    keep &= stats[:, cv2.CC_STAT_AREA] > SPECK
    # A neighbour's descender or accent: it comes over the edge and stays in the margin.
    outer = (centers[:, 1] < 0.2 * height) | (centers[:, 1] > 0.8 * height)
    keep &= ~(touches & outer & (heights < 0.35 * height))
    if not keep.any() or keep[1:].all():
        return dark.astype(bool)
    return np.asarray(keep.take(np.asarray(labels)))


def _dark(grey: Pixels, sample: Pixels) -> tuple[Pixels, Pixels]:
    """Where a picture is on the ink's side of the sample's threshold, and the rulings therein."""
    level, _ = cv2.threshold(sample, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    # Paper is what most of a line's rim shows.
    rim = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    dark = np.asarray(grey <= level if np.median(rim) > level else grey > level, dtype=np.uint8)
    return dark, _rulings(dark)


def _rulings(dark: Pixels) -> Pixels:
    """Ink in runs too long for letters: thin ones along the line, and from edge to edge across."""
    height = dark.shape[0]
    long, high = int(2.5 * height), int(0.95 * height)
    # One that leans by a pixel or two is whole only where its neighbour columns count too.
    wide = np.asarray(cv2.dilate(dark, np.ones((1, 3), np.uint8)), dtype=np.uint8)
    found = _runs(wide, (high, 1)) & dark
    # Without half that much ink in a row (runs may go on outside) there is none, as in most lines.
    if 2 * dark.sum(axis=1).max() >= long:
        found |= _runs(dark, (1, long))
    return found


def _runs(dark: Pixels, shape: tuple[int, int]) -> Pixels:
    """What a bar of that height and width fits into, or would if it were not at the rim."""
    bar = np.ones(shape, dtype=np.uint8)
    fits = cv2.erode(dark, bar)
    return np.asarray(cv2.dilate(fits, bar) if fits.any() else fits, dtype=np.uint8)


def locate(glyphs: list[Glyph], mask: Mask, step: float) -> list[Extent | None]:
    """The ink of each character in a line's picture; `step` is the pixels of one CTC step.

    Neighbours part where, between their centres, the fewest pixels are inked; each takes the
    box of the ink on its side. A space has none; a character without any ink takes its step, as
    high as the line's others.
    """
    width = mask.shape[1]
    ink = _Columns.of(mask)
    centers = [min(max(glyph.center * step, 0.0), float(width)) for glyph in glyphs]
    edges = [0.0]
    for left, right in pairwise(centers):
        edges.append(_parting(ink.counts, left, right))
    edges.append(float(width))
    found = [
        _ink_of(glyph, ink, mask, sides, center, step)
        for glyph, center, sides in zip(glyphs, centers, pairwise(edges), strict=True)
    ]
    rise = _usual_rise(found, mask)
    return [
        extent or (Extent(*_around(center, step, width, rise)) if glyph.text.strip() else None)
        for glyph, center, extent in zip(glyphs, centers, found, strict=True)
    ]


def _ink_of(
    glyph: Glyph,
    ink: _Columns,
    mask: Mask,
    sides: tuple[float, float],
    center: float,
    step: float,
) -> Extent | None:
    if not glyph.text.strip():
        return None
    extent = _hug(ink, *sides, center, step)
    if extent and glyph.text.isalnum() and extent.bottom - extent.top < LOWEST:
        return None  # a speck beside a letter that touches its neighbour
    if extent and glyph.text in DOTTED:
        return replace(extent, dotted=_has_dot(mask, extent))
    return extent


def _has_dot(mask: Mask, extent: Extent) -> bool:
    """Whether a blank row parts the ink in the upper half of a box."""
    top, bottom = int(extent.top), int(extent.bottom)
    upper = mask[top : (top + bottom + 1) // 2, int(extent.left) : int(extent.right)]
    return not bool(upper.any(axis=1).all())


def _usual_rise(found: list[Extent | None], mask: Mask) -> tuple[float, float]:
    """The top and bottom of most characters of a line, the picture's where none has ink."""
    extents = [extent for extent in found if extent is not None]
    if not extents:
        return 0.0, float(len(mask))
    return median(e.top for e in extents), median(e.bottom for e in extents)


@dataclass(frozen=True, slots=True)
class _Columns:
    """The ink of each column: how many pixels, the first row and the one after the last."""

    counts: list[int]
    tops: list[int]
    bottoms: list[int]

    @staticmethod
    def of(mask: Mask) -> _Columns:
        return _Columns(
            np.count_nonzero(mask, axis=0).tolist(),
            mask.argmax(axis=0).tolist(),
            (len(mask) - mask[::-1].argmax(axis=0)).tolist(),
        )


def _parting(counts: list[int], left: float, right: float) -> float:
    """The emptiest column between two centres, nearest to the middle among equals."""
    first, last = int(left), max(int(right), int(left) + 1)
    middle = (left + right) / 2
    between = counts[first:last]
    if not between:
        return middle
    least = min(between)
    emptiest = [first + place for place, count in enumerate(between) if count == least]
    return float(min(emptiest, key=lambda column: abs(column - middle)))


def _hug(ink: _Columns, left: float, right: float, center: float, step: float) -> Extent | None:
    """The box of the ink between two edges, without what lies far from the character."""
    first = max(math.floor(left), int(center - REACH * step))
    last = min(math.ceil(right), math.ceil(center + REACH * step))
    inked = [x for x in range(first, min(last, len(ink.counts))) if ink.counts[x]]
    if not inked:
        return None
    top, bottom = min(ink.tops[x] for x in inked), max(ink.bottoms[x] for x in inked)
    return Extent(float(inked[0]), float(top), float(inked[-1] + 1), float(bottom))


def _around(
    center: float, step: float, width: int, rise: tuple[float, float]
) -> tuple[float, float, float, float]:
    left = min(max(center - step / 2, 0.0), width - 1.0)
    return left, rise[0], min(left + step, float(width)), rise[1]


DOTTED = frozenset("il")
"""Letters that their dot tells apart."""

LOWEST = 6.0
"""Ink lower than this is no letter or digit, in a picture 48 pixels high."""

SPECK = 3
"""Pieces of no more pixels are specks, in a picture 48 pixels high."""

REACH = 5.0
"""A character's ink ends within this many steps of its centre (a wide em dash fills 4)."""
