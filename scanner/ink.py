"""Where exactly the ink of a recognised line is: characters' places from steps to pixels."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from scanner.ctc import Glyph

Pixels = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Extent:
    """A rectangle in a line's picture, edges in pixels, right and bottom exclusive."""

    left: float
    top: float
    right: float
    bottom: float


def ink_mask(picture: Pixels) -> Mask:
    """What is written in a line's picture `[height, width, 3]`: True where there is ink.

    Works for dark text on light ground and the other way round. Rulings that run along the
    line or stand across it, and what reaches in from the lines above and below, are left out.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    level, inked = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    dark = np.asarray(inked, dtype=np.uint8)
    # Paper is what most of a line's rim shows.
    rim = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    if np.median(rim) <= level:
        dark = np.uint8(1) - dark
    height = grey.shape[0]
    dark = dark - _rulings(dark)
    count, labels, stats, centers = cv2.connectedComponentsWithStats(dark, connectivity=8)
    tops = stats[:, cv2.CC_STAT_TOP]
    heights = stats[:, cv2.CC_STAT_HEIGHT]
    touches = (tops == 0) | (tops + heights == height)
    keep = np.ones(count, dtype=bool)
    keep[0] = False
    keep &= stats[:, cv2.CC_STAT_AREA] > SPECK
    # A neighbour's descender or accent: it comes over the edge and stays in the margin.
    outer = (centers[:, 1] < 0.2 * height) | (centers[:, 1] > 0.8 * height)
    keep &= ~(touches & outer & (heights < 0.35 * height))
    mask = keep[labels]
    return mask if mask.any() else dark.astype(bool)


def _rulings(dark: Pixels) -> Pixels:
    """Ink in runs too long for letters: thin ones along the line, and from edge to edge across."""
    height = dark.shape[0]
    along = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, int(2.5 * height)), np.uint8))
    # One that leans by a pixel or two is whole only where its neighbour columns count too.
    wide = cv2.dilate(dark, np.ones((1, 3), np.uint8))
    across = cv2.morphologyEx(wide, cv2.MORPH_OPEN, np.ones((int(0.95 * height), 1), np.uint8))
    return np.asarray(cv2.bitwise_or(along, cv2.bitwise_and(across, dark)), dtype=np.uint8)


def locate(glyphs: list[Glyph], mask: Mask, step: float) -> list[Extent | None]:
    """The ink of each character in a line's picture; `step` is the pixels of one CTC step.

    Neighbours part where, between their centres, the fewest pixels are inked; each takes the
    box of the ink on its side. A space has none; a character without any ink takes its step, as
    high as the line's others.
    """
    width = mask.shape[1]
    columns = mask.sum(axis=0)
    centers = [min(max(glyph.center * step, 0.0), float(width)) for glyph in glyphs]
    edges = [0.0]
    for left, right in pairwise(centers):
        edges.append(_parting(columns, left, right))
    edges.append(float(width))
    found = [
        _ink_of(glyph, mask, sides, center, step)
        for glyph, center, sides in zip(glyphs, centers, pairwise(edges), strict=True)
    ]
    rise = _usual_rise(found, mask)
    return [
        extent or (Extent(*_around(center, step, width, rise)) if glyph.text.strip() else None)
        for glyph, center, extent in zip(glyphs, centers, found, strict=True)
    ]


def _ink_of(
    glyph: Glyph, mask: Mask, sides: tuple[float, float], center: float, step: float
) -> Extent | None:
    if not glyph.text.strip():
        return None
    extent = _hug(mask, *sides, center, step)
    if extent and glyph.text.isalnum() and extent.bottom - extent.top < LOWEST:
        return None  # a speck beside a letter that touches its neighbour
    return extent


def _usual_rise(found: list[Extent | None], mask: Mask) -> tuple[float, float]:
    """The top and bottom of most characters of a line, the picture's where none has ink."""
    extents = [extent for extent in found if extent is not None]
    if not extents:
        return 0.0, float(len(mask))
    return median(e.top for e in extents), median(e.bottom for e in extents)


def _parting(columns: npt.NDArray[np.int64], left: float, right: float) -> float:
    """The emptiest column between two centres, nearest to the middle among equals."""
    first, last = int(left), max(int(right), int(left) + 1)
    between = columns[first:last]
    if not len(between):
        return (left + right) / 2
    emptiest = np.flatnonzero(between == between.min()) + first
    middle = (left + right) / 2
    return float(emptiest[np.abs(emptiest - middle).argmin()])


def _hug(mask: Mask, left: float, right: float, center: float, step: float) -> Extent | None:
    """The box of the ink between two edges, without what lies far from the character."""
    first, last = int(np.floor(left)), int(np.ceil(right))
    first = max(first, int(center - REACH * step))
    last = min(last, int(np.ceil(center + REACH * step)))
    part = mask[:, first:last]
    xs = np.flatnonzero(part.any(axis=0))
    if not len(xs):
        return None
    ys = np.flatnonzero(part.any(axis=1))
    return Extent(float(first + xs[0]), float(ys[0]), float(first + xs[-1] + 1), float(ys[-1] + 1))


def _around(
    center: float, step: float, width: int, rise: tuple[float, float]
) -> tuple[float, float, float, float]:
    left = min(max(center - step / 2, 0.0), width - 1.0)
    return left, rise[0], min(left + step, float(width)), rise[1]


LOWEST = 6.0
"""Ink lower than this is no letter or digit, in a picture 48 pixels high."""

SPECK = 3
"""Pieces of no more pixels are specks, in a picture 48 pixels high."""

REACH = 5.0
"""A character's ink ends within this many steps of its centre (a wide em dash fills 4)."""
