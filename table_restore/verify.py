"""Is a candidate a table at all? Charts, forms, lists and paragraphs can look like one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from table_restore.grid import Grid
from table_restore.tokens import Token

_MOSTLY, _WHOLLY = 0.5, 0.8  # what is mostly unread is a table only if it is wholly ruled


def is_table(grid: Grid, tokens: Sequence[Token]) -> bool:
    """Whether a grid and its words are worth being called a table."""
    cells = _texts(grid, tokens)
    total = len(np.unique(grid.owner))
    if grid.rows < 2 or grid.columns < 2 or len(cells) < 3:
        return False
    if _unread(tokens) > _MOSTLY and _parted(grid) < _WHOLLY:
        return False  # a figure with signs in it
    if _is_form(grid, cells):
        return True
    if _full_rows(grid, cells) < 2 and not grid.horizontal_drawn[1:-1].any():
        return (
            False  # text beside the dark rim of a scan, or beside a mark and a line in the margin
        )
    if len(cells) < (0.55 if total <= 15 else 0.25) * total and not _is_list(grid, cells):
        return False
    if (_turned(tokens) > 0.4 and _parted(grid) < _MOSTLY) or len(cells) < min(
        10, 0.15 * grid.rows * grid.columns
    ):
        return False
    ruled = int(grid.vertical.sum()) + int(grid.horizontal.sum())
    drawn = int(grid.vertical_drawn.sum()) + int(grid.horizontal_drawn.sum())
    if len(cells) < 0.5 * total and drawn < 0.6 * ruled:
        return False  # the bars of a chart
    if len(cells) <= 3 and not _drawn_inside(grid):
        return False  # names and addresses side by side, as on a letterhead
    across = grid.horizontal.mean(axis=1) >= 0.5
    down = grid.vertical[:, 1:-1].mean(axis=0) >= 0.5
    if bool(down.any()) or int(across.sum()) >= 3 or bool(across[1:-1].any()):
        return True
    return _looks_tabular(grid, cells, bare=not across.any())


def _unread(tokens: Sequence[Token]) -> float:
    """The share of the text that nobody could read."""
    total = sum(len(t.text) for t in tokens)
    return sum(len(t.text) for t in tokens if t.unread) / total if total else 0.0


def _parted(grid: Grid) -> float:
    """The share of the sides between two cells along which a line is drawn."""
    beside = grid.owner[:, 1:] != grid.owner[:, :-1]
    below = grid.owner[1:] != grid.owner[:-1]
    drawn = int(grid.vertical_drawn[:, 1:-1][beside].sum())
    drawn += int(grid.horizontal_drawn[1:-1][below].sum())
    return drawn / max(1, int(beside.sum()) + int(below.sum()))


def _full_rows(grid: Grid, cells: dict[int, list[Token]]) -> int:
    """How many rows have text in several cells."""
    return sum(len(set(row) & set(cells)) > 1 for row in grid.owner.tolist())


def _drawn_inside(grid: Grid) -> bool:
    """Whether a line is drawn between any two slots."""
    return bool(grid.vertical_drawn[:, 1:-1].any() or grid.horizontal_drawn[1:-1].any())


def _is_form(grid: Grid, cells: dict[int, list[Token]]) -> bool:
    """A form or ledger to be filled in: all of it drawn, with a name for most rows or columns.

    The grid behind a chart has its names outside.
    """
    drawn = int(grid.vertical_drawn.sum()) + int(grid.horizontal_drawn.sum())
    sides = grid.vertical_drawn.size + grid.horizontal_drawn.size
    if min(grid.rows, grid.columns) < 4 or drawn < 0.9 * sides:
        return False
    named = np.isin(grid.owner, list(cells))
    return bool(max(named.mean(axis=0).max(), named[:2].mean(axis=1).max()) >= 0.6)


def _is_list(grid: Grid, cells: dict[int, list[Token]]) -> bool:
    """Every cell drawn, and a column or row wholly filled: what is empty waits to be filled in."""
    filled = np.isin(grid.owner, list(cells))
    return _parted(grid) == 1.0 and bool(filled.all(axis=0).any() or filled.all(axis=1).any())


def _texts(grid: Grid, tokens: Sequence[Token]) -> dict[int, list[Token]]:
    cells: dict[int, list[Token]] = {}
    for token in tokens:
        cells.setdefault(int(grid.owner[grid.slot(*token.box.center)]), []).append(token)
    return cells


def _turned(tokens: Sequence[Token]) -> float:
    """The share of words that run down the page, as on the axis of a chart."""
    long = [t for t in tokens if len(t.text) >= 3]
    if not long:
        return 0.0
    return sum(t.box.height > 1.5 * t.box.width for t in long) / len(long)


def _looks_tabular(grid: Grid, cells: dict[int, list[Token]], bare: bool) -> bool:
    """Without much ruling: several rows that fill several columns, mostly with short entries.

    `bare` says that there is no ruling at all.
    """
    full = sum(
        len(set(row) & set(cells)) >= max(2, 0.5 * grid.columns) for row in grid.owner.tolist()
    )
    words = [len(parts) for parts in cells.values()]
    numeric = [all(t.numeric for t in parts) for parts in cells.values()]
    if not bare and grid.columns > 2 and len(cells) == 2 * grid.columns == grid.owner.size:
        return 3 * sum(numeric) >= len(numeric)  # names and a row of values by a rule
    if full < (4 if bare else 3) or full < 0.4 * grid.rows or float(np.median(words)) > 8:
        return False
    leaders = sum(t.leader for parts in cells.values() for t in parts)
    if grid.columns == 2:
        right = [
            all(t.numeric for t in cells[int(grid.owner[r, 1])])
            for r in range(grid.rows)
            if int(grid.owner[r, 1]) in cells
        ]
        if leaders >= 0.3 * grid.rows:
            return False  # a table of contents, or a form's leaders
        return bool(right) and sum(right) >= 0.6 * len(right) and full >= 3
    codes = [
        len(parts) == 1 and any(c.isdigit() for c in parts[0].text) for parts in cells.values()
    ]
    if sum(map(max, numeric, codes)) >= 0.3 * len(numeric):
        return True
    # Nothing but words: they must be few, and fill almost all rows where nothing is ruled.
    least = 5 if grid.columns < 4 else 4
    return float(np.median(words)) <= 3 and (not bare or full >= max(least, 0.7 * grid.rows))
