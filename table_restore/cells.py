"""Cells from a grid and the words in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from table_restore.document import Alignment, Borders, Cell, Line, Table
from table_restore.geometry import Box
from table_restore.grid import Grid
from table_restore.tokens import Token, assemble
from table_restore.upright import Upright


def build_table(
    grid: Grid,
    tokens: Sequence[Token],
    lines: Sequence[Line],
    upright: Upright,
    pixels: npt.NDArray[np.uint8],
) -> Table:
    """The table of a grid; its cells get the tokens by where their middles lie.

    `lines` are those that the tokens were cut from; polygons of the result are in page pixels.
    """
    contents: dict[int, list[Token]] = {}
    for token in tokens:
        contents.setdefault(int(grid.owner[grid.slot(*token.box.center)]), []).append(token)
    cells = []
    for number in dict.fromkeys(int(n) for n in grid.owner.ravel()):
        slots = np.argwhere(grid.owner == number)
        (top, left), (bottom, right) = slots.min(axis=0), slots.max(axis=0) + 1
        box = Box(grid.xs[left], grid.ys[top], grid.xs[right], grid.ys[bottom])
        parts = contents.get(number, [])
        cells.append(
            Cell(
                row=int(top),
                column=int(left),
                row_span=int(bottom - top),
                column_span=int(right - left),
                polygon=upright.polygon(box),
                lines=assemble(parts, lines),
                borders=Borders(
                    top=bool(grid.horizontal_drawn[top, left:right].any()),
                    bottom=bool(grid.horizontal_drawn[bottom, left:right].any()),
                    left=bool(grid.vertical_drawn[top:bottom, left].any()),
                    right=bool(grid.vertical_drawn[top:bottom, right].any()),
                ),
                alignment=_alignment(box, parts),
            )
        )
    outline = Box(grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1])
    return Table(grid.rows, grid.columns, tuple(cells), upright.polygon(outline))


def _alignment(box: Box, tokens: Sequence[Token]) -> Alignment:
    """How the text stands in its cell, by the room on either side."""
    if not tokens:
        return Alignment.LEFT
    text = Box.around(t.box for t in tokens)
    left, right = text.left - box.left, box.right - text.right
    if abs(left - right) <= 0.25 * (left + right) and left > 0.3 * text.height:
        return Alignment.CENTER
    return Alignment.RIGHT if right < left else Alignment.LEFT
