"""What holds for every format."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from table_restore.document import BlockKind, Document
from table_restore.export import parse_json, render
from table_restore.formats import FORMATS, PAGED_FORMATS
from tests.factories.documents import (
    NASTY_TEXTS,
    block,
    column,
    document,
    grid,
    invoice,
    mixed_document,
    page,
)


def nasty_document() -> Document:
    texts = list(NASTY_TEXTS)
    return document(
        page([block(BlockKind.PARAGRAPH, texts), grid([[t, t] for t in texts])]),
        source="\x01=évil<&>/\ud800.pdf",
    )


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_document_gives_the_same_bytes(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    contents = [document(invoice()), nasty_document()]
    first = [render(content, form) for content in contents]
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setattr("time.time", lambda: 2e9)
    copies = [parse_json(render(content, "json")) for content in contents[:1]]
    assert [render(content, form) for content in contents] == first
    assert [render(copy, form) for copy in copies] == first[:1]


@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_archives_hold_no_date(form: str) -> None:
    with zipfile.ZipFile(BytesIO(render(mixed_document(), form))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.testzip() is None


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="'pdf' is not one of the formats xlsx, docx"):
        render(document(page([column(["a"])])), "pdf")


def test_paged_formats_are_formats() -> None:
    assert set(PAGED_FORMATS) <= set(FORMATS)
