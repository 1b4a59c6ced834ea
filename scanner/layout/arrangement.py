"""Lines and tables to the page's items in reading order."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.layout.blocks import form_blocks
from scanner.layout.evidence import row_mates
from scanner.layout.gutters import find_gutters
from scanner.layout.page_frame import Frame, Piece, find_frame, place, row_of, take_apart
from scanner.layout.reading_order import Region, order_rows
from scanner.layout.rows import find_rows
from table_restore.document import Item, Line, Table
from table_restore.geometry import Box, Polygon

APART = 2.0
"""Words with a wider blank between them, in text heights, may belong to different columns."""


def arrange(
    lines: Sequence[Line],
    tables: Sequence[Table],
    width: int,
    height: int,
    rules: Sequence[Polygon] = (),
) -> tuple[Item, ...]:
    """Group lines into blocks and put blocks and tables in reading order.

    All polygons are in pixels of a page of `width` x `height`; `rules` are the level lines drawn
    between blocks, which columns do not cross. Pieces of one printed line are
    joined to one line, and a line across a gutter is cut there; all others come back as they
    were, each in exactly one block.
    """
    if not lines:
        return tuple(sorted(tables, key=lambda table: table.polygon.box.top))
    frame = find_frame(lines, width, height)
    contents: list[Line | Table] = [*lines, *tables]
    placed = [place(frame, content) for content in contents]
    size = text_height(placed)
    pieces = [part for piece in placed for part in take_apart(piece, frame, APART * size)]
    pieces.sort(key=lambda piece: (piece.box.top, piece.box.left, piece.box.right, piece.text))
    drawn = [frame.box(rule) for rule in rules]
    regions = [*read([p for p in pieces if not p.across], frame, size, drawn), *_asides(pieces)]
    sheet = frame.box(Box(0, 0, width, height).polygon())
    return form_blocks(regions, frame, size, sheet)


def read(
    pieces: Sequence[Piece], frame: Frame, height: float, rules: Sequence[Box] = ()
) -> list[Region]:
    """The page's rows in reading order, in the regions whose rows stand in one column."""
    mates = row_mates(pieces)
    gutters = find_gutters(pieces, mates, height, rules)
    return order_rows(find_rows(pieces, mates, gutters, frame, height), gutters)


def _asides(pieces: Sequence[Piece]) -> list[Region]:
    """Text that runs across the page's own direction, as stamps and the labels of a diagram."""
    across = [piece for piece in pieces if piece.across]
    return [[row_of((piece,))] for piece in sorted(across, key=lambda piece: piece.box.left)]


def text_height(pieces: Sequence[Piece]) -> float:
    """The height of most of the page's letters: the median over the characters."""
    heights = sorted((p.box.height, len(p.text)) for p in pieces if isinstance(p.content, Line))
    half = sum(count for _, count in heights) / 2
    for value, count in heights:
        half -= count
        if half <= 0:
            return max(value, 1.0)
    return 1.0
