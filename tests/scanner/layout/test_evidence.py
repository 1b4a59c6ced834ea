"""What lines say about how they belong together."""

from __future__ import annotations

import pytest

from scanner.layout.evidence import (
    are_numbers,
    are_prose,
    are_wrapped,
    count_lines,
    count_words,
    is_number,
    item_number,
    row_mates,
    stand_level,
)
from scanner.layout.page_frame import Piece
from table_restore.geometry import Box
from tests.scanner.layout_pages import column_of_text, line, stack


def piece(text: str, x: float = 0, y: float = 0, height: float = 20) -> Piece:
    content = line(text, x, y, height)
    return Piece(content.polygon.box, content)


def column(texts: list[str]) -> list[Piece]:
    return [Piece(each.polygon.box, each) for each in stack(texts, 0, 0)]


def test_mates_overlap_in_height_and_stand_from_left_to_right() -> None:
    left, right = piece("Net", 0, 100), piece("12.50", 400, 104)
    middle, below = piece("of tax", 200, 98), piece("Gross", 0, 130)
    mates = row_mates([right, left, below, middle])
    assert mates[middle] == [left, right]
    assert mates[below] == []


def test_pieces_of_other_letters_stand_level_on_one_base_line() -> None:
    assert stand_level(piece("Tall", 0, 100, 20), piece("low", 300, 106, 14), 20)
    assert not stand_level(piece("Tall", 0, 100, 20), piece("low", 300, 111, 20), 20)


def test_sentences_are_prose_and_labels_are_not() -> None:
    prose = [Piece(each.polygon.box, each) for each in column_of_text(1, 0, 0, 600, 5)]
    assert are_prose(prose)
    assert not are_prose(prose[:2])
    assert not are_prose(column(["Name", "Street", "Town"]))


@pytest.mark.parametrize(
    ("text", "words"), [("a cat sat", 2), ("12 Larch Road", 2), ("東京都港区", 2.5), ("3.14", 0)]
)
def test_words_are_counted(text: str, words: float) -> None:
    assert count_words(text) == words


@pytest.mark.parametrize(
    ("text", "expected"), [("1,250.00", True), ("12 kg", True), ("Room 7", False), ("", False)]
)
def test_numbers(text: str, expected: bool) -> None:
    assert is_number(text) is expected


def test_a_column_of_numbers_may_have_a_heading() -> None:
    assert are_numbers(column(["Total", "12.50", "7.25", "3.00"]))
    assert not are_numbers(column(["Total", "Tax", "7.25", "3.00"]))


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [(["1", "2", "3", "4"], True), (["5", "10", "15", "20"], True), (["3", "1", "8", "2"], False)],
)
def test_line_numbers_go_up_by_one_step(numbers: list[str], expected: bool) -> None:
    assert count_lines(column(numbers)) is expected


def test_lines_that_go_on_in_the_next_are_wrapped() -> None:
    assert are_wrapped(column(["The tin holds", "one litre of oil"]))
    assert not are_wrapped(column(["One litre tin", "Two brushes here"]))


@pytest.mark.parametrize(
    ("text", "number"), [("12. Date of birth", 12), ("3a) Name", 3), ("2024 report", None)]
)
def test_numbered_fields(text: str, number: int | None) -> None:
    assert item_number(Piece(Box(0, 0, 10, 10), line(text, 0, 0))) == number
