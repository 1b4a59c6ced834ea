"""Rows from lines of text: does a line begin a new row, or go on with the one above?"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from table_restore.geometry import Box
from table_restore.tokens import Token

_Width = TypeVar("_Width", float, npt.NDArray[np.float64])

_BREAKS_EARLY = 0.12
"""How often a wrapped line breaks before a word that would have fitted."""

_WIDE_APART = 1.9
"""Lines farther apart than this many text heights are seldom of one cell."""

_TWO_KINDS = 1.35
"""How many times farther apart rows are than the lines in them, where both are to be seen."""

_ALIKE = 0.12
"""Pairs of lines are equally far apart where they differ by less, in text heights."""

_UNIT = re.compile(
    r"\(?([A-Z]{0,3}[$€£¥%][a-z]{0,3}['’]?0*|[A-Z]{2,3}['’]0+|[百千萬万億亿]*[美港日]?元)\)?"
)
_OPENING, _CLOSING = "([{", ")]}"

_IN_LINE = 0.75
"""Texts begin, end or are centered in one place that differ by less, in text heights."""

_OVER = 1.25
"""A heading's middle is off that of its columns by at most so many text heights."""

_RHYTHM = 1.0
"""The weight of what other pairs of lines, equally far apart, are for."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What one line of text puts into the columns of a table: tokens by column.

    Of its `phrases`, so many are `crossing` an edge between columns.
    """

    columns: Mapping[int, tuple[Token, ...]]
    phrases: int = 1
    crossing: int = 0

    def box(self, column: int) -> Box:
        return Box.around(t.box for t in self.columns[column])

    @property
    def top(self) -> float:
        return min(t.box.top for parts in self.columns.values() for t in parts)

    @property
    def bottom(self) -> float:
        return max(t.box.bottom for parts in self.columns.values() for t in parts)

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    def bracketed(self, column: int) -> bool:
        """Whether a column's text stands in brackets here."""
        parts = self.columns[column]
        left, right = min(parts, key=lambda t: t.box.left), max(parts, key=lambda t: t.box.right)
        return left.text[:1] in _OPENING and right.text.rstrip("*")[-1:] in _CLOSING

    def noted(self, column: int) -> bool:
        """Whether something in brackets stands behind other text of a column here."""
        parts = self.columns[column]
        return any(t.text[:1] in _OPENING for t in parts) and not self.bracketed(column)

    def unended(self, column: int) -> bool:
        """Whether a column's text ends in a comma here."""
        return max(self.columns[column], key=lambda t: t.box.right).text.endswith(",")

    @property
    def units(self) -> bool:
        """Whether units of the columns below stand here: "$m", "HK$'000", "%"."""
        texts = ["".join(t.text for t in parts) for parts in self.columns.values()]
        units = sum(bool(_UNIT.fullmatch(text)) for text in texts)
        return units >= max(2.0, 0.5 * len(texts))

    def without(self, columns: Container[int]) -> Filled:
        """The same without some columns."""
        left = {c: parts for c, parts in self.columns.items() if c not in columns}
        return replace(self, columns=left)

    def numeric(self, column: int) -> bool:
        """Whether a column holds a number here, with a currency's or a unit's code or without.

        What ends in a comma goes on: a day, its year on the next line.
        """
        values = [
            t
            for t in self.columns[column]
            if not (len(t.text) <= 3 and t.text.isalpha() and t.text.isupper())
        ]
        return bool(values) and all(t.numeric for t in values) and not self.unended(column)


@dataclass(frozen=True, slots=True)
class RowContext:
    """What is known of the table around.

    `extents` are from where to where the texts of a column reach; `crowded` is the share of a
    column's lines after which a line's first word would not have fitted, whichever line it is;
    `lower` the share of its lines that begin with a small letter, `noted` of those that hold
    something in brackets behind a value. `pitch` is the distance of
    lines that is common at the narrow end, in pixels; where lines are of two distances, those up to
    `tight` apart are close together, else it is 0. Where names of rows are wrapped, `hangs` is 1
    if their values stand beside the first line, -1 if beside the last, 0 if nobody knows.
    """

    extents: Mapping[int, tuple[float, float]]
    crowded: Mapping[int, float]
    lower: Mapping[int, float]
    noted: Mapping[int, float]
    pitch: float
    tight: float
    hangs: int
    text_height: float


def row_context(lines: Sequence[Filled], text_height: float) -> RowContext:
    """The context of a table's lines of text, top to bottom."""
    boxes: dict[int, list[Box]] = {}
    firsts: dict[int, list[Token]] = {}
    for line in lines:
        for column, parts in line.columns.items():
            boxes.setdefault(column, []).append(line.box(column))
            firsts.setdefault(column, []).append(min(parts, key=lambda t: t.box.left))
    extents = {c: (min(b.left for b in bs), max(b.right for b in bs)) for c, bs in boxes.items()}
    crowded = {}
    for column, (left, right) in extents.items():
        widths = np.array([b.width for b in boxes[column]])
        words = np.array([t.box.width for t in firsts[column]])
        over = _overfull(widths[:, None], words[None, :], right - left, text_height)
        crowded[column] = float(np.mean(over))
    lower = {c: sum(t.text[:1].islower() for t in ts) / len(ts) for c, ts in firsts.items()}
    noted = {
        c: sum(line.noted(c) for line in lines if c in line.columns) / len(bs)
        for c, bs in boxes.items()
    }
    pitches = _pitches(lines, text_height)
    return RowContext(
        extents,
        crowded,
        lower,
        noted,
        pitches[len(pitches) // 4] if pitches else 0.0,
        _tight(pitches),
        _hangs(lines),
        text_height,
    )


def split_votes(
    above: Filled, below: Filled, context: RowContext, ruled: float, head: bool
) -> float:
    """Votes for a new row at `below`; a positive sum makes one.

    `ruled` is how far rulings tell the rows apart in this place, 0 to 1; `head` says that a
    ruling follows below which only the first rows have.
    """
    em = context.text_height
    upper, lower = set(above.columns), set(below.columns)
    first = min(context.extents, default=0)
    both = upper & lower
    votes = -0.5 - 3.5 * ruled
    if not both and below.middle - above.middle < 0.95 * em:
        return -5.0  # neighbours of one row that stand a little higher or lower
    numbers: float = sum(1 for c in both if above.numeric(c) and below.numeric(c))
    bracketed = sum(below.bracketed(c) for c in lower)
    if first not in lower and first in upper and bracketed > 0.7 * len(lower):
        # What stands in brackets below values may belong to them, as it does where it is beside.
        numbers *= 0.0 if all(context.noted[c] > 0.5 for c in lower) else 0.4
    votes += min(2.5 * numbers, 7.5)
    wraps = 0.0
    for column in both:
        if above.numeric(column) and below.numeric(column):
            continue
        if below.numeric(column):
            if above.unended(column):
                wraps += 0.5  # a date, and its year below it
                continue
            votes += 0.2 if head else 0.8  # a heading, and a year or the first value below it
            continue
        vote = _wrap_vote(above, below, column, context)
        votes += max(vote, 0.0)
        wraps -= min(vote, 0.0)
    if not head and len(both) >= max(2.0, 0.7 * len(context.extents)):
        # Two lines that fill all columns are seldom one row, each of its cells wrapped.
        votes += 1.5
        wraps = min(wraps, 1.2)
    votes -= wraps
    if first in both and not below.numeric(first):
        votes += _label_vote(above, below, first, context)
    if above.crossing and not below.crossing and len(lower) > above.phrases:
        votes += 2.0  # a heading over several columns, and theirs
    if below.units or (above.units and bracketed < len(lower)):
        votes += 3.0
    votes += min(2.5 * _group_headings(above, below, em), 5.0)
    pitch = below.middle - above.middle
    votes += 1.5 * min(1.0, max(-0.5, (pitch - context.pitch) / (0.4 * em)))
    if pitch <= context.tight:
        votes -= 1.5
    if len(both) > 1:
        votes += 1.5 * (1 - ruled) * min(1.0, max(0.0, (pitch / em - _WIDE_APART) / 0.4))
    if not both:
        # Values below their name, as on receipts: the next name begins the next row.
        votes += 2.5 if lower == {first} else 1.0 - ruled
    elif lower < upper and first not in lower:
        votes -= 2.0  # only some columns go on, and not the one that names the row
    elif first in lower and first not in upper:
        votes += 0.9
    elif lower == {first} and upper != {first}:
        votes += 0.5 - context.hangs
    elif upper == {first}:
        votes += 0.8 + context.hangs
    elif first in both and len(both) >= 2:
        votes += 0.8
    return votes


def in_rhythm(votes: Sequence[float], pitches: Sequence[float], text_height: float) -> list[float]:
    """Votes of pairs of lines, each with those for a new row of others that are equally far apart.

    Rows of a table are set at one distance: what is certain of some tells of the others.
    """
    own, far = np.array(votes), np.array(pitches)
    bounded = np.clip(own, -2.0, 2.0)
    near = np.abs(far[:, None] - far[None, :]) <= _ALIKE * text_height
    np.fill_diagonal(near, False)
    count = near.sum(axis=1)
    # A few others say less than many.
    support = np.maximum(0.0, (near * bounded[None, :]).sum(axis=1) / (count + 2.0))
    return [float(v) for v in own + _RHYTHM * support]


def _wrap_vote(above: Filled, below: Filled, column: int, context: RowContext) -> float:
    """What a column says: a word that would have fitted on the line above begins a new row.

    One that would not may go on with it, the likelier the less often lines are so full.
    """
    left, right = context.extents[column]
    first = min(below.columns[column], key=lambda t: t.box.left).box
    crowded = context.crowded[column]
    if _overfull(above.box(column).width, first.width, right - left, context.text_height):
        return -min(0.9, math.log(1 / crowded)) if crowded else 0.0
    return min(1.2, max(0.0, math.log((1 - crowded) / _BREAKS_EARLY))) if crowded < 1 else 0.0


def _overfull(
    line: _Width, word: _Width, room: float, text_height: float
) -> bool | npt.NDArray[np.bool_]:
    """Whether a word is too wide to stand on a line of text in a column."""
    return line + 0.25 * text_height + word > 0.97 * room


def _label_vote(above: Filled, below: Filled, first: int, context: RowContext) -> float:
    """What the names of rows say.

    A label that goes on in small letters is one, where labels do not begin with them; a capital
    or a figure may begin another. A colon ends the name of a group. The first line of a label is
    not farther right than others.
    """
    start = min(below.columns[first], key=lambda t: t.box.left).text[:1]
    end = max(above.columns[first], key=lambda t: t.box.right).text[-1:]
    vote = 0.3
    if start.islower() and context.lower[first] < 0.6:
        vote = -0.7
    if end == "-":
        vote -= 1.0
    if end == ":":
        vote += 1.5
    if below.box(first).left < above.box(first).left - 0.4 * context.text_height:
        vote += 0.8
    return vote


def _group_headings(above: Filled, below: Filled, text_height: float) -> int:
    """How many texts of a line are centered over several texts of the next, not over their own."""
    near, over = _IN_LINE * text_height, _OVER * text_height
    boxes = {column: below.box(column) for column in below.columns}
    count = 0
    for column in above.columns:
        own = above.box(column)
        if column in boxes and _in_line(own, boxes[column], near):
            continue
        span = [
            (first, last)
            for first in below.columns
            for last in below.columns
            if first <= column <= last
            and first < last
            and not any(first <= c <= last for c in above.columns if c != column)
        ]
        count += any(
            abs((boxes[a].left + boxes[b].right) / 2 - own.center[0]) <= over for a, b in span
        )
    return count


def _in_line(above: Box, below: Box, near: float) -> bool:
    """Whether two texts begin, end or are centered in one place."""
    return (
        abs(above.left - below.left) <= near
        or abs(above.right - below.right) <= near
        or abs(above.center[0] - below.center[0]) <= near
    )


def _hangs(lines: Sequence[Filled]) -> int:
    """Whether values stand beside the first line of a wrapped name, or the last; see `hangs`."""
    first = min((c for line in lines for c in line.columns), default=0)
    top = bottom = 0
    for above, below in itertools.pairwise(lines):
        upper, lower = set(above.columns), set(below.columns)
        if first not in upper & lower:
            continue
        start = min(below.columns[first], key=lambda t: t.box.left).text[:1]
        if start.islower():
            top += lower == {first} and upper != {first}
            bottom += upper == {first} and lower != {first}
    return (top > 2 * bottom) - (bottom > 2 * top)


def _pitches(lines: Sequence[Filled], text_height: float) -> list[float]:
    """The distances of neighbouring lines that share a column, in pixels, least first."""
    return sorted(
        pitch
        for a, b in itertools.pairwise(lines)
        if set(a.columns) & set(b.columns) and (pitch := b.middle - a.middle) >= 0.6 * text_height
    )


def _tight(pitches: Sequence[float]) -> float:
    """The largest of the smaller distances where lines are of two kinds of distances, else 0."""
    least = max(2, round(0.2 * len(pitches)))
    jumps = [
        (pitches[i] / pitches[i - 1], pitches[i - 1])
        for i in range(least, len(pitches) - least + 1)
    ]
    jump, tight = max(jumps, default=(0.0, 0.0))
    return tight if jump >= _TWO_KINDS else 0.0
