"""Which slots of a grid are one cell: those with no ruling between and text across, or none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from table_restore.headings import Pair, group_headings, section_rows
from table_restore.heads import Head
from table_restore.slots import Slots, place_among
from table_restore.strokes import same_group
from table_restore.text_rows import TextRow
from table_restore.tokens import Token


def join_slots(
    slots: Slots, headings: Sequence[TextRow], head: Head | None
) -> npt.NDArray[np.intp]:
    """The number of the cell that each slot [rows, columns] belongs to; cells are rectangles.

    Slots with nothing to part them are of one cell, and so are their neighbours' neighbours.
    `headings` are the lines of text that head a section and reach over the whole table.
    """
    across = list(_across(slots))
    pairs = [
        *across,
        *_within_lines(slots),
        *_down(slots, head),
        *section_rows(slots, headings),
        *(_within_head(slots, head) if head else group_headings(slots, across)),
    ]
    first, second = np.array(pairs, np.intp).reshape(-1, 2, 2).transpose(1, 0, 2) @ (
        slots.columns,
        1,
    )
    owner = np.full((slots.rows, slots.columns), -1, np.intp)
    number = 0
    for group in same_group(owner.size, first, second):
        for rectangle in _rectangles([divmod(n, slots.columns) for n in group]):
            for slot in rectangle:
                owner[slot] = number
            number += 1
    return owner


def _within_head(slots: Slots, head: Head) -> Iterator[Pair]:
    """The slots that each heading of a head reaches over, down to where its text does."""
    for box, first, last in head.headings:
        # A line of text stands in a row by its middle.
        half = 0.5 * slots.text_height
        low = place_among(slots.ys, max(box.top, box.bottom - half))
        high = place_among(slots.ys, min(box.bottom, box.top + half))
        for r in range(high, low + 1):
            yield from (((r, c), (r, c + 1)) for c in range(first, last))
        for r in range(high, low):
            yield from (((r, c), (r + 1, c)) for c in range(first, last + 1))


def _across(slots: Slots) -> Iterator[Pair]:
    """Neighbours in a row with no ruling between, and text over the edge or a gap in a ruling."""
    for k in range(1, slots.columns):
        pairs = [(slots.at(r, k - 1), slots.at(r, k)) for r in range(slots.rows)]
        beside = [_beside(a, b, slots.text_height) for a, b in pairs]
        open_beside = sum(b for r, b in enumerate(beside) if not slots.vertical[r, k])
        # Where the edge is ruled more often than words alone show it, a gap in it is a merge:
        # but in a body that is not ruled at all, below a head that is, no line is missing.
        ruled = int(slots.vertical[:, k].sum()) > open_beside
        for r, (left, right) in enumerate(pairs):
            if not slots.vertical[r, k] and (
                _crosses(left, right, slots.xs[k], slots)
                or (ruled and not _apart(left, right, slots.text_height) and _is_drawn(slots, r, k))
            ):
                yield (r, k - 1), (r, k)


def _is_drawn(slots: Slots, row: int, edge: int) -> bool:
    """Whether lines make cells of a row: some that run down within it, or above and below it."""
    level = slots.horizontal[row : row + 2, edge - 1 : edge + 1]
    return bool(slots.vertical[row, 1:-1].any() or level.all())


def _within_lines(slots: Slots) -> Iterator[Pair]:
    """Slots over others that are parted by lines, enclosed together, and one text in them."""
    for r in range(slots.rows - 1):
        sides = [k for k in range(slots.columns + 1) if slots.vertical[r, k]]
        for first, end in pairwise(sides):
            held = sum(bool(slots.at(r, c)) for c in range(first, end))
            closed = slots.horizontal[r : r + 2, first:end].all()
            if held == 1 and closed and slots.vertical[r + 1, first : end + 1].all():
                yield from (((r, c - 1), (r, c)) for c in range(first + 1, end))


def _down(slots: Slots, solved: Head | None) -> Iterator[Pair]:
    """Neighbours in a column with no ruling between, where others have one, or text between."""
    ruled = slots.horizontal
    # Above the first rule across the table, short ones are those below headings of groups.
    told = (any(slots.at(k - 1, c) for c in range(slots.columns)) for k in range(1, slots.rows))
    head = next((k for k, text in enumerate(told, 1) if text and ruled[k].all()), 0)
    for c in range(slots.columns):
        often = int(ruled[1:-1, c].sum()) >= 2
        for k in range(1, slots.rows):
            if ruled[k, c]:
                continue
            upper, lower = slots.at(k - 1, c), slots.at(k, c)
            # Other columns are ruled here, this one is ruled elsewhere: one cell reaches over.
            walled = bool(slots.vertical[k - 1 : k + 1, 1:-1].any())
            reaches = ruled[k].any() and (
                (not (upper and lower) and (often or walled))
                or (often and ruled[k].mean() >= 0.5 and _goes_on(upper, lower, slots.text_height))
                or (
                    bool(slots.vertical[k - 1 : k + 1, c : c + 2].all())
                    and not _values(upper, lower)
                )
                or (k < head and upper and lower and _goes_on(upper, lower, 2 * slots.text_height))
            )
            # A head that is solved tells where its headings stand.
            reaches = reaches and not (solved and slots.ys[k] < solved.bottom)
            if slots.straddles(k, c) or reaches:
                yield (k - 1, c), (k, c)


def _crosses(left: Sequence[Token], right: Sequence[Token], edge: float, slots: Slots) -> bool:
    """Whether a phrase runs over the edge between two slots."""
    reach = 0.3 * slots.text_height
    if any(t.box.left < edge - reach and t.box.right > edge + reach for t in (*left, *right)):
        return True
    return any(
        a.line == b.line
        and -reach < b.box.left - a.box.right < 0.85 * slots.space
        and not (a.numeric and b.numeric)
        for a in left
        for b in right
    )


def _beside(left: Sequence[Token], right: Sequence[Token], text_height: float) -> bool:
    """Whether two slots hold texts side by side with a gap that no sentence has."""
    return any(
        abs(a.box.center[1] - b.box.center[1]) < 0.4 * text_height for a in left for b in right
    ) and _apart(left, right, text_height)


def _apart(left: Sequence[Token], right: Sequence[Token], text_height: float) -> bool:
    """Whether a lane wider than in any sentence runs down between the texts of two slots."""
    ends = max((t.box.right for t in left), default=float("inf"))
    return min((t.box.left for t in right), default=float("-inf")) - ends > text_height


def _goes_on(upper: Sequence[Token], lower: Sequence[Token], text_height: float) -> bool:
    """Whether the text of one slot can go on in the slot below: no more than a leading apart."""
    gap = min(t.box.top for t in lower) - max(t.box.bottom for t in upper)
    return gap < 0.5 * text_height and not _values(upper, lower)


def _values(upper: Sequence[Token], lower: Sequence[Token]) -> bool:
    """Whether two slots hold numbers, which are of two rows however little parts them."""
    return all(t.numeric for t in (*upper, *lower))


def _rectangles(group: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """A set of slots as full rectangles: itself, or the fewest that runs of its rows make."""
    slots = set(group)
    top, bottom = min(r for r, _ in slots), max(r for r, _ in slots)
    left, right = min(c for _, c in slots), max(c for _, c in slots)
    if len(slots) == (bottom - top + 1) * (right - left + 1):
        return [list(group)]
    open_runs: dict[tuple[int, int], list[tuple[int, int]]] = {}
    done: list[list[tuple[int, int]]] = []
    for r in range(top, bottom + 1):
        columns = [c for c in range(left, right + 1) if (r, c) in slots]
        runs: dict[tuple[int, int], list[tuple[int, int]]] = {}
        start = 0
        for index in range(1, len(columns) + 1):
            if index == len(columns) or columns[index] != columns[index - 1] + 1:
                key = (columns[start], columns[index - 1])
                runs[key] = open_runs.pop(key, []) + [(r, c) for c in columns[start:index]]
                start = index
        done += open_runs.values()
        open_runs = runs
    return done + list(open_runs.values())
