"""Every polygon of a finished page is mapped to the source picture, once."""

from __future__ import annotations

import numpy as np
import pytest

from scanner.rectification import Rectification
from scanner.source_space import to_page, to_source
from table_restore.document import Block, BlockKind, Cell, Character, Line, Table, Word
from table_restore.geometry import Box, Polygon

OUTLINE = Box(10, 20, 30, 40).polygon()
WORD = Word("a", OUTLINE, 0.9, (Character("a", OUTLINE, 0.9),))
LINE = Line((WORD,), OUTLINE)
ITEMS = (
    Block(BlockKind.PARAGRAPH, (LINE,), OUTLINE),
    Table(1, 1, (Cell(0, 0, OUTLINE, (LINE,)),), OUTLINE),
)


def polygons() -> list[Polygon]:
    way = Rectification(np.array([[2.0, 0, 5], [0, 2.0, -4], [0, 0, 1]]))
    block, table = to_source(ITEMS, way)
    assert isinstance(block, Block)
    assert isinstance(table, Table)
    cell = table.cells[0]
    found = [block.polygon, table.polygon, cell.polygon]
    for line in (block.lines[0], cell.lines[0]):
        found += [line.polygon, line.words[0].polygon, line.words[0].characters[0].polygon]
    return found


def test_every_polygon_is_mapped() -> None:
    for polygon in polygons():
        box = polygon.box
        assert (box.left, box.top, box.right, box.bottom) == pytest.approx((2.5, 12, 12.5, 22))


def test_an_upright_page_is_not_touched() -> None:
    assert to_source(ITEMS, Rectification.identity()) is ITEMS


def test_lines_come_back_to_the_page() -> None:
    way = Rectification(np.array([[2.0, 0, 5], [0, 2.0, -4], [0.001, 0, 1]]))
    block, _ = to_source(ITEMS, way)
    assert isinstance(block, Block)
    (line,) = to_page(block.lines, way)
    for polygon in (line.polygon, line.words[0].polygon):
        assert np.allclose(polygon.points, OUTLINE.points)
    assert line.text == "a"
