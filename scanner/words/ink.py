"""Where exactly the ink of a recognised line is: characters' places from steps to pixels."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from scanner.words.ctc import Glyph

Pixels = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]


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

    @property
    def middle(self) -> float:
        """Halfway between its left and right edge."""
        return (self.left + self.right) / 2


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
    lighter = 2 * np.count_nonzero(rim > level) - rim.size
    light = lighter > 0 or (lighter == 0 and np.median(rim) > level)
    dark = np.asarray(grey <= level if light else grey > level, dtype=np.uint8)
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
    if not glyphs:
        return []
    width = mask.shape[1]
    centers = (np.array([glyph.center for glyph in glyphs]) * step).clip(0.0, float(width))
    counts = np.count_nonzero(mask, axis=0)
    edges = np.concatenate([[0.0], _partings(counts, centers), [float(width)]])
    boxes = _boxes(mask, counts, edges, centers, step)
    found = [_ink_of(glyph, box, mask) for glyph, box in zip(glyphs, boxes, strict=True)]
    rise = _usual_rise(found, mask)
    return [
        extent or (Extent(*_around(center, step, width, rise)) if glyph.text.strip() else None)
        for glyph, center, extent in zip(glyphs, centers.tolist(), found, strict=True)
    ]


def _ink_of(glyph: Glyph, box: list[float], mask: Mask) -> Extent | None:
    """The box of a character's ink, if it is its own; `box` is empty where there is no ink."""
    left, top, right, bottom = box
    if left >= right or not glyph.text.strip():
        return None
    if bottom - top < LOWEST and glyph.text.isalnum():
        return None  # a speck beside a letter that touches its neighbour
    dotted = glyph.text in DOTTED and _has_dot(mask, left, top, right, bottom)
    return Extent(left, top, right, bottom, dotted)


def _has_dot(mask: Mask, left: float, top: float, right: float, bottom: float) -> bool:
    """Whether a blank row parts the ink in the upper half of a box."""
    upper = mask[int(top) : int(top + bottom + 1) // 2, int(left) : int(right)]
    return not bool(upper.any(axis=1).all())


def _usual_rise(found: list[Extent | None], mask: Mask) -> tuple[float, float]:
    """The top and bottom of most characters of a line, the picture's where none has ink."""
    extents = [extent for extent in found if extent is not None]
    if not extents:
        return 0.0, float(len(mask))
    return median(e.top for e in extents), median(e.bottom for e in extents)


def _partings(counts: Integers, centers: Floats) -> Floats:
    """Between each centre and the next the emptiest column, nearest to their middle among equals.

    `counts` are the inked pixels of each column.
    """
    left, right = centers[:-1], centers[1:]
    middle = (left + right) / 2
    first = left.astype(np.intp)
    columns, owner, starts = _spans(first, np.maximum(right.astype(np.intp), first + 1))
    if not len(columns):
        return middle
    inked = counts[np.minimum(columns, len(counts) - 1)]
    off = np.abs(columns - middle[owner])
    off[inked > np.minimum.reduceat(inked, starts)[owner]] = np.inf
    nearest = np.flatnonzero(off == np.minimum.reduceat(off, starts)[owner])
    _, best = np.unique(owner[nearest], return_index=True)
    return np.where(first < len(counts), columns[nearest[best]].astype(np.float64), middle)


def _boxes(
    mask: Mask, counts: Integers, edges: Floats, centers: Floats, step: float
) -> list[list[float]]:
    """The box of the ink between each two edges, without what lies far from the centre there."""
    first = np.maximum(np.floor(edges[:-1]), np.trunc(centers - REACH * step)).astype(np.intp)
    last = np.minimum(np.ceil(edges[1:]), np.ceil(centers + REACH * step)).astype(np.intp)
    columns, owner, starts = _spans(first, np.minimum(last, len(counts)))
    boxes = np.zeros((len(centers), 4))
    if not len(columns):
        return boxes.tolist()
    inked = counts[columns] > 0
    top, bottom = mask.argmax(axis=0)[columns], len(mask) - mask[::-1].argmax(axis=0)[columns]
    some = owner[starts]
    beyond = len(counts) + len(mask)
    boxes[some, 0] = np.minimum.reduceat(np.where(inked, columns, beyond), starts)
    boxes[some, 1] = np.minimum.reduceat(np.where(inked, top, beyond), starts)
    boxes[some, 2] = np.maximum.reduceat(np.where(inked, columns + 1, 0), starts)
    boxes[some, 3] = np.maximum.reduceat(np.where(inked, bottom, 0), starts)
    return boxes.tolist()


def _spans(first: Integers, last: Integers) -> tuple[Integers, Integers, Integers]:
    """The columns of each span, one span after the other, whose they are, and where each begins.

    Spans without a column are left out.
    """
    length = np.maximum(last - first, 0)
    ends = length.cumsum()
    owner = np.repeat(np.arange(len(first)), length)
    columns = np.arange(len(owner)) - (ends - length - first)[owner]
    return columns, owner, (ends - length)[length > 0]


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
