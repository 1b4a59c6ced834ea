"""Dark grounds, as of a table's header, made as light as paper, with the lines on them as ink."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]

_DARK = 0.55  # the brightness of a dark ground, as a share of that of the paper, at most
_LOWEST = 0.75  # lower ones, in text heights, are thick lines
_HIGHEST = 12.0  # dark grounds that are higher, in text heights, are pictures, or a desk
_WORDS = 0.8  # the share of a dark ground that words cover at most
_STROKE = 0.5  # the width of a line at most, in text heights
_ALONG = 0.7  # lines are followed for so many text heights, noise is not
_NOISE = 5.0  # how much higher than usual steps on a dark ground a line is
_RIM = 0.25  # the blurred rim of a dark ground, in text heights


def bright_channel(pixels: npt.NDArray[np.uint8]) -> Grey:
    """The greatest of red, green and blue [h, w]: what is coloured stands out from dark grounds."""
    red, green, blue = cv2.split(pixels)
    return np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)


def find_dark(ground: Grey, words: Grey, em: float) -> Grey | None:
    """Where a page's ground is dark (1) or not (0), its rim included; None if it is so nowhere.

    `ground` is the page [h, w] without words and dark strokes, `words` where those are that were
    painted over, maybe in the shade of a line beside them; `em` is the height of the page's text.
    """
    paper = float(np.percentile(ground[::4, ::4], 90))
    if not (ground[::4, ::4] < _DARK * paper).any():
        return None
    plain = cv2.morphologyEx(ground, cv2.MORPH_OPEN, _square(_STROKE * em))
    dark = np.asarray(plain < _DARK * paper, np.uint8)
    dark = np.asarray(cv2.morphologyEx(dark, cv2.MORPH_OPEN, _square(_LOWEST * em)), np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=4)
    left, top, width, height, area = stats.T
    inside = (left > 0) & (top > 0) & (left + width < dark.shape[1])
    low = inside & (top + height < dark.shape[0]) & (height <= _HIGHEST * em)
    low &= np.bincount(labels.ravel(), words.ravel(), len(stats)) <= _WORDS * area
    low[0] = False
    if not low.any():
        return None
    return np.asarray(cv2.dilate(low.astype(np.uint8)[labels], _square(2 * _RIM * em)), np.uint8)


def on_paper(page: Grey, planes: Callable[[], tuple[Grey, ...]], dark: Grey, em: float) -> Grey:
    """The page with its dark grounds light and whatever is drawn on them dark.

    `planes` are pictures of the page [h, w] without its words; a line is darker or lighter than
    both its sides in one of them.
    """
    paper = float(np.percentile(page[::4, ::4], 90))
    part = _part_around(dark, em)
    light = page.copy()
    light[part] = _relieved(page[part], [p[part] for p in planes()], dark[part], paper, em)
    return light


def _part_around(mask: Grey, em: float) -> tuple[slice, slice]:
    """The rows and columns of a page that tell all that `_relief` finds inside a mask."""
    left, top, width, height = cv2.boundingRect(mask)
    reach = int(max(_ALONG, 2 * _STROKE) * em) + 4
    return (
        slice(max(0, top - reach), top + height + reach),
        slice(max(0, left - reach), left + width + reach),
    )


def _relieved(page: Grey, planes: Sequence[Grey], dark: Grey, paper: float, em: float) -> Grey:
    """`on_paper` of a part of a page with all its dark grounds."""
    inside, core = dark > 0, cv2.erode(dark, _square(4 * _RIM * em)) > 0
    relief = np.maximum.reduce([_relief(plane, em) for plane in planes]).astype(np.float32)
    relief[relief < _NOISE * np.median(relief[inside])] = 0.0
    # A step counts by its share of the brightness around it.
    gain = np.where(core, paper / max(1.0, float(np.median(page[inside]))), 1.0)
    return np.where(inside, np.clip(paper - gain * relief, 0, 255), page).astype(np.uint8)


def _relief(plane: Grey, em: float) -> Grey:
    """By how many grey levels level and upright lines differ from both their sides."""
    found = []
    for turned in (plane, plane.T):
        along = cv2.blur(np.ascontiguousarray(turned), (max(3, int(_ALONG * em)) | 1, 1))
        across = np.ones((max(3, int(_STROKE * em)) | 1, 1), np.uint8)
        ridge = cv2.max(
            cv2.morphologyEx(along, cv2.MORPH_TOPHAT, across),
            cv2.morphologyEx(along, cv2.MORPH_BLACKHAT, across),
        )
        found.append(np.asarray(ridge if turned is plane else ridge.T, np.uint8))
    return np.maximum(*found)


def _square(size: float) -> npt.NDArray[np.uint8]:
    side = max(3, int(size)) | 1
    return np.ones((side, side), np.uint8)
