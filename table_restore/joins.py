"""Which slots of a grid are one cell: those with no ruling between and text across, or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
import numpy.typing as npt

from table_restore.alignment import TextRow
from table_restore.geometry import Box
from table_restore.tokens import Token
from table_restore.tracks import Track

_DRAWN = 0.6  # the share of a slot's side that must be ruled to close it

Slot = tuple[int, int]
Sides = tuple[
    npt.NDArray[np.bool_], npt.NDArray[np.bool_], npt.NDArray[np.bool_], npt.NDArray[np.bool_]
]


@dataclass(frozen=True, slots=True, eq=False)
class Slots:
    """A grid before its slots are joined: edges, ruled sides (as in `Grid`), and the words.

    `space` is the gap, in pixels, that is as likely between words as between columns.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    sides: Sides
    content: Mapping[Slot, Sequence[Token]]
    space: float
    text_height: float

    @property
    def rows(self) -> int:
        return len(self.ys) - 1

    @property
    def columns(self) -> int:
        return len(self.xs) - 1

    @property
    def vertical(self) -> npt.NDArray[np.bool_]:
        return self.sides[0]

    @property
    def horizontal(self) -> npt.NDArray[np.bool_]:
        return self.sides[1]

    def at(self, row: int, column: int) -> Sequence[Token]:
        return self.content.get((row, column), ())


def place_tokens(
    tokens: Sequence[Token], xs: Sequence[float], ys: Sequence[float]
) -> dict[Slot, list[Token]]:
    """The tokens by the slot that holds their middle."""
    content: dict[Slot, list[Token]] = {}
    for token in tokens:
        x, y = token.box.center
        row = int(np.searchsorted(ys[1:-1], y, side="right"))
        content.setdefault((row, int(np.searchsorted(xs[1:-1], x, side="right"))), []).append(token)
    return content


def find_sides(
    xs: Sequence[float],
    ys: Sequence[float],
    verticals: Sequence[Track],
    horizontals: Sequence[Track],
) -> Sides:
    """Which sides of the slots are ruled, and which are drawn lines; as in `Grid`."""
    rows, columns = len(ys) - 1, len(xs) - 1
    vertical = np.zeros((2, rows, columns + 1), bool)
    horizontal = np.zeros((2, rows + 1, columns), bool)
    for track in verticals:
        k = int(np.argmin(np.abs(np.array(xs) - track.position)))
        for r in range(rows):
            vertical[0, r, k] |= track.covers(ys[r], ys[r + 1]) >= _DRAWN
            vertical[1, r, k] |= track.draws(ys[r], ys[r + 1]) >= _DRAWN
    for track in horizontals:
        k = int(np.argmin(np.abs(np.array(ys) - track.position)))
        for c in range(columns):
            horizontal[0, k, c] |= track.covers(xs[c], xs[c + 1]) >= _DRAWN
            horizontal[1, k, c] |= track.draws(xs[c], xs[c + 1]) >= _DRAWN
    return vertical[0], horizontal[0], vertical[1], horizontal[1]


def join_slots(slots: Slots, headings: Sequence[TextRow]) -> npt.NDArray[np.intp]:
    """The number of the cell that each slot [rows, columns] belongs to; cells are rectangles.

    Slots with nothing to part them are neighbours in a graph, whose components are the cells.
    `headings` are the lines of text that head a section and reach over the whole table.
    """
    graph: nx.Graph[Slot] = nx.Graph()
    graph.add_nodes_from((r, c) for r in range(slots.rows) for c in range(slots.columns))
    graph.add_edges_from(_across(slots))
    graph.add_edges_from(_down(slots))
    graph.add_edges_from(_section_rows(slots, headings))
    graph.add_edges_from(_group_headings(slots))
    owner = np.full((slots.rows, slots.columns), -1, np.intp)
    number = 0
    for group in nx.connected_components(graph):
        for rectangle in _rectangles(sorted(group)):
            for slot in rectangle:
                owner[slot] = number
            number += 1
    return owner


Pair = tuple[Slot, Slot]


def _across(slots: Slots) -> Iterator[Pair]:
    """Neighbours in a row with no ruling between, and text over the edge or a gap in a ruling."""
    for k in range(1, slots.columns):
        pairs = [(slots.at(r, k - 1), slots.at(r, k)) for r in range(slots.rows)]
        beside = [_beside(a, b, slots.text_height) for a, b in pairs]
        open_beside = sum(b for r, b in enumerate(beside) if not slots.vertical[r, k])
        # Where the edge is ruled more often than words alone show it, a gap in it is a merge.
        ruled = int(slots.vertical[:, k].sum()) > open_beside
        for r, (left, right) in enumerate(pairs):
            if not slots.vertical[r, k] and (
                _crosses(left, right, slots.xs[k], slots) or (ruled and not beside[r])
            ):
                yield (r, k - 1), (r, k)


def _down(slots: Slots) -> Iterator[Pair]:
    """Neighbours in a column with no ruling between, where others have one, or text between."""
    ruled = slots.horizontal
    for c in range(slots.columns):
        often = int(ruled[1:-1, c].sum()) >= 2
        for k in range(1, slots.rows):
            if ruled[k, c]:
                continue
            upper, lower, y = slots.at(k - 1, c), slots.at(k, c), slots.ys[k]
            straddles = any(
                t.box.top < y - 0.3 * t.box.height and t.box.bottom > y + 0.3 * t.box.height
                for t in (*upper, *lower)
            )
            # Other columns are ruled here, this one is ruled elsewhere: one cell reaches over.
            reaches = bool(ruled[k].any()) and (
                not (upper and lower)
                or (often and ruled[k].mean() >= 0.5 and _goes_on(upper, lower, slots.text_height))
                or (
                    bool(slots.vertical[k - 1 : k + 1, c : c + 2].all())
                    and not _values(upper, lower)
                )
            )
            if straddles or reaches:
                yield (k - 1, c), (k, c)


def _section_rows(slots: Slots, headings: Sequence[TextRow]) -> Iterator[Pair]:
    """All slots of a row that holds nothing but the heading of a section."""
    for heading in headings:
        r = int(np.searchsorted(slots.ys[1:-1], heading.middle))
        alone = all(t in heading.tokens for c in range(slots.columns) for t in slots.at(r, c))
        if alone and not slots.vertical[r, 1:-1].any():
            yield from (((r, c - 1), (r, c)) for c in range(1, slots.columns))


def _group_headings(slots: Slots) -> Iterator[Pair]:
    """Slots under the heading of a group of columns, though its text crosses no edge.

    A short ruling below shows how far it reaches, or that it is centered over several columns
    of the row below and not over its own.
    """
    for r in range(slots.rows - 1):
        for c in range(slots.columns):
            if not slots.at(r, c):
                continue
            first, last = _ruled_below(slots, r, c) or _centered_over(slots, r, c)
            others = [k for k in range(first, last + 1) if k != c and slots.at(r, k)]
            if not others and not slots.vertical[r, first + 1 : last + 1].any():
                yield from (((r, k), (r, k + 1)) for k in range(first, last))


def _ruled_below(slots: Slots, row: int, column: int) -> tuple[int, int] | None:
    """The columns over a short ruling below a slot, if it is there and all have text below."""
    ruled = slots.horizontal[row + 1]
    if not ruled[column] or ruled.all():
        return None
    first = last = column
    while first > 0 and ruled[first - 1]:
        first -= 1
    while last < slots.columns - 1 and ruled[last + 1]:
        last += 1
    below = all(slots.at(row + 1, c) for c in range(first, last + 1))
    return (first, last) if below and last > first else None


def _centered_over(slots: Slots, row: int, column: int) -> tuple[int, int]:
    """The columns that a heading is centered over: at least its own."""
    middle = Box.around(t.box for t in slots.at(row, column)).center[0]
    near = 0.75 * slots.text_height
    free = {c for c in range(slots.columns) if not slots.at(row, c)} | {column}
    below = {
        c: Box.around(t.box for t in slots.at(row + 1, c))
        for c in range(slots.columns)
        if slots.at(row + 1, c)
    }
    best = (column, column)
    if column not in below or abs(below[column].center[0] - middle) <= near:
        return best
    for first in range(column, -1, -1):
        for last in range(column, slots.columns):
            span = range(first, last + 1)
            if last == first or not all(c in free and c in below for c in span):
                continue
            if abs((below[first].left + below[last].right) / 2 - middle) <= near:
                best = max(best, (first, last), key=lambda s: s[1] - s[0])
    return best


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
    return (
        any(abs(a.box.center[1] - b.box.center[1]) < 0.4 * text_height for a in left for b in right)
        and min(t.box.left for t in right) - max(t.box.right for t in left) > text_height
    )


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
