"""Rows from lines of text: does a line begin a new row, or go on with the one above?"""

from __future__ import annotations

import itertools
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

from table_restore.geometry import Box
from table_restore.tokens import Token


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

    def without(self, columns: Container[int]) -> Filled:
        """The same without some columns."""
        left = {c: parts for c, parts in self.columns.items() if c not in columns}
        return replace(self, columns=left)

    def numeric(self, column: int) -> bool:
        """Whether a column holds a number here, with a currency's or a unit's code or without."""
        parts = self.columns[column]
        codes = [t for t in parts if len(t.text) <= 3 and t.text.isalpha() and t.text.isupper()]
        return len(codes) < len(parts) and all(t.numeric or t in codes for t in parts)


@dataclass(frozen=True, slots=True)
class RowContext:
    """What is known of the table around: columns' text extents, usual leading, text height."""

    extents: Mapping[int, tuple[float, float]]
    leading: float
    text_height: float


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
    numbers = sum(1 for c in both if above.numeric(c) and below.numeric(c))
    votes += min(2.5 * numbers, 7.5)
    wraps = 0.0
    for column in both:
        if above.numeric(column) and below.numeric(column):
            continue
        if below.numeric(column):
            votes += 0.8  # a heading, and the first value below it
        elif _wraps(above, below, column, context):
            wraps += 0.6
        else:
            votes += 1.2
    if not head and len(both) >= max(2.0, 0.7 * len(context.extents)):
        # Two lines that fill all columns are seldom one row, each of its cells wrapped.
        votes += 1.5
        wraps = min(wraps, 1.2)
    votes -= wraps
    if first in both and not below.numeric(first):
        # A label that goes on in small letters is one; a capital or a figure may begin another.
        start = min(below.columns[first], key=lambda t: t.box.left).text[:1]
        votes += -0.7 if start.islower() else 0.3
    if above.crossing and not below.crossing and len(lower) > above.phrases:
        votes += 2.0  # a heading over several columns, and theirs
    votes += 1.5 * min(1.0, max(-0.5, (below.top - above.bottom - context.leading) / (0.4 * em)))
    if not both:
        votes += 1.0 - ruled
    elif lower < upper and first not in lower:
        votes -= 2.0  # only some columns go on, and not the one that names the row
    elif first in lower and first not in upper:
        votes += 0.9
    elif lower == {first} and upper != {first}:
        votes += 0.5
    elif (upper == {first} and lower != {first}) or (first in both and len(both) >= 2):
        votes += 0.8
    return votes


def _wraps(above: Filled, below: Filled, column: int, context: RowContext) -> bool:
    """Whether the first word below would not have fitted on the line above."""
    left, right = context.extents[column]
    first = min(below.columns[column], key=lambda t: t.box.left).box
    return above.box(column).width + 0.25 * context.text_height + first.width > 0.97 * (
        right - left
    )


def usual_leading(lines: Sequence[Filled]) -> float:
    """The gap between lines of text that is common at the narrow end, in pixels."""
    gaps = sorted(b.top - a.bottom for a, b in itertools.pairwise(lines) if b.top >= a.bottom)
    return gaps[len(gaps) // 4] if gaps else 0.0
