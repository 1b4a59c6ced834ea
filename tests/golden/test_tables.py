"""The samples' tables from the true lines: what fails here is not the fault of reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.options import Options
from scanner.sources import open_source
from table_restore import restore_tables
from table_restore.document import Page
from table_restore.export.document_json import parse_json
from tests.golden.compare import cell_error_rate, structure_of

SAMPLES = Path(__file__).parents[2] / "samples"


def pages() -> list[tuple[str, Page]]:
    """Sample and page, for the pages that have a table."""
    truths = ((path.stem, path) for path in sorted((SAMPLES / "truth").iterdir()))
    return [
        (name, page)
        for name, path in truths
        for page in parse_json(path.read_bytes()).pages
        if page.tables
    ]


@pytest.mark.parametrize(("name", "page"), pages(), ids=[name for name, _ in pages()])
def test_tables_from_true_lines(name: str, page: Page) -> None:
    with open_source(SAMPLES / "scans" / name, Options()) as source:
        pixels = source.read(page.number).pixels.numpy()
    found = restore_tables(pixels, list(page.lines)).tables
    assert [structure_of(table) for table in found] == [structure_of(t) for t in page.tables]
    for truth, table in zip(page.tables, found, strict=True):
        assert cell_error_rate(truth, table) == 0.0
