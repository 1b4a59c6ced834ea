"""Tables that continue on the next page, joined into one.

Paper breaks a long table where the page ends. A table that ends its page and one that begins the
next are taken for one where their columns stand alike; a repeated header is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from statistics import median

from table_restore.document import Block, BlockKind, Cell, Document, Item, Page, Table
from table_restore.export.measures import direction, header_columns, header_rows

# Shares of the page's width along the text. A sheet lies differently in the scanner each time;
# columns without rulings are as wide as their words. A repeated header vouches for the table.
_SHIFT = 0.08
_TOLERANCE, _TOLERANCE_WITH_HEADER = 0.02, 0.05
# Of the characters, that two readings of the same print have in common; of a short one less.
_ALIKE, _SHORT_ALIKE = 0.8, 0.6

_RUNNING = (BlockKind.HEADER, BlockKind.FOOTER, BlockKind.PAGE_NUMBER)
_CONTINUED = re.compile(
    r"\b(?:continued|cont['’]d|cont\.|carried (?:over|forward)|fortsetzung|suite|continúa"
    r"|continuación|segue|continua)(?!\w)|续表|續表|続き|转下页|承上页",
    re.IGNORECASE,
)
_PAGE_OF_PAGES = re.compile(r"\b(?:page|seite|p\.)\s*\d+(?:\s*(?:of|/|von|de|sur)\s*\d+)?", re.I)
_LONGEST_REMARK = 80  # characters, of a line that says "continued"


@dataclass(frozen=True, slots=True)
class _Part:
    """A table on its page, and where the table it continues (or it itself) stands."""

    page: Page
    table: Table
    owner: tuple[int, int]


def join_continued(document: Document) -> Document:
    """The document with every table that goes on over pages as one table on its first page.

    Two tables are joined where they stand on consecutive pages and have the same columns, with
    nothing between them but running heads, page numbers, remarks such as "continued", and text
    that both pages have, as letterheads. The rows of the later one follow, less a repeated
    header. A joined table's polygon is that of its first part; the cells of the others keep the
    pixels of their own page and say in `Cell.page` which it is. Pages with nothing of their own
    left are left out.

    Meant for formats whose text flows; those with a place for everything (PAGE-XML, JSON) should
    be given the document as it was.
    """
    pages = [list(page.items) for page in document.pages]
    emptied: set[int] = set()
    open_part: _Part | None = None
    for index, (page, items) in enumerate(zip(document.pages, pages, strict=True)):
        before = document.pages[index - 1].items if index else ()
        after = document.pages[index + 1].items if index + 1 < len(pages) else ()
        first = _first_table(items, before)
        joined = None
        if open_part and first is not None and page.number == open_part.page.number + 1:
            joined = _joined(open_part, page, first[1], pages)
        last = _last_table(items, after)
        if joined and open_part and first:
            owner_page, owner_item = open_part.owner
            pages[owner_page][owner_item] = joined
            items.pop(first[0])
            if not any(_is_lasting(item, before) for item in items):
                emptied.add(index)
            if last and last[0] == first[0]:
                open_part = _Part(page, first[1], open_part.owner)
                continue
            last = _last_table(items, after)
        open_part = _Part(page, last[1], (index, last[0])) if last else None
    return replace(
        document,
        pages=tuple(
            replace(page, items=tuple(items))
            for index, (page, items) in enumerate(zip(document.pages, pages, strict=True))
            if index not in emptied
        ),
    )


def _first_table(items: Sequence[Item], page_before: Sequence[Item]) -> tuple[int, Table] | None:
    """The table that begins the page and its place; `page_before` tells what is repeated."""
    for number, item in enumerate(items):
        if isinstance(item, Table):
            return number, item
        if _is_lasting(item, page_before):
            return None
    return None


def _last_table(items: Sequence[Item], page_after: Sequence[Item]) -> tuple[int, Table] | None:
    """The table that ends the page and its place; `page_after` tells what is repeated."""
    for number in reversed(range(len(items))):
        item = items[number]
        if isinstance(item, Table):
            return number, item
        if _is_lasting(item, page_after):
            return None
    return None


def _is_lasting(item: Item, neighbour: Sequence[Item]) -> bool:
    """Whether the item belongs to the text, and not to the page as heads and numbers do."""
    if isinstance(item, Table):
        return True
    text = _text(item)
    if item.kind in _RUNNING or not text.strip():
        return False
    if len(text) <= _LONGEST_REMARK and _CONTINUED.search(text):
        return False
    return not any(_alike(text, _text(one)) for one in neighbour if isinstance(one, Block))


def _joined(part: _Part, page: Page, table: Table, pages: Sequence[Sequence[Item]]) -> Table | None:
    """The table that `part` belongs to with the rows of `table` below; None if they are two."""
    if table.columns != part.table.columns:
        return None
    owner = pages[part.owner[0]][part.owner[1]]
    assert isinstance(owner, Table)
    repeated = _repeated_header(owner, table)
    if not repeated and _has_another_header(owner, table):
        return None
    tolerance = _TOLERANCE_WITH_HEADER if repeated else _TOLERANCE
    if repeated == table.rows or not _same_columns(part, page, table, tolerance):
        return None
    moved = _moved_cells(table, repeated, owner.rows, page.number, header_columns(owner))
    return replace(owner, rows=owner.rows + table.rows - repeated, cells=(*owner.cells, *moved))


def _moved_cells(
    table: Table, dropped: int, below: int, page: int, header_columns: int
) -> Iterator[Cell]:
    """The cells under the first `dropped` rows, as they stand below `below` rows of others."""
    for cell in table.cells:
        if cell.row >= dropped:
            header = cell.header and cell.column < header_columns
            yield replace(cell, row=cell.row - dropped + below, header=header, page=page)


def _same_columns(part: _Part, page: Page, table: Table, tolerance: float) -> bool:
    """Whether the columns' edges are the same but for a shift of the whole sheet."""
    ours, theirs = _edges(part.table, part.page), _edges(table, page)
    offsets = [b - a for a, b in zip(ours, theirs, strict=True)]
    shift = median(offsets)
    return abs(shift) <= _SHIFT and all(abs(one - shift) <= tolerance for one in offsets)


def _edges(table: Table, page: Page) -> list[float]:
    """The left edges of the columns and the right one of the last, in shares of the page.

    Along the reading direction, so that pages scanned sideways or upside down compare.
    """
    dx, dy = direction(table.polygon)
    corners = (0.0, dx * page.width, dy * page.height, dx * page.width + dy * page.height)
    start, extent = min(corners), max(corners) - min(corners)
    found: list[list[float]] = [[] for _ in range(table.columns + 1)]
    for cell in table.cells:
        along = [dx * x + dy * y for x, y in cell.polygon.points]
        found[cell.column].append(min(along))
        found[cell.column + cell.column_span].append(max(along))
    # No cell need begin or end between two columns that all cells span; the table's middle will do.
    middle = sum(table.polygon.center[k] * d for k, d in enumerate((dx, dy)))
    return [(median(edge or [middle]) - start) / extent for edge in found]


def _repeated_header(table: Table, following: Table) -> int:
    """How many first rows of the following table repeat those of the table."""
    marked = header_rows(table)
    for rows in (marked, 1):
        if 0 < rows <= following.rows:
            ours, theirs = _first_rows(table, rows), _first_rows(following, rows)
            if ours and theirs and _same_header(ours, theirs, marked=marked > 0):
                return rows
    return 0


def _first_rows(table: Table, rows: int) -> list[Cell]:
    """The cells of the first rows; none where a cell reaches beyond them."""
    cells = [cell for cell in table.cells if cell.row < rows]
    return [] if any(cell.row + cell.row_span > rows for cell in cells) else cells


def _same_header(ours: Sequence[Cell], theirs: Sequence[Cell], *, marked: bool) -> bool:
    """Whether two groups of cells say the same, up to errors of reading, in the same places.

    Rows that nobody marked as a header may be data, so those must be words throughout.
    """
    if {_place(cell) for cell in ours} != {_place(cell) for cell in theirs}:
        return False
    texts = {_place(cell): cell.text for cell in theirs}
    filled = [cell for cell in ours if cell.text]
    if not filled or (not marked and any(_is_value(cell.text) for cell in filled)):
        return False
    pairs = [(cell.text, texts[_place(cell)]) for cell in ours]
    whole = [" ".join(one) for one in zip(*pairs, strict=True)]
    return _alike(whole[0], whole[1]) and all(_alike(a, b, _SHORT_ALIKE) for a, b in pairs)


def _has_another_header(table: Table, following: Table) -> bool:
    """Whether both tables have a header over columns of values: these are two tables.

    A row marked as header where words stand below is no sign: it may be a row as any other.
    """
    rows = header_rows(following)
    if not header_rows(table) or not rows:
        return False
    head = [cell for cell in following.cells if cell.row < rows]
    body = [c for c in following.cells if c.row >= rows and c.column > 0 and c.text]
    named = {c for cell in head if cell.text for c in _columns(cell)}
    values = sum(_is_value(cell.text) for cell in body)
    return (
        len(named) >= max(2, following.columns - 1)
        and not any(_is_value(cell.text) for cell in head)
        and 2 * values >= len(body) > 0
    )


def _columns(cell: Cell) -> range:
    return range(cell.column, cell.column + cell.column_span)


def _place(cell: Cell) -> tuple[int, int, int, int]:
    return cell.row, cell.column, cell.row_span, cell.column_span


def _is_value(text: str) -> bool:
    """Whether the text has more digits than letters."""
    return sum(c.isdigit() for c in text) > sum(c.isalpha() for c in text)


def _text(block: Block) -> str:
    """The block's text less a page number in it, as letterheads have."""
    return _PAGE_OF_PAGES.sub("", " ".join(line.text for line in block.lines))


def _alike(ours: str, theirs: str, share: float = _ALIKE) -> bool:
    """Whether two texts are the same print, read twice; digits must agree as they stand."""
    a, b = _letters(ours), _letters(theirs)
    if a == b:
        return True
    if re.sub(r"\D", "", a) != re.sub(r"\D", "", b):
        return False
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= share


def _letters(text: str) -> str:
    """The letters and digits of the text, in lower case."""
    return "".join(c for c in text.casefold() if c.isalnum())
