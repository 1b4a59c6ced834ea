"""Finished items from the page's pixels back to the source picture's, and lines the other way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from scanner.rectification import Rectification
from table_restore.document import Block, Cell, Character, Item, Line, Table, Word
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
    return tuple(_line(line, way) for line in lines)


def _line(line: Line, way: Rectification) -> Line:
    outlines = [line.polygon, *(word.polygon for word in line.words)]
    outlines += [character.polygon for word in line.words for character in word.characters]
    moved = iter(_polygons(outlines, way))
    polygon, *of_words = islice(moved, 1 + len(line.words))
    words = tuple(
        replace(word, polygon=place, characters=_characters(word, moved))
        for word, place in zip(line.words, of_words, strict=True)
    )
    return replace(line, words=words, polygon=polygon)


def _characters(word: Word, moved: Iterator[Polygon]) -> tuple[Character, ...]:
    """The word's characters with the next polygons."""
    return tuple(Character(c.text, next(moved), c.confidence) for c in word.characters)


def _polygon(polygon: Polygon, way: Rectification) -> Polygon:
    return _polygons([polygon], way)[0]


def _polygons(polygons: Sequence[Polygon], way: Rectification) -> list[Polygon]:
    """Polygons moved together: one at a time takes ten times as long."""
    points = way.to_source([point for polygon in polygons for point in polygon.points])
    moved = iter([(x, y) for x, y in points.tolist()])
    return [Polygon(tuple(islice(moved, len(polygon.points)))) for polygon in polygons]
