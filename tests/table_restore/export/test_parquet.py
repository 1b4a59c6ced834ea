from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet

from table_restore.continued import join_continued
from table_restore.document import Block, Document
from table_restore.export import parse_json, render, render_parquet
from table_restore.export.values import typed_values
from tests.factories.documents import (
    NASTY_TEXTS,
    column,
    document,
    german_statement,
    grid,
    invoice,
    mixed_document,
    page,
)


def read(content: Document, name: str) -> pyarrow.Table:
    return parquet.read_table(BytesIO(render_parquet(content)[name]))


def rows(content: Document, name: str) -> list[dict[str, Any]]:
    return read(content, name).to_pylist()


def test_every_word_is_there_in_reading_order() -> None:
    content = mixed_document()
    words = rows(content, "words")
    printed = [word for page in content.pages for line in page.lines for word in line.words]
    assert [word["text"] for word in words] == [word.text for word in printed]
    assert [word["confidence"] for word in words] == [word.confidence for word in printed]
    for word, expected in zip(words, printed, strict=True):
        box = expected.polygon.box
        edges = (word["left"], word["top"], word["right"], word["bottom"])
        assert edges == pytest.approx((box.left, box.top, box.right, box.bottom), abs=0.005)
    assert {word["source"] for word in words} == {content.source}


def test_the_places_of_words_lead_back_to_them() -> None:
    content = mixed_document()
    places = [tuple(w[k] for k in ("page", "item", "line", "word")) for w in rows(content, "words")]
    assert places == sorted(set(places))
    pages = {page.number: page for page in content.pages}
    for word in rows(content, "words"):
        item = pages[word["page"]].items[word["item"]]
        if isinstance(item, Block):
            lines, kind, table = list(item.lines), item.kind.value, None
        else:
            lines, kind = [line for cell in item.cells for line in cell.lines], "table"
            table = [t for p in content.pages for t in p.tables].index(item) + 1
        assert word["text"] == lines[word["line"]].words[word["word"]].text
        assert (word["item_kind"], word["table"]) == (kind, table)


def test_words_join_to_cells() -> None:
    content = mixed_document()
    key = ("source", "page", "item", "table", "row", "column")
    texts: dict[tuple[Any, ...], list[str]] = {}
    for word in rows(content, "words"):
        if word["table"] is None:
            assert (word["row"], word["column"]) == (None, None)
        else:
            texts.setdefault(tuple(word[k] for k in key), []).append(word["text"])
    cells = {tuple(cell[k] for k in key): cell["text"].split() for cell in rows(content, "cells")}
    assert texts == {place: text for place, text in cells.items() if text}
    assert len(cells) == sum(len(table.cells) for page in content.pages for table in page.tables)


def test_cells_have_their_place_text_and_look() -> None:
    content = mixed_document()
    expected = [cell for page in content.pages for table in page.tables for cell in table.cells]
    for got, cell in zip(rows(content, "cells"), expected, strict=True):
        for name in ("row", "column", "row_span", "column_span", "header", "text"):
            assert got[name] == getattr(cell, name)
        assert got["confidence"] == (cell.confidence and round(cell.confidence, 4))
        box = cell.polygon.box
        edges = (got["left"], got["top"], got["right"], got["bottom"])
        assert edges == (box.left, box.top, box.right, box.bottom)
        assert (got["kind"] == "empty") == (not cell.lines)


def test_values_are_those_of_the_workbook() -> None:
    statement = document(german_statement())
    first = next(cell for cell in rows(statement, "cells") if cell["text"] == "1.250,00-")
    assert (first["kind"], first["number"], first["date"]) == ("number", -1250.0, None)
    day = next(cell for cell in rows(statement, "cells") if cell["text"] == "03.01.2022")
    assert (day["kind"], day["number"], day["date"]) == ("date", None, date(2022, 1, 3))
    assert day["number_format"] == 'dd"."mm"."yyyy'
    rate = rows(document(page([column(["5%", "12%"])])), "cells")
    assert [(cell["number"], cell["number_format"]) for cell in rate] == [
        (0.05, "0%"),
        (0.12, "0%"),
    ]

    content = mixed_document()
    values = typed_values([table for page in content.pages for table in page.tables])
    for cell in rows(content, "cells"):
        typed = values[cell["table"] - 1].get((cell["row"], cell["column"]))
        assert cell["number_format"] == (typed and typed.number_format)
        assert (cell["kind"] in ("number", "date")) == (typed is not None)
        if cell["kind"] == "number" and typed:
            assert cell["number"] == typed.value


@pytest.mark.parametrize("name", ["words", "cells"])
def test_the_columns_are_the_same_without_rows(name: str) -> None:
    full = read(mixed_document(), name).schema
    empty = [Document("a.png", ()), document(page([])), document(page([grid([[""]])]))]
    for content in empty:
        table = read(content, name)
        assert table.schema.equals(full, check_metadata=True)
        assert table.num_rows == (
            name == "cells" and bool(content.pages and content.pages[0].items)
        )


@pytest.mark.parametrize("name", ["words", "cells"])
def test_columns_say_what_they_are(name: str) -> None:
    schema = read(mixed_document(), name).schema
    assert all(field.metadata[b"description"] for field in schema)
    assert schema.metadata is None  # nothing of pandas
    gaps = {field.name for field in schema if field.nullable}
    assert (
        gaps
        == {
            "words": {"table", "row", "column"},
            "cells": {"number", "date", "number_format", "confidence"},
        }[name]
    )


def test_the_same_document_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    content = document(invoice())
    first = render_parquet(content)
    monkeypatch.setattr("time.time", lambda: 2e9)
    assert render_parquet(content) == first
    assert render_parquet(parse_json(render(content, "json"))) == first


def test_any_text_can_be_written() -> None:
    content = document(page([grid([[text] for text in NASTY_TEXTS])]), source="\ud800.pdf")
    cells = rows(content, "cells")
    assert [cell["text"] for cell in cells] == [t.replace("\ud800", "\ufffd") for t in NASTY_TEXTS]
    assert {cell["source"] for cell in cells} == {"\ufffd.pdf"}


def test_cells_of_joined_tables_keep_their_page() -> None:
    parts = [
        page([grid([["A", "B"], [text, text]], top=60)], n) for n, text in ((1, "a"), (2, "b"))
    ]
    joined = join_continued(document(*parts))
    assert len(joined.pages) == 1
    pages = {cell["text"]: cell["page"] for cell in rows(joined, "cells")}
    assert pages == {"A": 1, "B": 1, "a": 1, "b": 2}
    assert {word["text"]: word["page"] for word in rows(joined, "words")} == pages
