"""A grid before its slots are joined to cells: its edges, ruled sides, and the words in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from table_restore.tokens import Token
from table_restore.tracks import Track

_DRAWN = 0.6  # the share of a slot's side that must be ruled to close it
_UNBROKEN = 0.98  # the share of the way between two columns' middles along which a ruling goes on
_ACROSS = 0.3  # the share of its height by which a text lies on both sides of an edge

Slot = tuple[int, int]
Sides = tuple[
    npt.NDArray[np.bool_], npt.NDArray[np.bool_], npt.NDArray[np.bool_], npt.NDArray[np.bool_]
]


@dataclass(frozen=True, slots=True, eq=False)
class Slots:
    """A grid before its slots are joined: edges, ruled sides (as in `Grid`), and the words.

    `through` [rows + 1, columns + 1] tells where a horizontal ruling goes on over an edge
    between columns.
    `space` is the gap, in pixels, that is as likely between words as between columns.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    sides: Sides
    through: npt.NDArray[np.bool_]
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

    def straddles(self, edge: int, column: int) -> bool:
        """Whether a text lies across a horizontal edge, as one centered over two rows does."""
        y = self.ys[edge]
        return any(
            t.box.top < y - _ACROSS * t.box.height and t.box.bottom > y + _ACROSS * t.box.height
            for row in (edge - 1, edge)
            for t in self.at(row, column)
        )


def place_among(edges: Sequence[float], at: float) -> int:
    """The row or column that holds a place; places outside belong to the nearest."""
    return bisect_right(edges, at, 1, len(edges) - 1) - 1


def place_tokens(
    tokens: Sequence[Token], xs: Sequence[float], ys: Sequence[float]
) -> dict[Slot, list[Token]]:
    """The tokens by the slot that holds their middle."""
    content: dict[Slot, list[Token]] = {}
    for token in tokens:
        x, y = token.box.center
        content.setdefault((place_among(ys, y), place_among(xs, x)), []).append(token)
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


def find_passages(
    xs: Sequence[float], ys: Sequence[float], horizontals: Sequence[Track]
) -> npt.NDArray[np.bool_]:
    """Where horizontal rulings go on from one column to the next; `Slots.through`."""
    through = np.zeros((len(ys), len(xs)), bool)
    middles = [(a + b) / 2 for a, b in pairwise(xs)]
    for track in horizontals:
        row = int(np.argmin(np.abs(np.array(ys) - track.position)))
        for column, (left, right) in enumerate(pairwise(middles), 1):
            through[row, column] |= track.covers(left, right) >= _UNBROKEN
    return through
