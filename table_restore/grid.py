"""The grid of a table: edges of rows and columns, and which slots are one cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from table_restore.alignment import TextRow, column_edges, text_rows
from table_restore.bands import find_bands
from table_restore.geometry import Box
from table_restore.row_edges import row_edges, spanning_rows
from table_restore.rulings import Ruling
from table_restore.tokens import Token
from table_restore.tracks import Track, find_tracks

_SLIVER = 0.9  # an empty row or column narrower than this many text heights is none
_DRAWN = 0.6  # the share of a slot's side that must be ruled to close it


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A grid of slots and the cells that they are joined to.

    `xs` and `ys` are the edges of columns and rows; `owner` [rows, columns] numbers the cells,
    each a full rectangle of slots; `vertical` [rows, columns + 1] and `horizontal`
    [rows + 1, columns] tell which sides of slots are ruled, `*_drawn` which by a line.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    owner: npt.NDArray[np.intp]
    vertical: npt.NDArray[np.bool_]
    horizontal: npt.NDArray[np.bool_]
    vertical_drawn: npt.NDArray[np.bool_]
    horizontal_drawn: npt.NDArray[np.bool_]

    @property
    def rows(self) -> int:
        return len(self.ys) - 1

    @property
    def columns(self) -> int:
        return len(self.xs) - 1

    def slot(self, x: float, y: float) -> tuple[int, int]:
        """The slot of a point; points outside belong to the nearest slot."""
        row = int(np.searchsorted(self.ys[1:-1], y, side="right"))
        return row, int(np.searchsorted(self.xs[1:-1], x, side="right"))


def find_grid(
    tokens: Sequence[Token], rulings: Sequence[Ruling], box: Box, text_height: float
) -> Grid:
    """The grid of a table in `box`, from the rulings and the words in it."""
    verticals = find_tracks(rulings, horizontal=False, text_height=text_height)
    horizontals = find_tracks(rulings, horizontal=True, text_height=text_height)
    rows = _rows_in_bands(tokens, horizontals, text_height)
    bands = find_bands(horizontals, box, text_height)
    xs = [box.left, *column_edges(rows, verticals, bands, box, text_height), box.right]
    ys = row_edges(rows, horizontals, verticals, bands, xs, box, text_height)
    sides = _sides(xs, ys, verticals, horizontals)
    headings = spanning_rows(rows, xs, text_height)
    owner = _join_slots(tokens, headings, xs, ys, sides, text_height)
    return _compact(Grid(tuple(xs), tuple(ys), owner, *sides), tokens, text_height)


def _rows_in_bands(
    tokens: Sequence[Token], horizontals: Sequence[Track], text_height: float
) -> list[TextRow]:
    """Rows of text, none of them on both sides of a horizontal ruling."""
    places = [t.position for t in horizontals]
    bands: dict[int, list[Token]] = {}
    for token in tokens:
        bands.setdefault(int(np.searchsorted(places, token.box.center[1])), []).append(token)
    return [row for band in sorted(bands) for row in text_rows(bands[band], text_height)]


Sides = tuple[
    npt.NDArray[np.bool_], npt.NDArray[np.bool_], npt.NDArray[np.bool_], npt.NDArray[np.bool_]
]


def _sides(
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


def _join_slots(
    tokens: Sequence[Token],
    headings: Sequence[TextRow],
    xs: Sequence[float],
    ys: Sequence[float],
    sides: Sides,
    text_height: float,
) -> npt.NDArray[np.intp]:
    """Number the cells: slots with nothing between them, or text across, are one."""
    vertical, horizontal = sides[0], sides[1]
    rows, columns = len(ys) - 1, len(xs) - 1
    content: dict[tuple[int, int], list[Token]] = {}
    for token in tokens:
        r = int(np.searchsorted(ys[1:-1], token.box.center[1], side="right"))
        c = int(np.searchsorted(xs[1:-1], token.box.center[0], side="right"))
        content.setdefault((r, c), []).append(token)
    parent = {(r, c): (r, c) for r in range(rows) for c in range(columns)}

    def root(slot: tuple[int, int]) -> tuple[int, int]:
        while parent[slot] != slot:
            parent[slot] = parent[parent[slot]]
            slot = parent[slot]
        return slot

    for k in range(1, columns):
        pairs = [(content.get((r, k - 1), []), content.get((r, k), [])) for r in range(rows)]
        beside = [_beside(a, b, text_height) for a, b in pairs]
        open_beside = sum(b for r, b in enumerate(beside) if not vertical[r, k])
        # Where the edge is ruled more often than words alone show it, a gap in it is a merge.
        ruled = int(vertical[:, k].sum()) > open_beside
        for r, (left, right) in enumerate(pairs):
            if not vertical[r, k] and (
                _crosses(left, right, xs[k], text_height) or (ruled and not beside[r])
            ):
                parent[root((r, k))] = root((r, k - 1))
    for heading in headings:
        r = int(np.searchsorted(ys[1:-1], heading.middle))
        alone = all(t in heading.tokens for c in range(columns) for t in content.get((r, c), []))
        if alone and not vertical[r, 1:-1].any():
            for c in range(1, columns):
                parent[root((r, c))] = root((r, c - 1))
    for c in range(columns):
        for k in range(1, rows):
            upper, lower = content.get((k - 1, c), []), content.get((k, c), [])
            if horizontal[k, c]:
                continue
            straddles = any(
                t.box.top < ys[k] - 0.3 * t.box.height and t.box.bottom > ys[k] + 0.3 * t.box.height
                for t in (*upper, *lower)
            )
            # Other columns are ruled here, this one is ruled elsewhere: one cell reaches over.
            reaches = bool(horizontal[k].any()) and (
                not (upper and lower)
                or (int(horizontal[1:-1, c].sum()) >= 2 and _goes_on(upper, lower, text_height))
                or bool(vertical[k - 1 : k + 1, c : c + 2].all())
            )
            if straddles or reaches:
                parent[root((k, c))] = root((k - 1, c))
    groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for slot in parent:
        groups.setdefault(root(slot), []).append(slot)
    owner = np.full((rows, columns), -1, np.intp)
    number = 0
    for group in groups.values():
        for rectangle in _rectangles(group):
            for slot in rectangle:
                owner[slot] = number
            number += 1
    return owner


def _crosses(
    left: Sequence[Token], right: Sequence[Token], edge: float, text_height: float
) -> bool:
    """Whether a phrase runs over the edge between two slots."""
    reach = 0.3 * text_height
    if any(t.box.left < edge - reach and t.box.right > edge + reach for t in (*left, *right)):
        return True
    return any(
        a.line == b.line
        and -reach < b.box.left - a.box.right < 0.45 * text_height
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
    return gap < 0.5 * text_height


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


def _compact(grid: Grid, tokens: Sequence[Token], text_height: float) -> Grid:
    """The grid without edges that part nothing, and without slivers that hold nothing."""
    keep_y = _needed(grid.owner, grid.ys, [t.box.center[1] for t in tokens], text_height)
    keep_x = _needed(grid.owner.T, grid.xs, [t.box.center[0] for t in tokens], text_height)
    if len(keep_y) == grid.rows and len(keep_x) == grid.columns:
        return grid
    # What is left of a dropped first row or column is added to the next one.
    rows_at, columns_at = [0, *keep_y[1:], grid.rows], [0, *keep_x[1:], grid.columns]
    return Grid(
        tuple(grid.xs[i] for i in columns_at),
        tuple(grid.ys[i] for i in rows_at),
        grid.owner[np.ix_(keep_y, keep_x)],
        grid.vertical[np.ix_(keep_y, columns_at)],
        grid.horizontal[np.ix_(rows_at, keep_x)],
        grid.vertical_drawn[np.ix_(keep_y, columns_at)],
        grid.horizontal_drawn[np.ix_(rows_at, keep_x)],
    )


def _needed(
    owner: npt.NDArray[np.intp],
    edges: Sequence[float],
    middles: Sequence[float],
    text_height: float,
) -> list[int]:
    """The rows (of the first axis) to keep: not those equal to the one before, nor slivers."""
    kept: list[int] = []
    for index in range(len(owner)):
        same = bool(kept) and bool((owner[index] == owner[kept[-1]]).all())
        sliver = edges[index + 1] - edges[index] < _SLIVER * text_height and not any(
            edges[index] <= m < edges[index + 1] for m in middles
        )
        if not same and not sliver:
            kept.append(index)
    return kept or [0]
