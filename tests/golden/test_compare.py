"""The golden tests' ruler, on cases small enough to work out by hand."""

from __future__ import annotations

import pytest

from table_restore.document import Block, BlockKind, Cell, Document, Line, Page, Table, Word
from table_restore.geometry import Box
from tests.golden.compare import (
    cell_error_rate,
    character_error_rate,
    edge_error,
    normalise,
    structure_of,
    text_of,
    word_pairs,
)


def word(text: str, left: float = 0.0, top: float = 0.0) -> Word:
    return Word(text, Box(left, top, left + 10.0 * len(text), top + 10.0).polygon(), 1.0)


def line(text: str, top: float = 0.0) -> Line:
    words = tuple(word(part, 100.0 * i, top) for i, part in enumerate(text.split()))
    return Line(words, words[0].polygon)


def page(*texts: str) -> Page:
    lines = tuple(line(text, 20.0 * i) for i, text in enumerate(texts))
    block = Block(BlockKind.PARAGRAPH, lines, lines[0].polygon)
    return Page(1, 600, 400, None, (block,))


def document(*texts: str) -> Document:
    return Document("x.png", (page(*texts),))


def cell(row: int, column: int, text: str = "", row_span: int = 1, column_span: int = 1) -> Cell:
    lines = (line(text),) if text else ()
    return Cell(row, column, Box(0, 0, 9, 9).polygon(), lines, row_span, column_span)


def table(rows: int, columns: int, *cells: Cell) -> Table:
    return Table(rows, columns, cells, Box(0, 0, 9, 9).polygon())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ｔｏｔａｌ：  5\n€", "Total:5 €"),
        ("青禾 市 QX", "青禾市QX"),
        ("l’été – “oui”", 'l\'été - "oui"'),
        ("two words", "two words"),
    ],
)
def test_normalise(text: str, expected: str) -> None:
    assert normalise(text) == expected


def test_error_rate_counts_edits_in_reading_order() -> None:
    truth = document("ab cd", "ef")
    assert character_error_rate(truth, document("ab", "cd ef")) == 0.0
    assert character_error_rate(truth, document("ab cx", "ef")) == 1 / 8
    assert character_error_rate(truth, document("ef", "ab cd")) == 6 / 8


def test_text_is_a_line_a_line() -> None:
    assert text_of(document("ab cd", "ef")) == "ab cd\nef"


def test_structure_tells_a_span_from_two_cells() -> None:
    merged = table(1, 2, cell(0, 0, "a", column_span=2))
    split = table(1, 2, cell(0, 0, "a"), cell(0, 1))
    assert structure_of(merged) != structure_of(split)
    assert structure_of(split) == structure_of(table(1, 2, cell(0, 1), cell(0, 0, "b")))


def test_cells_are_compared_place_by_place() -> None:
    truth = table(1, 2, cell(0, 0, "abc"), cell(0, 1, "d"))
    assert cell_error_rate(truth, truth) == 0.0
    assert cell_error_rate(truth, table(1, 2, cell(0, 1, "d"), cell(0, 0, "abx"))) == 1 / 4
    assert cell_error_rate(truth, table(1, 2, cell(0, 0, "abcd"), cell(0, 1))) == 2 / 4
    assert cell_error_rate(truth, table(1, 2, cell(0, 0, "a bc"), cell(0, 1, "d"))) == 0.0
    with pytest.raises(ValueError, match="structure"):
        cell_error_rate(truth, table(1, 1, cell(0, 0, "abc")))


def test_words_pair_with_the_nearest_of_the_same_text() -> None:
    truth = page("one two", "one")
    pairs = word_pairs(truth, page("one too", "one"))
    assert [(a.text, a.polygon.box.top, b.polygon.box.top) for a, b in pairs] == [
        ("one", 0.0, 0.0),
        ("one", 20.0, 20.0),
    ]


def test_words_far_apart_are_not_the_same() -> None:
    assert word_pairs(page("one"), page("two", "one")) == []


def test_edge_error_is_the_mean_of_the_four_edges() -> None:
    assert edge_error(word("ab"), word("ab", left=3.0, top=1.0)) == 2.0
