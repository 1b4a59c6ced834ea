"""Parquet: the words and the cells of a document as two flat tables, for data frames and SQL.

The columns are the same for every document, an empty one too, so that the files of a run can be
read as one table; docs/formats.md describes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import NamedTuple

from table_restore.document import Cell, Document, Item, Line, Page, Table
from table_restore.export.characters import unicode_text
from table_restore.export.number_formats import shown_day
from table_restore.export.values import TypedValue, typed_values
from table_restore.geometry import Polygon

_Row = tuple[object, ...]


class _Column(NamedTuple):
    """A column's name, its type as PyArrow calls it, what it holds, and whether it has gaps."""

    name: str
    type: str
    description: str
    nullable: bool = False


_SOURCE = _Column("source", "string", "the input file, as in the manifest")
_PAGE = _Column("page", "int32", "page of the file, from 1")
_ITEM = _Column("item", "int32", "block or table of the page in reading order, from 0")
_TABLE = "table of the document in reading order, from 1"
_BOX = (
    _Column("left", "double", "upright box in pixels of the source, origin top left"),
    _Column("top", "double", "upright box in pixels of the source, origin top left"),
    _Column("right", "double", "upright box in pixels of the source, origin top left"),
    _Column("bottom", "double", "upright box in pixels of the source, origin top left"),
)

_WORDS = (
    _SOURCE,
    _PAGE,
    _ITEM,
    _Column("line", "int32", "line of the item, from 0; in a table on through all its cells"),
    _Column("word", "int32", "word of the line, from 0"),
    _Column("item_kind", "string", "heading, paragraph, header, footer, page_number or table"),
    _Column("text", "string", "the word"),
    _Column("confidence", "double", "0 to 1"),
    *_BOX,
    _Column("table", "int32", _TABLE + "; null outside of tables", nullable=True),
    _Column("row", "int32", "first row of the word's cell, from 0", nullable=True),
    _Column("column", "int32", "first column of the word's cell, from 0", nullable=True),
)

_CELLS = (
    _SOURCE,
    _PAGE,
    _ITEM,
    _Column("table", "int32", _TABLE),
    _Column("row", "int32", "first row, from 0"),
    _Column("column", "int32", "first column, from 0"),
    _Column("row_span", "int32", "rows that the cell covers"),
    _Column("column_span", "int32", "columns that the cell covers"),
    _Column("header", "bool", "whether it is a header"),
    _Column("text", "string", "as printed, its lines separated by line feeds"),
    _Column("kind", "string", "number, date, text, or empty"),
    _Column("number", "double", "the value of a number; 0.05 for 5 %", nullable=True),
    _Column("date", "date32", "the value of a date", nullable=True),
    _Column("number_format", "string", "Excel's, showing the value as printed", nullable=True),
    _Column("confidence", "double", "0 to 1, the least certain line's", nullable=True),
    *_BOX,
)


def render_parquet(document: Document) -> dict[str, bytes]:
    """The document's two files, "words" and "cells"; the same each time with the same PyArrow.

    Coordinates are rounded to 2 decimals, confidences to 4. Needs the package `pyarrow`.
    """
    return {
        "words": _file(_WORDS, _word_rows(document)),
        "cells": _file(_CELLS, _cell_rows(document)),
    }


def _word_rows(document: Document) -> Iterator[_Row]:
    source = unicode_text(document.source)
    for page, index, table, item in _items(document):
        kind = "table" if isinstance(item, Table) else item.kind.value
        for number, (cell, line) in enumerate(_lines(item)):
            row, column = (cell.row, cell.column) if cell else (None, None)
            for position, word in enumerate(line.words):
                yield (
                    source,
                    (cell and cell.page) or page.number,
                    index,
                    number,
                    position,
                    kind,
                    unicode_text(word.text),
                    round(word.confidence, 4),
                    *_box(word.polygon),
                    table,
                    row,
                    column,
                )


def _cell_rows(document: Document) -> Iterator[_Row]:
    source = unicode_text(document.source)
    values = typed_values([table for page in document.pages for table in page.tables])
    for page, index, number, item in _items(document):
        if number is None or not isinstance(item, Table):
            continue
        for cell in item.cells:
            yield (
                source,
                cell.page or page.number,
                index,
                number,
                cell.row,
                cell.column,
                cell.row_span,
                cell.column_span,
                cell.header,
                unicode_text(cell.text),
                *_typed(cell, values[number - 1].get((cell.row, cell.column))),
                None if cell.confidence is None else round(cell.confidence, 4),
                *_box(cell.polygon),
            )


def _typed(cell: Cell, value: TypedValue | None) -> _Row:
    """The columns from "kind" to "number_format"."""
    if value is None:
        return ("text" if cell.lines else "empty", None, None, None)
    day = shown_day(value.value, value.number_format)
    if day is not None:
        return ("date", None, day, value.number_format)
    return ("number", value.value, None, value.number_format)


def _items(document: Document) -> Iterator[tuple[Page, int, int | None, Item]]:
    """Each item with its page, its place there, and which table of the document it is, if one."""
    tables = 0
    for page in document.pages:
        for index, item in enumerate(page.items):
            tables += isinstance(item, Table)
            yield page, index, tables if isinstance(item, Table) else None, item


def _lines(item: Item) -> Iterator[tuple[Cell | None, Line]]:
    if isinstance(item, Table):
        for cell in item.cells:
            for line in cell.lines:
                yield cell, line
    else:
        for line in item.lines:
            yield None, line


def _box(polygon: Polygon) -> tuple[float, float, float, float]:
    box = polygon.box
    return round(box.left, 2), round(box.top, 2), round(box.right, 2), round(box.bottom, 2)


def _file(columns: tuple[_Column, ...], rows: Iterable[_Row]) -> bytes:
    import pyarrow  # optional, and the other formats should not wait for it
    from pyarrow import parquet

    schema = pyarrow.schema(
        [
            pyarrow.field(
                column.name,
                pyarrow.type_for_alias(column.type),
                column.nullable,
                {"description": column.description},
            )
            for column in columns
        ]
    )
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    arrays = [pyarrow.array(v, field.type) for v, field in zip(values, schema, strict=True)]
    file = BytesIO()
    table = pyarrow.Table.from_arrays(arrays, schema=schema)
    parquet.write_table(table, file, compression="zstd")
    return file.getvalue()
