"""What the texts and boxes of lines say about how they belong together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import mean, median

import numpy as np

from scanner.layout.page_frame import Piece, is_cjk
from table_restore.geometry import Box

PROSE_WORDS = 3.0
"""A column of sentences has at least so many words a line on average."""

ALIGNED = 0.2
"""Lines whose centres, tops or bottoms differ by less than this many text heights stand level."""

_ITEM = re.compile(r"(\d{1,2})[a-z]?[.)]\s*[^\W\d]")


Mates = Mapping[Piece, Sequence[Piece]]
"""For each piece the others on its row, from left to right."""


def on_one_row(a: Box, b: Box) -> bool:
    """Whether two boxes overlap by half of the lower one's height."""
    common = min(a.bottom, b.bottom) - max(a.top, b.top)
    return common >= 0.5 * min(a.height, b.height)


def row_mates(pieces: Sequence[Piece]) -> Mates:
    """For each piece the others on its row, from left to right."""
    tops = np.array([piece.box.top for piece in pieces])
    bottoms = np.array([piece.box.bottom for piece in pieces])
    heights = bottoms - tops
    common = np.minimum.outer(bottoms, bottoms) - np.maximum.outer(tops, tops)
    shared = common >= 0.5 * np.minimum.outer(heights, heights)
    np.fill_diagonal(shared, False)
    by_place = np.argsort([piece.box.center[0] for piece in pieces], kind="stable")
    return {
        piece: [pieces[j] for j in by_place[row[by_place]]]
        for piece, row in zip(pieces, shared, strict=True)
    }


def stand_level(a: Piece, b: Piece, height: float) -> bool:
    """Whether two pieces stand on one base line, whichever letters they have."""
    difference = min(
        abs(a.box.center[1] - b.box.center[1]),
        abs(a.box.bottom - b.box.bottom),
        abs(a.box.top - b.box.top),
    )
    return difference < ALIGNED * height and on_one_row(a.box, b.box)


def are_tables(pieces: Sequence[Piece]) -> bool:
    return all(not piece.text for piece in pieces)


def are_prose(pieces: Sequence[Piece]) -> bool:
    """Whether lines are those of sentences: several words each, most of them full."""
    if len(pieces) < 3:
        return False
    widest = max(p.box.width for p in pieces)
    fill = mean(p.box.width for p in pieces) / widest
    return fill > 0.55 and mean(count_words(p.text) for p in pieces) >= PROSE_WORDS


def count_words(text: str) -> float:
    """How many words of letters a text has; two Chinese characters count as one."""
    cjk = sum(is_cjk(character) for character in text)
    return len(re.findall(r"[^\W\d_]{2,}", text)) if not cjk else cjk / 2


def is_number(text: str) -> bool:
    """Whether a text is an amount, a count, a measure: digits before anything else."""
    plain = re.sub(r"\s", "", text)
    return bool(plain) and sum(c.isdigit() for c in plain) * 2 >= len(plain)


def are_numbers(pieces: Sequence[Piece]) -> bool:
    return sum(is_number(p.text) for p in pieces) >= 0.6 * len(pieces)


def count_lines(pieces: Sequence[Piece]) -> bool:
    """Whether pieces are marginal line numbers: integers that go up by a constant step."""
    numbers = [int(p.text) for p in pieces if re.fullmatch(r"\d{1,3}", p.text.strip())]
    if len(numbers) < 4 or len(numbers) < 0.8 * len(pieces):
        return False
    steps = [b - a for a, b in pairwise(numbers)]
    usual = median(steps)
    return usual in (1, 5, 10) and sum(s == usual for s in steps) >= 0.8 * len(steps)


def are_wrapped(pieces: Sequence[Piece]) -> bool:
    """Whether lines mostly go on in the next one, as in a cell of sentences."""
    on = [b.text[:1].islower() and not a.text.endswith((".", ":")) for a, b in pairwise(pieces)]
    wordy = mean(count_words(p.text) for p in pieces) >= 2
    return len(on) > 0 and 2 * sum(on) >= len(on) and wordy


def are_tight(pieces: Sequence[Piece]) -> bool:
    """Whether lines follow each other as closely as those of a paragraph or an address."""
    pairs = pairwise(pieces)
    return all(b.box.top - a.box.bottom < 1.0 * max(a.box.height, b.box.height) for a, b in pairs)


def item_number(piece: Piece) -> int | None:
    """The number that a text begins with, as the fields of forms do ("12. Date of birth")."""
    match = _ITEM.match(piece.text)
    return int(match[1]) if match else None
