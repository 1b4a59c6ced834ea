"""Folds, shadows and strokes that look like rulings but run through letters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from table_restore.document import Word
from table_restore.geometry import Box
from table_restore.ruling import Ruling
from table_restore.upright import Upright

CORE = 0.1
"""The share of a letter's width at either side that a ruling may touch by accident."""

WHOLE = 0.95
WEAK = 0.6
"""The share of its length that is there in an unbroken ruling, and in a weak one at most."""

HITS = 0.1
LEAST = 4
"""A line down the page through the core of letters in this share of its rows, and in at least so
many, is no ruling."""


PARTED = 0.25
"""The share of rows in which such a line goes between letters of a word: in type of one pitch it
may miss their cores."""

_IDEOGRAPHS = "\u2e80"
"""Characters from here on stand without spaces, so that the text of two cells may seem one word."""


def without_creases(
    rulings: Sequence[Ruling], characters: Sequence[Box], joints: Sequence[Box] = ()
) -> list[Ruling]:
    """The rulings without those down the page that cross letters.

    `characters` are the upright boxes of all of them; `joints` are `letter_joints`.

    What a printer draws between columns stands between letters. A fold, the shadow of an edge
    or a scanner's streak does not care what it crosses.
    """
    letters, whole = _letters(characters), _letters(joints)
    return [
        r
        for r in rulings
        if r.horizontal
        or not (_crosses(r, letters, HITS, LEAST) or _crosses(r, whole, PARTED, 2 * LEAST))
    ]


def letter_joints(words: Sequence[Word], upright: Upright) -> list[Box]:
    """From the middle of a letter to the middle of the next one that surely is of the same word.

    Numbers and words that begin with a capital may be two cells' that were read as one.
    """
    joints = []
    for word in words:
        for one, other in pairwise(word.characters):
            letters = (one.text + other.text).isalpha() and max(one.text, other.text) < _IDEOGRAPHS
            if letters and not (one.text.islower() and other.text.isupper()):
                a, b = upright.box(one.polygon), upright.box(other.polygon)
                if a.center[0] < b.center[0]:
                    top, bottom = min(a.top, b.top), max(a.bottom, b.bottom)
                    joints.append(Box(a.center[0], top, b.center[0], bottom))
    return joints


def of_one_pen(rulings: Sequence[Ruling]) -> list[Ruling]:
    """The drawn rulings without weak ones, on a page whose rulings are drawn whole.

    A page's rulings come from one pen or one plotter: where at least six are unbroken, a thin
    one with large gaps is a row of letters' feet.
    """
    if sum(r.drawn and r.strength > WHOLE for r in rulings) < 6:
        return list(rulings)
    return [r for r in rulings if not r.drawn or r.strength > WEAK]


def _letters(boxes: Sequence[Box]) -> npt.NDArray[np.float64]:
    """Left, top, right, bottom of every character that is not as thin as a ruling itself."""
    edges = np.array([(b.left, b.top, b.right, b.bottom) for b in boxes]).reshape(-1, 4)
    wide = (edges[:, 2] - edges[:, 0]) > 0.4 * (edges[:, 3] - edges[:, 1])
    return np.asarray(edges[wide], dtype=np.float64)


def _crosses(ruling: Ruling, letters: npt.NDArray[np.float64], share: float, least: int) -> bool:
    """Whether a ruling goes through the core of letters, or words, in a share of their rows."""
    left, top, right, bottom = letters.T
    middle = (top + bottom) / 2
    beside = (middle > ruling.start) & (middle < ruling.end)
    margin = CORE * (right - left)
    inside = (left + margin < ruling.position) & (ruling.position < right - margin)
    hits = int((beside & inside).sum())
    # Rows of text beside the ruling: letters' middles, counted once a letter height.
    heights = (bottom - top)[beside]
    if hits < least or not len(heights):
        return False
    rows = len(np.unique(np.rint(middle[beside] / np.median(heights))))
    return hits >= share * rows
