"""Plain text: lines in reading order, a blank line between blocks, a form feed between pages.

Texts that stand beside one another are one line, with tabs between.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import inf

from table_restore.document import Document, Item, Line, Page, Table
from table_restore.export.characters import one_line
from table_restore.export.measures import direction, extent, is_beside
from table_restore.geometry import Point

SAME_LEVEL = 0.7
"""Lines whose middles are less than this many line heights apart stand beside one another."""


def render_text(document: Document) -> bytes:
    """The document as UTF-8 text; tables line by line as printed, cells separated by tabs."""
    pages = (_page_text(page) for page in document.pages)
    return "\f".join(pages).encode("utf-8")


def _page_text(page: Page) -> str:
    return "\n".join("".join(f"{line}\n" for line in _item_lines(item)) for item in page.items)


def _item_lines(item: Item) -> list[str]:
    if isinstance(item, Table):
        return _table_rows(item)
    printed = [one_line(item.lines[0].text)]
    for line, following in pairwise(item.lines):
        text = one_line(following.text)
        if is_beside(line, following):
            printed[-1] += f"\t{text}"
        else:
            printed.append(text)
    return printed


def _table_rows(table: Table) -> list[str]:
    """One string a printed line of the table; cells stand at their column's place between tabs.

    A row whose cells hold several lines gives several strings, as on the paper: wrapped texts
    stay beside one another. A cell that spans stands in its first slot.
    """
    rows: list[list[tuple[int, Line]]] = [[] for _ in range(table.rows)]
    for cell in table.cells:
        rows[cell.row] += [(cell.column, line) for line in cell.lines]
    along = direction(table.polygon)
    return [
        "\t".join(_slots(printed, table.columns))
        for row in rows
        for printed in _printed_lines(row, along) or [[]]
    ]


def _slots(printed: Sequence[tuple[int, Line]], columns: int) -> list[str]:
    slots = [""] * columns
    for column, line in printed:
        slots[column] = f"{slots[column]} {one_line(line.text)}".lstrip()
    return slots


def _printed_lines(row: Sequence[tuple[int, Line]], along: Point) -> list[list[tuple[int, Line]]]:
    """The lines of a row's cells, from top to bottom, those on one level together.

    `along` is the reading direction of the table, which may lean or stand on its side.
    """
    printed: list[list[tuple[int, Line]]] = []
    base, height = -inf, 0.0
    for column, line in sorted(row, key=lambda entry: _place(entry[1], along)[1]):
        _, level = _place(line, along)
        _, own = extent(line.polygon)
        if level - base > SAME_LEVEL * min(height, own):
            printed.append([])
            base, height = level, own
        printed[-1].append((column, line))
    return [
        sorted(level, key=lambda entry: (entry[0], _place(entry[1], along)[0])) for level in printed
    ]


def _place(line: Line, along: Point) -> Point:
    """Where a line's middle lies along the reading direction, and across it, downwards."""
    (x, y), (dx, dy) = line.polygon.center, along
    return dx * x + dy * y, dx * y - dy * x
