"""What is called a table and what is not, by its grid and words alone."""

from __future__ import annotations

import numpy as np
import pytest

from table_restore.geometry import Box
from table_restore.grid import Grid
from table_restore.tokens import Token
from table_restore.verify import is_table


@pytest.mark.parametrize("drawn", [False, True], ids=["edge of a shade", "line"])
def test_three_texts_are_a_table_where_a_line_is_drawn_between_them(drawn: bool) -> None:
    """Else they are a name and an address side by side, as on a letterhead."""
    none = np.zeros((2, 3), bool)
    ruled = np.zeros((3, 2), bool)
    ruled[1] = True
    owner = np.arange(4).reshape(2, 2)
    lines = ruled & drawn
    grid = Grid((0, 300, 600), (0, 50, 100), owner, none, ruled, none, lines)
    places = {"Life": (350, 10), "Companies": (10, 60), "Insurance": (350, 60)}
    tokens = [
        Token(number, 0, 0, len(text), text, Box(x, y, x + 100, y + 20))
        for number, (text, (x, y)) in enumerate(places.items())
    ]
    assert is_table(grid, tokens) == drawn


@pytest.mark.parametrize("lines", [False, True], ids=["a rim", "lines between rows"])
@pytest.mark.parametrize("several", [1, 2], ids=["one row", "two rows"])
def test_one_row_of_several_texts_is_a_table_only_where_rows_are_drawn(
    several: int, lines: bool
) -> None:
    """The dark rim of a scan, or a line and a mark in the margin, make no column of a list."""
    down, across = np.ones((9, 3), bool), np.zeros((10, 2), bool)
    across[[0, -1]] = True
    across |= lines
    grid = Grid(
        (0, 300, 600),
        tuple(range(0, 1000, 100)),
        np.arange(18).reshape(9, 2),
        down,
        across,
        down,
        across,
    )
    places = [*((10, row) for row in range(9)), *((310, row) for row in range(several))]
    tokens = [
        Token(number, 0, 0, 4, "name", Box(x, 100 * row + 40, x + 50, 100 * row + 60))
        for number, (x, row) in enumerate(places)
    ]
    assert is_table(grid, tokens) == (lines or several > 1)


@pytest.mark.parametrize("drawn", [False, True], ids=["edges of shades", "lines"])
def test_names_of_columns_on_their_side_are_a_table_where_lines_part_them(drawn: bool) -> None:
    """Else they are names of a chart's bars."""
    down, across = np.ones((3, 7), bool), np.ones((4, 6), bool)
    grid = Grid(
        tuple(range(0, 700, 100)),
        tuple(range(0, 400, 100)),
        np.arange(18).reshape(3, 6),
        down,
        across,
        down & drawn,
        across & drawn,
    )
    tall, wide = (20, 90), (50, 20)
    sizes = {(row, column): wide if row else tall for row in range(3) for column in range(6)}
    tokens = [
        Token(number, 0, 0, 4, "name", Box(x * 100 + 5, y * 100 + 5, x * 100 + w, y * 100 + h))
        for number, ((y, x), (w, h)) in enumerate(sizes.items())
        if not y or not x
    ]
    assert is_table(grid, tokens) == drawn
