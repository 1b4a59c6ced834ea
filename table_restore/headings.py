"""Headings that reach over several columns: of sections, and of groups of columns."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence

from table_restore.geometry import Box
from table_restore.slots import Slot, Slots
from table_restore.text_rows import TextRow
from table_restore.tokens import is_year

Pair = tuple[Slot, Slot]

_CENTERED = 0.75  # by so many text heights may a heading's middle be off that of its columns
_MIDDLE = 0.3  # the same of the columns' outer edges, where their texts do not show it
_FLUSH = 0.3  # texts of one column begin or end alike where they differ by less, in text heights


def section_rows(slots: Slots, headings: Sequence[TextRow]) -> Iterator[Pair]:
    """All slots of a row that holds nothing but the heading of a section."""
    for heading in headings:
        r = bisect_left(slots.ys, heading.middle, 1, slots.rows) - 1
        alone = all(t in heading.tokens for c in range(slots.columns) for t in slots.at(r, c))
        beside = any(slots.straddles(k, c) for k in (r, r + 1) for c in range(slots.columns))
        if alone and not beside and not slots.vertical[r, 1:-1].any():
            yield from (((r, c - 1), (r, c)) for c in range(1, slots.columns))


def group_headings(slots: Slots, across: Iterable[Pair]) -> Iterator[Pair]:
    """Slots under the heading of a group of columns, though its text crosses not all their edges.

    A short ruling below shows how far it reaches, or that it is centered over several columns
    of the row below and not over its own. `across` are slots that a text goes through. Rows are
    looked at from the lowest up: a heading may stand over other headings of groups.
    """
    joined = {right for _, right in across}
    under: dict[int, Box] = {}
    for r in range(slots.rows - 2, -1, -1):
        runs: list[list[int]] = []
        for c in range(slots.columns):
            if runs and (r, c) in joined:
                runs[-1].append(c)
            else:
                runs.append([c])
        told = [run for run in runs if any(slots.at(r, c) for c in run)]
        below = _texts(slots, r + 1) | under
        under = {}
        for run in told:
            free = set(range(slots.columns)).difference(*(other for other in told if other != run))
            span = _ruled_below(slots, r, run, below)
            if span is None or not _is_open(slots, r, span, free):  # rulings that seem one, too
                span = _centered_over(slots, r, run, free, below)
            if _is_open(slots, r, span, free):
                yield from (((r, k), (r, k + 1)) for k in range(*span))
                # What is centered over this heading is so over what stands below it.
                wide = range(span[0], span[1] + 1) if span[0] < span[1] else ()
                under |= {c: below[c] for c in wide if c in below}


def _texts(slots: Slots, row: int) -> dict[int, Box]:
    """Around the texts of a row's columns: those that begin in it."""
    return {
        c: Box.around(t.box for t in parts)
        for c in range(slots.columns)
        if (parts := slots.at(row, c) or (slots.straddles(row + 1, c) and slots.at(row + 1, c)))
        and not slots.straddles(row, c)
    }


def _is_open(slots: Slots, row: int, span: tuple[int, int], free: set[int]) -> bool:
    """Whether no other heading stands in a span of columns of a row, and nothing parts it."""
    first, last = span
    parted = slots.vertical[row, first + 1 : last + 1].any()
    return not parted and free.issuperset(range(first, last + 1))


def _ruled_below(
    slots: Slots, row: int, run: Sequence[int], texts: Mapping[int, Box]
) -> tuple[int, int] | None:
    """The columns over a short ruling below a text, if it is there and all have text below.

    `run` are the columns that the text itself stands in, `texts` are those of the next row.
    """
    ruled, through = slots.horizontal[row + 1], slots.through[row + 1]
    if not all(ruled[c] for c in run) or not all(through[c] for c in run[1:]):
        return None
    first, last = run[0], run[-1]
    while first > 0 and ruled[first - 1] and through[first]:
        first -= 1
    while last < slots.columns - 1 and ruled[last + 1] and through[last + 1]:
        last += 1
    short = first > 0 or last < slots.columns - 1
    below = all(c in texts for c in range(first, last + 1))
    return (first, last) if short and below and last > first else None


def _centered_over(
    slots: Slots, row: int, run: Sequence[int], free: set[int], below: Mapping[int, Box]
) -> tuple[int, int]:
    """The columns that a heading is centered over: at least its own, `run`.

    `free` are the columns in which no other heading stands, `below` the texts of the next row.
    A number heads nothing, nor does a mark that stands for one, but a year may.
    """
    tokens = [t for c in run for t in slots.at(row, c)]
    own = Box.around(t.box for t in tokens)
    middle, near = own.center[0], _CENTERED * slots.text_height
    best = (run[0], run[-1])
    if all(t.numeric and not is_year(t.text) for t in tokens):
        return best
    if len(run) == 1 and (run[0] not in below or _in_line(own, below[run[0]], slots.text_height)):
        return best
    wider = [
        (first, last)
        for first in range(run[0], -1, -1)
        for last in range(run[-1], slots.columns)
        if first < last and all(c in free and c in below for c in range(first, last + 1))
    ]
    over_texts = [
        (first, last)
        for first, last in wider
        if abs((below[first].left + below[last].right) / 2 - middle) <= near
    ]
    over_columns = [
        (first, last)
        for first, last in wider
        if abs((slots.xs[first] + slots.xs[last + 1]) / 2 - middle) <= _MIDDLE * slots.text_height
    ]
    return max([best, *(over_texts or over_columns)], key=lambda span: span[1] - span[0])


def _in_line(text: Box, below: Box, text_height: float) -> bool:
    """Whether a text is centered over the one below, or begins where that begins."""
    return (
        abs(text.center[0] - below.center[0]) <= _CENTERED * text_height
        or abs(text.left - below.left) <= _FLUSH * text_height
    )
