"""Folds, shadows, strokes through letters and the rim of a scan, which look like rulings."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from table_restore.document import Word
from table_restore.geometry import Box, Edges
from table_restore.graph import meet
from table_restore.ruling import Ruling

CORE = 0.1
"""The share of a letter's width at either side that a ruling may touch by accident."""

WHOLE = 0.95
WEAK = 0.6
"""The share of its length that is there in an unbroken ruling, and in a weak one at most."""

HALF = 0.5
SEVERAL = 6
"""So many rulings tell a page's pen; where they are dashed, one with less than this share of their
ink is none of them."""

HITS = 0.1
LEAST = 4
"""A line down the page through the core of letters in this share of its rows, and in at least so
many, is no ruling."""


PARTED = 0.25
"""The share of rows in which such a line goes between letters of a word: in type of one pitch it
may miss their cores."""

RIM = 0.5
ALONE = 1.0
"""A line so close to the picture's edge, with no text so close to it, is the rim of the scan,
unless another one meets it; in text heights."""

_IDEOGRAPHS = "\u2e80"
"""Characters from here on stand without spaces, so that the text of two cells may seem one word."""


def without_creases(
    rulings: Sequence[Ruling], characters: Edges, joints: Edges | None = None
) -> list[Ruling]:
    """The rulings without those down the page that cross letters.

    `characters` are the upright boxes of all of them; `joints` are `letter_joints`.

    What a printer draws between columns stands between letters. A fold, the shadow of an edge
    or a scanner's streak does not care what it crosses.
    """
    letters = _letters(characters)
    whole = _letters(np.zeros((0, 4)) if joints is None else joints)
    return [
        r
        for r in rulings
        if r.horizontal
        or not (_crosses(r, letters, HITS, LEAST) or _crosses(r, whole, PARTED, 2 * LEAST))
    ]


def letter_joints(words: Sequence[Word], characters: Edges) -> Edges:
    """From the middle of a letter to the middle of the next one that surely is of the same word.

    `characters` are the upright boxes of the words' characters, in order. Numbers and words that
    begin with a capital may be two cells' that were read as one.
    """
    first = []
    number = 0
    for word in words:
        for one, other in pairwise(word.characters):
            letters = (one.text + other.text).isalpha() and max(one.text, other.text) < _IDEOGRAPHS
            if letters and not (one.text.islower() and other.text.isupper()):
                first.append(number)
            number += 1
        number += bool(word.characters)  # the last of a word has none to its right
    a, b = characters[first], characters[[n + 1 for n in first]]
    left, right = (a[:, 0] + a[:, 2]) / 2, (b[:, 0] + b[:, 2]) / 2
    top, bottom = np.minimum(a[:, 1], b[:, 1]), np.maximum(a[:, 3], b[:, 3])
    return np.stack((left, top, right, bottom), axis=1)[left < right]


def without_rim(
    rulings: Sequence[Ruling], words: Sequence[Box], shape: tuple[int, int], text_height: float
) -> list[Ruling]:
    """The rulings of a picture, `shape` its height and width, without its own edges.

    Scans show a dark rim where the paper ends. It frames the whole page, not a table.
    """
    height, width = shape

    def at_rim(ruling: Ruling) -> bool:
        far = height if ruling.horizontal else width
        return min(ruling.position, far - ruling.position) < RIM * text_height

    inner = [r for r in rulings if r.drawn and not at_rim(r)]
    return [
        r
        for r in rulings
        if not at_rim(r)
        or any(meet(r, o, text_height) for o in inner)
        or any(r.box.grow(ALONE * text_height).intersection(word) for word in words)
    ]


def of_one_pen(rulings: Sequence[Ruling]) -> list[Ruling]:
    """The drawn rulings without those much weaker than the page's own.

    A page's rulings come from one pen or one plotter: where at least six are unbroken, a thin
    one with large gaps is a row of letters' feet; where six are dashed, one with half of their
    ink at most is letters' strokes.
    """
    strengths = sorted((r.strength for r in rulings if r.drawn), reverse=True)
    if len(strengths) < SEVERAL:
        return list(rulings)
    usual = strengths[SEVERAL - 1]
    least = WEAK if usual > WHOLE else HALF * usual
    return [r for r in rulings if not r.drawn or r.strength > least]


def _letters(edges: Edges) -> Edges:
    """The boxes that are not as thin as a ruling themselves."""
    wide = (edges[:, 2] - edges[:, 0]) > 0.4 * (edges[:, 3] - edges[:, 1])
    return np.asarray(edges[wide], dtype=np.float64)


def _crosses(ruling: Ruling, letters: Edges, share: float, least: int) -> bool:
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
