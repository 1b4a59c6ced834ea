"""Tables as the measures see them: a truth or anybody's output, reduced to the same form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from table_restore.document import Table
from table_restore.geometry import Box


@dataclass(frozen=True, slots=True)
class PlainCell:
    """A cell on the grid; `ink` holds its text, None where that place is not known."""

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    text: str = ""
    ink: Box | None = None

    @property
    def slots(self) -> Iterator[tuple[int, int]]:
        for row in range(self.row, self.row + self.row_span):
            for column in range(self.column, self.column + self.column_span):
                yield row, column

    @property
    def place(self) -> tuple[int, int, int, int]:
        return self.row, self.column, self.row_span, self.column_span


@dataclass(frozen=True)
class PlainTable:
    """Cells on `rows` x `columns` slots, every slot covered; `box` is the table's region."""

    rows: int
    columns: int
    cells: tuple[PlainCell, ...]
    box: Box

    @cached_property
    def owners(self) -> dict[tuple[int, int], PlainCell]:
        """The cell that covers each (row, column) slot."""
        return {slot: cell for cell in self.cells for slot in cell.slots}

    @cached_property
    def ink_box(self) -> Box:
        """Around all texts; the region where no text's place is known."""
        inks = [cell.ink for cell in self.cells if cell.ink is not None]
        return Box.around(inks) if inks else self.box


def filled(cells: list[PlainCell], box: Box | None = None) -> PlainTable:
    """A table from cells with text; slots that none covers become empty cells.

    Truths that name no empty cells are completed so. The region is around the inks where no
    `box` is given.
    """
    rows = max((c.row + c.row_span for c in cells), default=0)
    columns = max((c.column + c.column_span for c in cells), default=0)
    covered = {slot for cell in cells for slot in cell.slots}
    empty = [
        PlainCell(row, column)
        for row in range(rows)
        for column in range(columns)
        if (row, column) not in covered
    ]
    ordered = tuple(sorted([*cells, *empty], key=lambda cell: (cell.row, cell.column)))
    return PlainTable(rows, columns, ordered, box or Box.around(c.ink for c in cells if c.ink))


def plain(table: Table) -> PlainTable:
    """Our table in the measures' form: polygons become the boxes around them."""
    cells = tuple(
        PlainCell(
            cell.row,
            cell.column,
            cell.row_span,
            cell.column_span,
            cell.text,
            Box.around(line.polygon.box for line in cell.lines) if cell.lines else None,
        )
        for cell in table.cells
    )
    return PlainTable(table.rows, table.columns, cells, table.polygon.box)


def normalised(text: str) -> str:
    """Text for comparing cells: compatibility forms folded, no white space, all dashes alike."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"\s+", "", re.sub(r"[‐‑‒–—―−]", "-", folded))
