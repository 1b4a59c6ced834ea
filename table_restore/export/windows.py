"""Cutting tables that are larger than a file format allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from table_restore.document import Cell, Table


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a cell inside a window; positions count from the window's first slot.

    `first` is False for the rest of a cell that began in an earlier window.
    """

    cell: Cell
    row: int
    column: int
    row_span: int
    column_span: int
    first: bool


@dataclass(frozen=True, slots=True)
class Window:
    """A range of rows and columns of a table, and the pieces of cells that tile it."""

    row: int
    column: int
    rows: int
    columns: int
    pieces: tuple[Piece, ...]


def windows(table: Table, max_rows: int, max_columns: int) -> Iterator[Window]:
    """The table cut into as few windows as the limits allow, row by row of windows."""
    for row in range(0, table.rows, max_rows):
        for column in range(0, table.columns, max_columns):
            rows = min(max_rows, table.rows - row)
            columns = min(max_columns, table.columns - column)
            pieces = (_piece(cell, row, column, rows, columns) for cell in table.cells)
            yield Window(row, column, rows, columns, tuple(p for p in pieces if p))


def _piece(cell: Cell, row: int, column: int, rows: int, columns: int) -> Piece | None:
    top, left = max(cell.row, row), max(cell.column, column)
    bottom = min(cell.row + cell.row_span, row + rows)
    right = min(cell.column + cell.column_span, column + columns)
    if top >= bottom or left >= right:
        return None
    return Piece(
        cell,
        row=top - row,
        column=left - column,
        row_span=bottom - top,
        column_span=right - left,
        first=(top, left) == (cell.row, cell.column),
    )
