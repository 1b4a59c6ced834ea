"""Cells from a grid and the words in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
import numpy.typing as npt

from table_restore.document import Alignment, Borders, Cell, Line, Table
from table_restore.geometry import Box
from table_restore.grid import Grid
from table_restore.headers import header_rows
from table_restore.shades import median_level
from table_restore.tokens import Token, assemble
from table_restore.upright import Upright

_SHADE = 12  # levels of a channel by which a shaded ground differs from the paper
_EVEN = 3  # printed grounds differ so many times as much from the paper as from pixel to pixel
_FLUSH = 0.4  # by so many of its heights may a text be off its column's edge or middle


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
    inks = {number: Box.around(t.box for t in parts) for number, parts in contents.items()}
    spans = grid.spans()
    columns = [_column_anchor(grid, column, spans, inks, heads) for column in range(grid.columns)]
    paper = _paper(pixels)
    cells = []
    across, down = grid.horizontal_drawn.tolist(), grid.vertical_drawn.tolist()
    for number, (top, left, bottom, right) in spans.items():
        box = Box(grid.xs[left], grid.ys[top], grid.xs[right], grid.ys[bottom])
        outline = upright.polygon(box)
        parts = contents.get(number, [])
        cells.append(
            Cell(
                row=top,
                column=left,
                row_span=bottom - top,
                column_span=right - left,
                polygon=outline,
                lines=assemble(parts, lines),
                borders=Borders(
                    top=any(across[top][left:right]),
                    bottom=any(across[bottom][left:right]),
                    left=any(row[left] for row in down[top:bottom]),
                    right=any(row[right] for row in down[top:bottom]),
                ),
                header=top < heads,
                alignment=_alignment(box, inks.get(number), columns[left:right]),
                shade=_shade(pixels, outline.box, paper),
            )
        )
    whole = Box(grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1])
    return Table(grid.rows, grid.columns, tuple(cells), upright.polygon(whole))


def _paper(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """The colour of most of the page."""
    return median_level(pixels[::8, ::8].reshape(-1, 3))


def _shade(
    pixels: npt.NDArray[np.uint8], box: Box, paper: npt.NDArray[np.float64]
) -> tuple[int, int, int] | None:
    """The ground's colour in a cell, where it differs from the paper's.

    A shadow or a stain on the paper is uneven: no shade.
    """
    inset = 0.15 * min(box.width, box.height)
    rows = slice(max(0, int(box.top + inset)), max(0, int(box.bottom - inset)), 2)
    columns = slice(max(0, int(box.left + inset)), max(0, int(box.right - inset)), 2)
    part = pixels[rows, columns].reshape(-1, 3)
    if not len(part):
        return None
    red, green, blue = ground = median_level(part)
    contrast = max(abs(paper - ground))
    if contrast < _SHADE or contrast < _EVEN * max(median_level(abs(part - ground))):
        return None
    return int(red), int(green), int(blue)


@dataclass(frozen=True, slots=True)
class _Anchor:
    """Where the texts of a column are set: flush left or right at `place`, or centred on it."""

    alignment: Alignment
    place: float

    def holds(self, ink: Box) -> bool:
        return abs(_anchors(ink)[self.alignment] - self.place) <= _FLUSH * ink.height


def _anchors(ink: Box) -> dict[Alignment, float]:
    """The places of a text that alignments make one."""
    return {
        Alignment.LEFT: ink.left,
        Alignment.RIGHT: ink.right,
        Alignment.CENTER: ink.center[0],
    }


def _column_anchor(
    grid: Grid,
    column: int,
    spans: dict[int, tuple[int, int, int, int]],
    inks: dict[int, Box],
    heads: int,
) -> _Anchor | None:
    """How most texts of a column's body are aligned, where their places tell it."""
    numbers = dict.fromkeys(int(n) for n in grid.owner[heads:, column])
    alone = [n for n in numbers if n in inks and spans[n][3] - spans[n][1] == 1]
    if len(alone) < 3:
        return None
    places = [_anchors(inks[n]) for n in alone]
    middles = {a: median([p[a] for p in places]) for a in Alignment}
    spreads = {a: float(np.mean([abs(p[a] - middles[a]) for p in places])) for a in Alignment}
    height = median([inks[n].height for n in alone])
    best = min(spreads, key=lambda a: spreads[a])
    if max(spreads.values()) - spreads[best] < 0.5 * _FLUSH * height:
        # Texts of one width: the room beside them tells.
        whole = Box(grid.xs[column], 0, grid.xs[column + 1], height)
        ink = Box(middles[Alignment.LEFT], 0, middles[Alignment.RIGHT], height)
        best = _by_room(whole, ink)
    return _Anchor(best, middles[best])


def _alignment(box: Box, ink: Box | None, columns: Sequence[_Anchor | None]) -> Alignment:
    """How the text stands in its cell: as its column's others, or by the room on either side."""
    if ink is None:
        return Alignment.LEFT
    if len(columns) == 1 and columns[0] is not None and columns[0].holds(ink):
        return columns[0].alignment
    return _by_room(box, ink)


def _by_room(box: Box, ink: Box) -> Alignment:
    left, right = ink.left - box.left, box.right - ink.right
    if abs(left - right) <= 0.25 * (left + right) and left > 0.3 * ink.height:
        return Alignment.CENTER
    return Alignment.RIGHT if right < left else Alignment.LEFT
