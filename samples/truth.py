"""The truth of a scan: what is on the clean sheet, carried to where the scan has it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from samples.degrade import Homography
from table_restore.document import Block, Cell, Item, Line, Page, Table
from table_restore.geometry import Point, Polygon


def page_of(
    items: list[Item],
    placement: Homography,
    number: int,
    size: tuple[int, int],
    dpi: float | None,
) -> Page:
    """A page of `size` (width, height) whose polygons are mapped through `placement`."""

    def convert(point: Point) -> Point:
        x, y, w = placement @ np.array((*point, 1.0))
        return float(x / w), float(y / w)

    def outline(polygon: Polygon) -> Polygon:
        return polygon.map(convert)

    def line(item: Line) -> Line:
        words = tuple(replace(word, polygon=outline(word.polygon)) for word in item.words)
        return Line(words, outline(item.polygon))

    def cell(item: Cell) -> Cell:
        return replace(
            item, polygon=outline(item.polygon), lines=tuple(line(each) for each in item.lines)
        )

    def mapped(item: Item) -> Item:
        if isinstance(item, Block):
            lines = tuple(line(each) for each in item.lines)
            return Block(item.kind, lines, outline(item.polygon))
        cells = tuple(cell(each) for each in item.cells)
        return Table(item.rows, item.columns, cells, outline(item.polygon))

    return Page(number, size[0], size[1], dpi, tuple(mapped(item) for item in items))
