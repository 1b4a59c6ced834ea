"""Pieces that stand on one base line in one column, put together in rows."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.evidence import on_one_row
from scanner.page_frame import Frame, Piece, join
from scanner.reading_order import Row
from table_restore.document import Line
from table_restore.geometry import Box

NEAR = 3.0
"""Pieces of a row with a smaller gap, in text heights, are parts of one line."""


def find_rows(pieces: Sequence[Piece], gutters: Sequence[Box]) -> list[Row]:
    """All pieces in rows; two neighbours share a row where no gutter runs between them."""
    follower: dict[int, int] = {}
    for i, piece in enumerate(pieces):
        j = _neighbour(i, pieces, right=True)
        if j is None or _neighbour(j, pieces, right=False) != i:
            continue
        if not any(_runs_between(gutter, piece.box, pieces[j].box) for gutter in gutters):
            follower[i] = j
    rows = []
    for i in sorted(set(range(len(pieces))) - set(follower.values())):
        row = [i]
        while row[-1] in follower:
            row.append(follower[row[-1]])
        rows.append(tuple(pieces[k] for k in row))
    return rows


def join_near(row: Row, frame: Frame, height: float) -> Row:
    """The row with pieces that only a blank or a tab parts joined to one line."""
    groups: list[list[Piece]] = []
    for piece in row:
        last = groups[-1][-1] if groups else None
        if last is not None and _is_near(last, piece, height):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return tuple(join(frame, group) if len(group) > 1 else group[0] for group in groups)


def _is_near(a: Piece, b: Piece, height: float) -> bool:
    parts = a.whole is not None and a.whole is b.whole
    return parts or b.box.left - a.box.right < NEAR * height


def _neighbour(i: int, pieces: Sequence[Piece], right: bool) -> int | None:
    """The nearest line on the same row as line `i` on one side of it, if it can join."""
    me = pieces[i]
    if not isinstance(me.content, Line):
        return None
    best, gap = None, float("inf")
    for j, other in enumerate(pieces):
        if j == i or not on_one_row(me.box, other.box):
            continue
        ahead = other.box.center[0] > me.box.center[0]
        if ahead != right:
            continue
        between = other.box.left - me.box.right if right else me.box.left - other.box.right
        if between < gap:
            best, gap = j, between
    if best is None or not isinstance(pieces[best].content, Line):
        return None
    tall, low = sorted((me.box.height, pieces[best].box.height), reverse=True)
    return best if tall <= 2.5 * low and gap > -0.5 * low else None


def _runs_between(gutter: Box, a: Box, b: Box) -> bool:
    middle = gutter.center[0]
    y = (max(a.top, b.top) + min(a.bottom, b.bottom)) / 2
    return a.center[0] < middle < b.center[0] and gutter.top <= y <= gutter.bottom
