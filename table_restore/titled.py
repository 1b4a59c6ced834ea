"""Several tables in one frame, panel or run of rules, each below a title of its own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from table_restore.geometry import Box
from table_restore.phrases import Phrase
from table_restore.ruling import Ruling
from table_restore.tokens import is_year

_HEAD = 3  # so many different names stand beside one another in a head
_BELOW = 2  # a head's full row is so many rows at most below the title
_ROWS = 2  # fewer rows of several phrases are no table
_APART = 1.5  # a title stands so many times farther below a table than its rows from each other


def titled_parts(
    box: Box,
    phrases: Sequence[Phrase],
    prose: Sequence[Box],
    level: Sequence[Ruling],
) -> list[Box]:
    """The boxes of the tables in a candidate's box: itself where it is one.

    A lone text that stands off the rows above, names in the columns of their values below it, is
    the title of another table; where values follow, it is a heading of rows. Titles, and `prose`
    below the last table, are no part of any. `level` are the horizontal rulings.
    """
    rows: dict[int, list[Phrase]] = {}
    for phrase in phrases:
        if box.contains(phrase.box.center):
            rows.setdefault(phrase.row, []).append(phrase)
    order = [rows[number] for number in sorted(rows)]
    starts = _titles(order)
    if not starts:
        return [box]
    lead = next((i for i, row in enumerate(order) if len(row) > 1), 0)
    firsts = [lead, *(title + 1 for title in starts)]
    ends = [*starts, len(order)]
    while order[ends[-1] - 1][0].box in prose:
        ends[-1] -= 1
    rules = sorted(r.position for r in level if r.length > 0.5 * box.width)
    parts = []
    for first, end in zip(firsts, ends, strict=True):
        top = _edge(order, first, rules, box.top, upper=True)
        bottom = _edge(order, end, rules, box.bottom, upper=False)
        parts.append(Box(box.left, top, box.right, bottom))
    return parts


def _edge(
    rows: Sequence[Sequence[Phrase]],
    index: int,
    rules: Sequence[float],
    side: float,
    upper: bool,
) -> float:
    """Where a part begins above, or ends below, the border before row `index`.

    Between the two rows stands a rule in most tables; of several it is the part's own.
    """
    if index in (0, len(rows)):
        return side
    high = max(p.box.bottom for p in rows[index - 1])
    low = min(p.box.top for p in rows[index])
    middle = [max(p.box.center[1] for p in rows[index - 1])]
    middle.append(min(p.box.center[1] for p in rows[index]))
    between = [y for y in rules if middle[0] < y < middle[1]]
    if between:
        return max(between) if upper else min(between)
    return (high + low) / 2


def _titles(rows: Sequence[Sequence[Phrase]]) -> list[int]:
    """The rows that are titles of further tables."""
    found: list[int] = []
    middles = [max(p.box.center[1] for p in row) for row in rows]
    steps = [0.0, *(low - high for high, low in pairwise(middles))]
    for index, row in enumerate(rows):
        start = found[-1] + 1 if found else 0
        apart = steps[index] > _APART * median(steps)
        if len(row) > 1 or row[0].numeric or not apart or _full(rows[start:index]) < _ROWS:
            continue
        below = rows[index + 1 : index + 1 + _BELOW]
        columns = _values(rows[start:index])
        if any(_is_head(r, columns) for r in below) and _full(rows[index:]) > _ROWS:
            found.append(index)
    return found


def _full(rows: Sequence[Sequence[Phrase]]) -> int:
    return sum(len(row) > 1 for row in rows)


def _values(rows: Sequence[Sequence[Phrase]]) -> list[Box]:
    return [p.box for row in rows for p in row if _is_value(p)]


def _is_value(phrase: Phrase) -> bool:
    return phrase.numeric and not is_year(phrase.text)


def _is_head(row: Sequence[Phrase], values: Sequence[Box]) -> bool:
    """Whether a row has names of several columns, all different, over places of `values`."""
    if any(_is_value(p) for p in row) or len({p.text for p in row}) < _HEAD:
        return False
    over = sum(any(p.box.left < v.right and v.left < p.box.right for v in values) for p in row)
    return over >= _HEAD
