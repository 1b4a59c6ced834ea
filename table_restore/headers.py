"""How many of a table's first rows are its header."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from table_restore.grid import Grid
from table_restore.tokens import Token

_YEAR = re.compile(r"\(?(19|20)\d\d([/-]\d{2,4})?[)*]?")
_MOST = 5  # more rows than this are never a header


def header_rows(grid: Grid, contents: Mapping[int, Sequence[Token]]) -> int:
    """The number of header rows of a grid whose cells hold `contents`, by cell number.

    The header ends above the first row of values, but never within a cell; where no row has
    values, or all have, the first row is one if a ruling or its words set it apart.
    """
    values = [_values(grid, contents, row) for row in range(grid.rows)]
    body = next((r for r, share in enumerate(values) if share >= 0.5), None)
    if body is None:
        body = 1
    if body == 0:
        return 0
    return min(_through_cells(grid, _with_words(values, body)), _MOST, grid.rows - 1)


def _values(grid: Grid, contents: Mapping[int, Sequence[Token]], row: int) -> float:
    """The share of numbers among the filled cells right of the first column; years are none."""
    filled = numbers = 0
    for number in dict.fromkeys(int(n) for n in grid.owner[row, 1:]):
        parts = contents.get(number, ())
        if not parts or number == grid.owner[row, 0]:
            continue
        text = " ".join(t.text for t in parts)
        filled += 1
        numbers += all(t.numeric for t in parts) and not _YEAR.fullmatch(text)
    return numbers / filled if filled else 0.0


def _with_words(values: Sequence[float], body: int) -> int:
    """Where the header ends, given the first row of values: a section's heading is no header."""
    return body if body <= 2 or all(share == 0 for share in values[:body]) else 1


def _through_cells(grid: Grid, rows: int) -> int:
    """At least `rows`, such that no cell reaches over the end."""
    while rows < grid.rows and bool(np.isin(grid.owner[rows], grid.owner[:rows]).any()):
        rows += 1
    return rows
