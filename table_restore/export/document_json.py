"""The JSON form of a document, version 1, and its inverse; docs/formats.md describes it."""

from __future__ import annotations

import json
from typing import Any

from table_restore.document import (
    Alignment,
    Block,
    BlockKind,
    Borders,
    Cell,
    Document,
    Item,
    Line,
    Page,
    PageFailure,
    Table,
    Word,
)
from table_restore.export.characters import unicode_text
from table_restore.geometry import Polygon

FORMAT = "scanner-document"
VERSION = 1

# What is read or written here is untyped by nature; it stays within this module.
_Json = dict[str, Any]


def render_json(document: Document) -> bytes:
    """The document as one line of UTF-8 JSON.

    Coordinates are rounded to 2 decimals, confidences to 4. Characters of words are left out.
    """
    content: _Json = {
        "format": FORMAT,
        "version": VERSION,
        "source": unicode_text(document.source),
        "pages": [_page(page) for page in document.pages],
        "failures": [_failure(failure) for failure in document.failures],
    }
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return (text + "\n").encode("utf-8")


def parse_json(data: bytes) -> Document:
    """The document that `render_json` wrote.

    Optional fields may be missing. Raises `ValueError` saying what is wrong with the data.
    """
    content = json.loads(data)
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ValueError(f"this is not a {FORMAT!r} file")
    if content.get("version") != VERSION:
        raise ValueError(f"version {content.get('version')!r} is not {VERSION}, the one known here")
    try:
        return Document(
            source=content["source"],
            pages=tuple(_parse_page(page) for page in content["pages"]),
            failures=tuple(_parse_failure(one) for one in content.get("failures", ())),
        )
    except KeyError as error:
        raise ValueError(f"the field {error} is missing") from error
    except (AttributeError, TypeError) as error:
        raise ValueError(f"a field has a value of the wrong kind: {error}") from error


def _page(page: Page) -> _Json:
    return {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "dpi": None if page.dpi is None else _number(page.dpi, 2),
        **({} if page.picture is None else {"picture": page.picture}),
        "items": [_item(item) for item in page.items],
    }


def _item(item: Item) -> _Json:
    if isinstance(item, Table):
        return {
            "kind": "table",
            "polygon": _points(item.polygon),
            "rows": item.rows,
            "columns": item.columns,
            "cells": [_cell(cell) for cell in item.cells],
        }
    return {
        "kind": item.kind.value,
        "polygon": _points(item.polygon),
        "lines": [_line(line) for line in item.lines],
    }


def _cell(cell: Cell) -> _Json:
    borders = cell.borders
    return {
        "row": cell.row,
        "column": cell.column,
        "row_span": cell.row_span,
        "column_span": cell.column_span,
        "text": unicode_text(cell.text),
        "confidence": None if cell.confidence is None else _number(cell.confidence, 4),
        "polygon": _points(cell.polygon),
        "header": cell.header,
        "borders": {
            "top": borders.top,
            "right": borders.right,
            "bottom": borders.bottom,
            "left": borders.left,
        },
        "alignment": cell.alignment.value,
        "shade": None if cell.shade is None else list(cell.shade),
        "lines": [_line(line) for line in cell.lines],
    }


def _line(line: Line) -> _Json:
    return {
        "text": unicode_text(line.text),
        "confidence": _number(line.confidence, 4),
        "polygon": _points(line.polygon),
        "words": [_word(word) for word in line.words],
    }


def _word(word: Word) -> _Json:
    return {
        "text": unicode_text(word.text),
        "confidence": _number(word.confidence, 4),
        "polygon": _points(word.polygon),
    }


def _failure(failure: PageFailure) -> _Json:
    return {
        "source": unicode_text(failure.source),
        "page": failure.page,
        "stage": failure.stage,
        "error": failure.error,
        "message": unicode_text(failure.message),
    }


def _points(polygon: Polygon) -> list[list[float]]:
    return [[_number(x, 2), _number(y, 2)] for x, y in polygon.points]


def _number(value: float, decimals: int) -> float:
    """The value rounded, as an int where it is whole, so that 12.0 is written as 12."""
    rounded = round(value, decimals)
    whole = int(rounded)
    return whole if whole == rounded else rounded


def _parse_page(page: _Json) -> Page:
    dpi, picture = page.get("dpi"), page.get("picture")
    return Page(
        number=int(page["number"]),
        width=int(page["width"]),
        height=int(page["height"]),
        dpi=None if dpi is None else float(dpi),
        items=tuple(_parse_item(item) for item in page["items"]),
        picture=None if picture is None else int(picture),
    )


def _parse_item(item: _Json) -> Item:
    polygon = _parse_points(item["polygon"])
    if item["kind"] == "table":
        return Table(
            rows=int(item["rows"]),
            columns=int(item["columns"]),
            cells=tuple(_parse_cell(cell) for cell in item["cells"]),
            polygon=polygon,
        )
    return Block(BlockKind(item["kind"]), _parse_lines(item["lines"]), polygon)


def _parse_cell(cell: _Json) -> Cell:
    shade = cell.get("shade")
    return Cell(
        row=int(cell["row"]),
        column=int(cell["column"]),
        polygon=_parse_points(cell["polygon"]),
        lines=_parse_lines(cell["lines"]),
        row_span=int(cell["row_span"]),
        column_span=int(cell["column_span"]),
        header=bool(cell["header"]),
        borders=Borders(**cell.get("borders", {})),
        alignment=Alignment(cell.get("alignment", Alignment.LEFT)),
        shade=None if shade is None else (int(shade[0]), int(shade[1]), int(shade[2])),
    )


def _parse_lines(lines: list[_Json]) -> tuple[Line, ...]:
    return tuple(
        Line(tuple(_parse_word(word) for word in line["words"]), _parse_points(line["polygon"]))
        for line in lines
    )


def _parse_word(word: _Json) -> Word:
    return Word(word["text"], _parse_points(word["polygon"]), float(word["confidence"]))


def _parse_points(points: list[list[float]]) -> Polygon:
    return Polygon(tuple((float(x), float(y)) for x, y in points))


def _parse_failure(failure: _Json) -> PageFailure:
    return PageFailure(
        source=failure["source"],
        page=failure["page"],
        stage=failure["stage"],
        error=failure["error"],
        message=failure["message"],
    )
