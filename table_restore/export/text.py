"""Plain text: lines in reading order, a blank line between blocks, a form feed between pages."""

from __future__ import annotations

from table_restore.document import Document, Item, Page, Table
from table_restore.export.characters import one_line


def render_text(document: Document) -> bytes:
    """The document as UTF-8 text; a table's row is a line, its cells separated by tabs."""
    pages = (_page_text(page) for page in document.pages)
    return "\f".join(pages).encode("utf-8")


def _page_text(page: Page) -> str:
    return "\n".join("".join(f"{line}\n" for line in _item_lines(item)) for item in page.items)


def _item_lines(item: Item) -> list[str]:
    if isinstance(item, Table):
        return _table_rows(item)
    return [one_line(line.text) for line in item.lines]


def _table_rows(table: Table) -> list[str]:
    """One string a row; a cell that spans stands in its first slot, the others are empty."""
    slots = [[""] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        slots[cell.row][cell.column] = one_line(cell.text)
    return ["\t".join(row) for row in slots]
