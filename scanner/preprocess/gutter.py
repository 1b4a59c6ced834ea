"""Where an open book's two pages meet in a picture of both."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scanner.preprocess.look import Look
from scanner.preprocess.marks import Boxes, find_marks

Pixels = npt.NDArray[np.uint8]
Array = npt.NDArray[np.float64]

BROAD = 1.05
"""The print of two pages is broader than high by this at least."""

MIDDLE = 0.3
"""The gutter lies nearer to the middle of the print than this share of its width."""

LEANS = np.arange(-8.0, 8.5, 1.0)
"""Degrees from upright that a gutter is looked for at."""

NARROW, WIDE = 1.5, 3.0
"""Letter heights between the pages' print: the least with a shadow, and the least without."""

ALONE = 1.4
"""Without a shadow the gap is so many times as wide as any other between columns."""

SHADOW = 0.05
"""The light that is missing in a book's fold, as a share of that on the pages beside it."""

FEWEST = 12
"""Letters on either page."""


@dataclass(frozen=True, slots=True)
class Gutter:
    """The straight line from `top` to `bottom` of a picture between its two pages, as x there."""

    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class _Gap:
    """A band without letters, leaning by `lean` degrees; its ends as x at half height."""

    lean: float
    left: float
    right: float

    @property
    def width(self) -> float:
        return self.right - self.left


def find_gutter(picture: Pixels) -> Gutter | None:
    """The gutter of an open book in a picture `[height, width, 3]` that shows it upright.

    None where the picture shows one page. Two pages lie side by side with a band between them
    that no letter and no ruling crosses. Since columns do so too, the band must have a fold's
    shadow in it or be the widest of all by far, and the print broader than high.
    """
    look = Look.at(picture)
    if not len(look.letters):
        return None
    height = look.ink.shape[0]
    low, high = (
        np.percentile(look.letters[:, :2], 1, axis=0),
        np.percentile(look.letters[:, 2:], 99, axis=0),
    )
    if high[0] - low[0] < BROAD * (high[1] - low[1]):
        return None
    gaps = [gap for lean in LEANS for gap in _gaps(look.letters, lean, height)]
    middle, reach = (low[0] + high[0]) / 2, MIDDLE * (high[0] - low[0]) / 2
    central = [gap for gap in gaps if gap.left < middle + reach and gap.right > middle - reach]
    if not central:
        return None
    gap = max(central, key=lambda one: (round(one.width), -abs(one.lean)))
    place, shadow = _shadow(look, gap, (low[1], high[1]))
    if not _parts_pages(look, gap, gaps, shadow):
        return None
    slope = np.tan(np.radians(gap.lean))
    ends = np.array([(place - slope * height / 2, 0.0), (place + slope * height / 2, height)])
    top, bottom = ends[:, 0] / look.scale
    return Gutter(float(top), float(bottom))


def _parts_pages(look: Look, gap: _Gap, gaps: list[_Gap], shadow: float) -> bool:
    folded = shadow >= SHADOW
    if gap.width < (NARROW if folded else WIDE) * look.letter:
        return False
    slope = np.tan(np.radians(gap.lean))
    middles = (look.letters[:, :2] + look.letters[:, 2:]) / 2
    at = middles[:, 0] - slope * (middles[:, 1] - look.ink.shape[0] / 2)
    if min((at < gap.left).sum(), (at > gap.right).sum()) < FEWEST:
        return False
    others = [
        one.width
        for one in gaps
        if one.lean == gap.lean and (one.right <= gap.left or one.left >= gap.right)
    ]
    if not folded and gap.width < ALONE * max(others, default=0.0):
        return False
    return folded or not _is_crossed(look, gap)


def _gaps(letters: Boxes, lean: float, height: int) -> list[_Gap]:
    """Bands of that lean between letters, none beyond the outermost ones."""
    slope = float(np.tan(np.radians(lean)))
    shift = slope * ((letters[:, 1] + letters[:, 3]) / 2 - height / 2)
    left, right = letters[:, 0] - shift, letters[:, 2] - shift
    # A speck or two, or a page's number, stop no gap.
    first = int(min(left.min(), 0))
    cover = np.zeros(int(right.max()) - first + 2)
    np.add.at(cover, left.astype(int) - first, 1)
    np.add.at(cover, np.ceil(right).astype(int) - first, -1)
    free = np.cumsum(cover)[:-1] <= max(1, 0.002 * len(letters))
    edges = np.flatnonzero(np.diff(free.astype(np.int8), prepend=0, append=0))
    runs = edges.reshape(-1, 2) + first
    return [_Gap(lean, float(a), float(b)) for a, b in runs if a > left.min() and b < right.max()]


def _shadow(look: Look, gap: _Gap, rows: tuple[float, float]) -> tuple[float, float]:
    """Where in a gap it is darkest, and by how much darker than at the gap's two sides.

    Where it is evenly lit that is its middle.
    """
    grey = look.grey
    height, width = grey.shape
    slope = float(np.tan(np.radians(gap.lean)))
    upright = np.array([(1.0, -slope, slope * height / 2), (0.0, 1.0, 0.0)])
    level = cv2.warpAffine(grey, upright, (width, height), borderMode=cv2.BORDER_REPLICATE)
    band = level[int(rows[0]) : int(rows[1]) + 1, max(0, int(gap.left)) : int(gap.right) + 1]
    light = np.median(band, axis=0).astype(np.float64)
    inner = max(1, len(light) // 6)
    if len(light) < 6:
        return (gap.left + gap.right) / 2, 0.0
    soft = np.convolve(np.pad(light, 1, mode="edge"), np.ones(3) / 3, mode="valid")
    darkest = inner + int(soft[inner:-inner].argmin())
    sides = min(soft[:darkest].max(initial=0.0), soft[darkest + 1 :].max(initial=0.0))
    depth = 1 - float(soft[darkest]) / max(float(sides), 1.0)
    place = max(0, int(gap.left)) + darkest + 0.5
    return (place, depth) if depth >= SHADOW else ((gap.left + gap.right) / 2, depth)


def _is_crossed(look: Look, gap: _Gap) -> bool:
    """Whether a ruling among the letters, as of a table, goes from side to side of a gap."""
    slope = float(np.tan(np.radians(gap.lean)))
    tall = look.ink.shape[0]
    low, high = np.percentile(look.letters[:, 1], 1), np.percentile(look.letters[:, 3], 99)
    for trace in find_marks(look.ink, look.everywhere).rows:
        x = trace[:, 0] - slope * (trace[:, 1] - tall / 2)
        inside = low < float(np.median(trace[:, 1])) < high
        if inside and x.min() < gap.left - look.letter and x.max() > gap.right + look.letter:
            return True
    return False
