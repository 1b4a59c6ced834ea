"""Cells from a grid and the words in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from table_restore.document import Alignment, Borders, Cell, Line, Table
from table_restore.geometry import Box
from table_restore.grid import Grid
from table_restore.headers import header_rows
from table_restore.tokens import Token, assemble
from table_restore.upright import Upright

_SHADE = 12  # levels of a channel by which a shaded ground differs from the paper


def build_table(
    grid: Grid,
    tokens: Sequence[Token],
    lines: Sequence[Line],
    upright: Upright,
    pixels: npt.NDArray[np.uint8],
) -> Table:
    """The table of a grid; its cells get the tokens by where their middles lie,
    but for leaders.

    `lines` are those that the tokens were cut from; polygons of the result are in page pixels.
    """
    contents: dict[int, list[Token]] = {}
    for token in tokens:
        if token.leader:
            continue
        contents.setdefault(int(grid.owner[grid.slot(*token.box.center)]), []).append(token)
    heads = header_rows(grid, contents)
    paper = _paper(pixels)
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
                header=bool(top < heads),
                alignment=_alignment(box, parts),
                shade=_shade(pixels, upright.polygon(box).box, paper),
            )
        )
    outline = Box(grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1])
    return Table(grid.rows, grid.columns, tuple(cells), upright.polygon(outline))


def _paper(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """The colour of most of the page."""
    return np.asarray(np.median(pixels[::8, ::8].reshape(-1, 3), axis=0), np.float64)


def _shade(
    pixels: npt.NDArray[np.uint8], box: Box, paper: npt.NDArray[np.float64]
) -> tuple[int, int, int] | None:
    """The ground's colour in a cell, where it differs from the paper's."""
    inset = 0.15 * min(box.width, box.height)
    rows = slice(max(0, int(box.top + inset)), max(0, int(box.bottom - inset)), 2)
    columns = slice(max(0, int(box.left + inset)), max(0, int(box.right - inset)), 2)
    part = pixels[rows, columns].reshape(-1, 3)
    if not len(part):
        return None
    red, green, blue = np.median(part, axis=0)
    if max(abs(paper - (red, green, blue))) < _SHADE:
        return None
    return int(red), int(green), int(blue)


def _alignment(box: Box, tokens: Sequence[Token]) -> Alignment:
    """How the text stands in its cell, by the room on either side."""
    if not tokens:
        return Alignment.LEFT
    text = Box.around(t.box for t in tokens)
    left, right = text.left - box.left, box.right - text.right
    if abs(left - right) <= 0.25 * (left + right) and left > 0.3 * text.height:
        return Alignment.CENTER
    return Alignment.RIGHT if right < left else Alignment.LEFT
