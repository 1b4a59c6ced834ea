"""Pieces that stand on one base line in one column, put together in rows."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.layout.evidence import Mates
from scanner.layout.page_frame import Frame, Piece, Row, join, row_of
from table_restore.document import Line
from table_restore.geometry import Box

NEAR = 3.0
"""Pieces of a row with a smaller gap, in text heights, are parts of one line."""


def find_rows(
    pieces: Sequence[Piece], mates: Mates, gutters: Sequence[Box], frame: Frame, height: float
) -> list[Row]:
    """All pieces in rows; two neighbours share a row where no gutter runs between them.

    Pieces with only a blank or a tab between them are joined to one line.
    """
    follower: dict[Piece, Piece] = {}
    for piece in pieces:
        right = _neighbour(piece, mates, right=True)
        if right is None or _neighbour(right, mates, right=False) is not piece:
            continue
        if not any(_runs_between(gutter, piece.box, right.box) for gutter in gutters):
            follower[piece] = right
    followers = set(follower.values())
    rows = []
    for first in pieces:
        if first in followers:
            continue
        row = [first]
        while row[-1] in follower:
            row.append(follower[row[-1]])
        rows.append(row_of(_join_near(row, frame, height)))
    return rows


def _join_near(row: Sequence[Piece], frame: Frame, height: float) -> list[Piece]:
    groups: list[list[Piece]] = []
    for piece in row:
        last = groups[-1][-1] if groups else None
        if last is not None and _is_near(last, piece, height):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return [join(frame, group) if len(group) > 1 else group[0] for group in groups]


def _is_near(a: Piece, b: Piece, height: float) -> bool:
    parts = a.whole is not None and a.whole is b.whole
    return parts or b.box.left - a.box.right < NEAR * height


def _neighbour(piece: Piece, mates: Mates, right: bool) -> Piece | None:
    """The nearest line on the same row at one side of a line, if the two can join."""
    x = piece.box.center[0]
    beside = [mate for mate in mates[piece] if (mate.box.center[0] > x) == right]
    if not beside or not isinstance(piece.content, Line):
        return None
    nearest = min(beside, key=lambda mate: _gap(piece.box, mate.box))
    low, tall = sorted((piece.box.height, nearest.box.height))
    joins = tall <= 2.5 * low and _gap(piece.box, nearest.box) > -0.5 * low
    return nearest if joins and isinstance(nearest.content, Line) else None


def _gap(a: Box, b: Box) -> float:
    """The white between two boxes side by side, negative where they overlap."""
    return max(a.left, b.left) - min(a.right, b.right)


def _runs_between(gutter: Box, a: Box, b: Box) -> bool:
    middle = gutter.center[0]
    y = (max(a.top, b.top) + min(a.bottom, b.bottom)) / 2
    return a.center[0] < middle < b.center[0] and gutter.top <= y <= gutter.bottom
