from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from table_restore.document import BlockKind, Character, Document, Line, PageFailure, Table, Word
from table_restore.export import parse_json, render
from table_restore.geometry import Polygon
from tests.factories.documents import (
    NASTY_TEXTS,
    block,
    column,
    document,
    mixed_document,
    page,
    tables,
    texts,
)


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    source = files("table_restore.export") / "document.schema.json"
    schema = json.loads(source.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def load(content: Document) -> Any:
    return json.loads(render(content, "json"))


FAILURE = PageFailure("folder/scan.pdf", 4, "read", "SourceError", "page 4 is damaged")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(table=tables(texts()))
def test_any_table_comes_back(table: Table, validator: Draft202012Validator) -> None:
    content = document(page([table]))
    validator.validate(load(content))
    once = parse_json(render(content, "json"))
    assert [cell.text for cell in once.pages[0].tables[0].cells] == [
        cell.text.replace("\ud800", "\ufffd") for cell in table.cells
    ]
    # Numbers are rounded once; from then on nothing changes.
    assert parse_json(render(once, "json")) == once


def test_a_document_comes_back(validator: Draft202012Validator) -> None:
    content = replace(
        document(page([column(["a\nb", ""])]), page([], 2, None)), failures=(FAILURE,)
    )
    validator.validate(load(content))
    assert parse_json(render(content, "json")) == content


def test_the_contract(validator: Draft202012Validator) -> None:
    content = load(mixed_document())
    validator.validate(content)
    assert content["format"] == "scanner-document"
    assert content["version"] == 1
    assert [p["number"] for p in content["pages"]] == [1, 2, 3]
    heading, table = content["pages"][2]["items"]
    assert heading["kind"] == "heading"
    assert heading["lines"][0]["words"][0]["text"] == "Kontoauszug"
    assert (table["kind"], table["rows"], table["columns"]) == ("table", 5, 3)
    cell = table["cells"][5]
    assert (cell["row"], cell["column"], cell["row_span"], cell["column_span"]) == (1, 2, 1, 1)
    assert cell["text"] == "1.250,00-"
    assert cell["lines"][0]["text"] == "1.250,00-"
    assert cell["header"] is False
    assert cell["borders"] == {"top": True, "right": False, "bottom": True, "left": False}


def test_numbers_are_rounded() -> None:
    polygon = Polygon(((0.126, 1.0), (9.999, 1.0), (9.999, 2.004)))
    line = Line((Word("a", polygon, 0.123456),), polygon)
    item = type(block(BlockKind.PARAGRAPH, ["a"]))(BlockKind.PARAGRAPH, (line,), polygon)
    data = render(document(page([item])), "json").decode()
    assert '"polygon":[[0.13,1],[10,1],[10,2]]' in data
    assert '"confidence":0.1235' in data


@pytest.mark.parametrize("text", NASTY_TEXTS)
def test_any_text_comes_back(text: str) -> None:
    content = document(page([block(BlockKind.PARAGRAPH, [text])]), source=text)
    back = parse_json(render(content, "json"))
    expected = text.replace("\ud800", "\ufffd")
    assert back.source == expected
    (line,) = back.pages[0].lines
    assert line.text == expected


def test_text_is_readable_in_the_file() -> None:
    data = render(document(page([block(BlockKind.PARAGRAPH, ["漢字 é"])])), "json")
    assert "漢字 é" in data.decode("utf-8")
    assert data.endswith(b"\n")


def test_characters_are_left_out() -> None:
    line = block(BlockKind.PARAGRAPH, ["ab"]).lines[0]
    box = line.polygon
    characters = tuple(Character(c, box, 0.9) for c in "ab")
    spelt = Line((replace(line.words[0], characters=characters),), box)
    item = replace(block(BlockKind.PARAGRAPH, ["ab"]), lines=(spelt,))
    content = document(page([item]))
    assert next(parse_json(render(content, "json")).pages[0].lines) == line


def test_optional_fields_may_be_missing() -> None:
    content = document(page([column(["a"])]))
    data = load(content)
    del data["failures"], data["pages"][0]["dpi"]
    for name in ("borders", "alignment", "shade", "confidence"):
        del data["pages"][0]["items"][0]["cells"][0][name]
    back = parse_json(json.dumps(data).encode())
    assert back.pages[0].dpi is None
    assert back.pages[0].tables[0].cells[0].text == "a"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "Expecting value"),
        (b"[]", "not a 'scanner-document'"),
        (b'{"format": "other"}', "not a 'scanner-document'"),
        (b'{"format": "scanner-document", "version": 2}', "version 2"),
        (b'{"format": "scanner-document", "version": 1}', "'source' is missing"),
        (b'{"format": "scanner-document", "version": 1, "source": "", "pages": 3}', "wrong kind"),
        (
            b'{"format": "scanner-document", "version": 1, "source": "", "pages": [{"number": 1,'
            b'"width": 9, "height": 9, "items": [{"kind": "poem", "polygon": [[0,0],[1,0],[1,1]],'
            b'"lines": []}]}]}',
            "'poem' is not a valid",
        ),
    ],
)
def test_other_data_is_refused_with_a_reason(data: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_json(data)
