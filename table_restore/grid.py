"""The grid of a table: edges of rows and columns, and which slots are one cell."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from table_restore.alignment import column_edges
from table_restore.bands import find_bands
from table_restore.geometry import Box
from table_restore.heads import find_head
from table_restore.joins import join_slots
from table_restore.row_edges import row_edges, spanning_rows
from table_restore.ruling import Ruling
from table_restore.slots import Slots, find_passages, find_sides, place_among, place_tokens
from table_restore.text_rows import TextRow, text_rows
from table_restore.tokens import Token
from table_restore.tracks import Track, find_tracks

_SLIVER = 0.9  # an empty row or column narrower than this many text heights is none
_OUTER_SLIVER = 1.6  # the same for what a leaning frame leaves at the table's rim


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

    def spans(self) -> dict[int, tuple[int, int, int, int]]:
        """Top and left slot of each cell, and the bottom and right one (exclusive), by number."""
        found: dict[int, tuple[int, int, int, int]] = {}
        for row, numbers in enumerate(self.owner.tolist()):
            for column, number in enumerate(numbers):
                top, left, _, right = found.get(number, (row, column, 0, 0))
                found[number] = top, left, row + 1, max(right, column + 1)
        return found

    def slot(self, x: float, y: float) -> tuple[int, int]:
        """The slot of a point; points outside belong to the nearest slot."""
        return place_among(self.ys, y), place_among(self.xs, x)


def find_grid(
    tokens: Sequence[Token],
    rulings: Sequence[Ruling],
    box: Box,
    space: float,
    text_height: float,
) -> Grid:
    """The grid of a table in `box`, from the rulings and the words in it.

    `space` is the page's gap that is as likely between words as between columns.
    """
    verticals = find_tracks(rulings, horizontal=False, text_height=text_height)
    horizontals = find_tracks(rulings, horizontal=True, text_height=text_height)
    rows = _rows_in_bands(tokens, horizontals, text_height)
    bands = find_bands(rows, horizontals, verticals, box, text_height)
    entries = [r for r in rows if not _is_centered(r, verticals, box, text_height)] or rows
    edges = column_edges(entries, verticals, bands, box, space, text_height)
    xs = _without_wedges([box.left, *edges, box.right], tokens, verticals, box, text_height)
    tokens = [t for t in tokens if not t.leader]
    rows = _rows_in_bands(tokens, horizontals, text_height)
    head = find_head(rows, horizontals, verticals, xs, space, text_height)
    ys = row_edges(rows, horizontals, verticals, bands, xs, box, head, text_height)
    sides = find_sides(xs, ys, verticals, horizontals)
    headings = spanning_rows(rows, xs, text_height)
    through = find_passages(xs, ys, horizontals)
    content = place_tokens(tokens, xs, ys)
    slots = Slots(tuple(xs), tuple(ys), sides, through, content, space, text_height)
    owner = join_slots(slots, headings, head)
    return _compact(Grid(tuple(xs), tuple(ys), owner, *sides), tokens, text_height)


def _is_centered(row: TextRow, verticals: Sequence[Track], box: Box, text_height: float) -> bool:
    """Whether a row is one text in the middle of the table, as a section's heading: in no column.

    Lines drawn down beside it show that it stands in one.
    """
    words = row.box
    return (
        abs(words.center[0] - box.center[0]) < text_height
        and len(row.phrases(text_height)) == 1
        and not all(t.numeric for t in row.tokens)
        and not any(
            v.covers(row.middle - 1, row.middle + 1) > 0.5
            for v in verticals
            if box.left + text_height < v.position < box.right - text_height
        )
    )


def _without_wedges(
    xs: Sequence[float],
    tokens: Sequence[Token],
    verticals: Sequence[Track],
    box: Box,
    text_height: float,
) -> list[float]:
    """Edges of columns without those that a leaning frame draws beside its own side.

    They part off an outer strip, narrow and without text, and in one piece that does not go all
    the way down: a narrow column's wall goes on below the cells that reach across it.
    """
    kept = list(xs)
    for inner, outer in ((1, 0), (-2, -1)):
        if len(kept) < 4:
            break
        low, high = sorted((kept[inner], kept[outer]))
        held = any(low < t.box.center[0] < high for t in tokens)
        walls = [v for v in verticals if abs(v.position - kept[inner]) < 1 and len(v.ruled) == 1]
        down = max((v.covers(box.top, box.bottom) for v in walls), default=0.0)
        if high - low < _OUTER_SLIVER * text_height and not held and 0.0 < down < 0.9:
            del kept[inner]
    return kept


def _rows_in_bands(
    tokens: Sequence[Token], horizontals: Sequence[Track], text_height: float
) -> list[TextRow]:
    """Rows of text, none of them on both sides of a horizontal ruling."""
    places = [t.position for t in horizontals]
    bands: dict[int, list[Token]] = {}
    for token in tokens:
        bands.setdefault(bisect_left(places, token.box.center[1]), []).append(token)
    return [row for band in sorted(bands) for row in text_rows(bands[band], text_height)]


def _compact(grid: Grid, tokens: Sequence[Token], text_height: float) -> Grid:
    """The grid without edges that part nothing, and without slivers that hold nothing."""
    filled = {int(grid.owner[grid.slot(*t.box.center)]) for t in tokens}
    blank: npt.NDArray[np.bool_] = ~np.isin(grid.owner, sorted(filled))
    blank_y, blank_x = np.asarray(blank.all(axis=1)), np.asarray(blank.all(axis=0))
    # An empty row or column counts only where rulings make slots of it or draw its four sides.
    bare_y = blank_y & ~np.asarray(grid.vertical[:, 1:-1].any(axis=1))
    bare_x = blank_x & ~np.asarray(grid.horizontal[1:-1].any(axis=0))
    bare_y &= ~_boxed(grid.vertical_drawn, grid.horizontal_drawn)
    bare_x &= ~_boxed(grid.horizontal_drawn.T, grid.vertical_drawn.T)
    keep_y = _needed(grid.owner, grid.ys, bare_y, blank_y, text_height)
    keep_x = _needed(grid.owner.T, grid.xs, bare_x, blank_x, text_height)
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


def _boxed(ends: npt.NDArray[np.bool_], sides: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which rows have all four sides drawn: `ends` [rows, columns + 1], `sides` [rows + 1, ...]."""
    along = np.asarray(sides.all(axis=1))
    return np.asarray(ends[:, 0] & ends[:, -1] & along[:-1] & along[1:], dtype=np.bool_)


def _needed(
    owner: npt.NDArray[np.intp],
    edges: Sequence[float],
    bare: npt.NDArray[np.bool_],
    blank: npt.NDArray[np.bool_],
    text_height: float,
) -> list[int]:
    """The rows (of the first axis) to keep: not those equal to the one before, nor empty ones
    that are bare of rulings or a sliver between two."""
    kept: list[int] = []
    for index in range(len(owner)):
        same = bool(kept) and bool((owner[index] == owner[kept[-1]]).all())
        sliver = blank[index] and edges[index + 1] - edges[index] < _SLIVER * text_height
        if not (same or sliver or bare[index]):
            kept.append(index)
    return kept or [0]
