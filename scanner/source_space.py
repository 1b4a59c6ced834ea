"""Finished items from the page's pixels back to the source picture's, and lines the other way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from scanner.rectification import Rectification
from table_restore.document import Block, Cell, Item, Line, Table, Word
from table_restore.geometry import Polygon


def to_source(items: tuple[Item, ...], rectification: Rectification) -> tuple[Item, ...]:
    """The items with every polygon mapped from the rectified page to the source picture."""
    if rectification.is_identity:
        return items
    return tuple(_item(item, rectification) for item in items)


def to_page(lines: Iterable[Line], rectification: Rectification) -> list[Line]:
    """The lines of a finished page in the pixels of the rectified page, without characters."""

    def move(polygon: Polygon) -> Polygon:
        points = rectification.to_page(polygon.points)
        return Polygon(tuple((float(x), float(y)) for x, y in points))

    return [
        Line(
            tuple(Word(word.text, move(word.polygon), word.confidence) for word in line.words),
            move(line.polygon),
        )
        for line in lines
    ]


def _item(item: Item, way: Rectification) -> Item:
    if isinstance(item, Block):
        return replace(item, lines=_lines(item.lines, way), polygon=_polygon(item.polygon, way))
    cells = tuple(_cell(cell, way) for cell in item.cells)
    table: Table = replace(item, cells=cells, polygon=_polygon(item.polygon, way))
    return table


def _cell(cell: Cell, way: Rectification) -> Cell:
    return replace(cell, lines=_lines(cell.lines, way), polygon=_polygon(cell.polygon, way))


def _lines(lines: tuple[Line, ...], way: Rectification) -> tuple[Line, ...]:
    return tuple(
        replace(
            line,
            words=tuple(_word(word, way) for word in line.words),
            polygon=_polygon(line.polygon, way),
        )
        for line in lines
    )


def _word(word: Word, way: Rectification) -> Word:
    characters = tuple(
        replace(character, polygon=_polygon(character.polygon, way))
        for character in word.characters
    )
    return replace(word, polygon=_polygon(word.polygon, way), characters=characters)


def _polygon(polygon: Polygon, way: Rectification) -> Polygon:
    points = way.to_source(polygon.points)
    return Polygon(tuple((float(x), float(y)) for x, y in points))
