"""Lines and tables to the page's items in reading order."""

from __future__ import annotations

from collections.abc import Sequence

from table_restore.document import Block, BlockKind, Item, Line, Table


def arrange(
    lines: Sequence[Line], tables: Sequence[Table], width: int, height: int
) -> tuple[Item, ...]:
    """Group lines into blocks and put blocks and tables in reading order.

    All polygons are in pixels of a page of `width` x `height`.
    """
    items: list[Item] = [*tables]
    items += [Block(BlockKind.PARAGRAPH, (line,), line.polygon) for line in lines]
    return tuple(sorted(items, key=lambda item: item.polygon.box.top))
