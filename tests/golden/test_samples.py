"""The whole program on the sample scans, beside the truth they were drawn from."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from statistics import median

import pytest

from scanner import BlockKind, Document, Scanner
from table_restore.document import Block
from table_restore.export.document_json import parse_json
from tests.golden.compare import (
    cell_error_rate,
    character_error_rate,
    edge_error,
    normalise,
    structure_of,
    tables_of,
    word_pairs,
)

SAMPLES = Path(__file__).parents[2] / "samples"
NAMES = sorted(path.name for path in (SAMPLES / "scans").iterdir())
# What a list of goods and prices without rulings is, running text or a table, is open.
OPEN = {"receipt.jpg"}

Scan = Callable[[str], Document]


def truth_of(name: str) -> Document:
    return parse_json((SAMPLES / "truth" / f"{name}.json").read_bytes())


WITH_TABLES = [name for name in NAMES if tables_of(truth_of(name))]
WITHOUT_TABLES = [name for name in NAMES if name not in {*WITH_TABLES, *OPEN}]


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    return Scanner()


@pytest.fixture(scope="module")
def scanned(scanner: Scanner) -> Scan:
    """A function that scans a sample by name, once."""
    return cache(lambda name: scanner.scan(SAMPLES / "scans" / name))


@pytest.mark.parametrize("name", NAMES)
def test_pages(name: str, scanned: Scan) -> None:
    result = scanned(name)
    assert result.failures == ()
    assert [(page.number, page.width, page.height) for page in result.pages] == [
        (page.number, page.width, page.height) for page in truth_of(name).pages
    ]


@pytest.mark.parametrize("name", NAMES)
def test_text_in_reading_order(name: str, scanned: Scan) -> None:
    assert character_error_rate(truth_of(name), scanned(name)) < 0.01


@pytest.mark.parametrize("name", WITH_TABLES)
def test_tables(name: str, scanned: Scan) -> None:
    expected, found = tables_of(truth_of(name)), tables_of(scanned(name))
    assert [structure_of(table) for table in found] == [structure_of(t) for t in expected]
    for truth, table in zip(expected, found, strict=True):
        assert cell_error_rate(truth, table) < 0.01


@pytest.mark.parametrize("name", WITHOUT_TABLES)
def test_no_table_where_there_is_none(name: str, scanned: Scan) -> None:
    assert tables_of(scanned(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_words_hug_the_ink(name: str, scanned: Scan) -> None:
    truth = truth_of(name)
    pages = zip(truth.pages, scanned(name).pages, strict=True)
    pairs = [pair for expected, found in pages for pair in word_pairs(expected, found)]
    words = sum(len(line.words) for page in truth.pages for line in page.lines)
    # Words misread or cut in another place have no partner; in Japanese that is a matter of taste.
    assert len(pairs) >= 0.8 * words
    assert median(edge_error(*pair) for pair in pairs) <= 2.0


@pytest.mark.parametrize("name", ["report_two_columns.png", "report_pages.tif"])
def test_parts_of_a_report(name: str, scanned: Scan) -> None:
    for kind in (BlockKind.HEADER, BlockKind.HEADING, BlockKind.PAGE_NUMBER):
        assert texts_of(scanned(name), kind) == texts_of(truth_of(name), kind)


def texts_of(document: Document, kind: BlockKind) -> list[str]:
    return [
        normalise(" ".join(line.text for line in item.lines))
        for page in document.pages
        for item in page.items
        if isinstance(item, Block) and item.kind is kind
    ]
