"""Headings are told by size, place, capitals and numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scanner.layout.headings import Group, is_heading, is_numbered, mostly_capitals
from scanner.layout.page_frame import Piece, Row, row_of
from table_restore.document import Line
from tests.scanner.layout_pages import SIZE, column_of_text, line


def rows_of(lines: list[Line]) -> tuple[Row, ...]:
    return tuple(row_of([Piece(each.polygon.box, each)]) for each in lines)


def group(text: str, size: float = SIZE, opens: bool = True, alone: bool = True) -> Group:
    return Group(rows_of([line(text, 0, 0, size)]), opens, alone)


BODY = Group(rows_of(column_of_text(1, 0, 100, 900, 5)), opens=True, alone=True)


@pytest.mark.parametrize("text", ["2.1 Methods", "IV. Results", "Appendix B: Tables", "A. Scope"])
def test_numbers_of_sections(text: str) -> None:
    assert is_numbered(text)


@pytest.mark.parametrize("text", ["1987 was dry", "3.14", "Methods", "2.1.2"])
def test_other_numbers(text: str) -> None:
    assert not is_numbered(text)


@pytest.mark.parametrize(
    "title",
    [
        group("Large letters", size=2 * SIZE, opens=False, alone=False),
        group("2 Methods", alone=False),
        group("METHODS"),
        group("Methods and means"),
    ],
)
def test_headings(title: Group) -> None:
    assert is_heading(title, BODY, SIZE, capitals=False)


@pytest.mark.parametrize(
    "text", ["and so it went", "Dear Sir,", "It ended there.", "12 / 14 / 16", "No"]
)
def test_other_lines(text: str) -> None:
    assert not is_heading(group(text), BODY, SIZE, capitals=False)


def test_lines_that_no_white_parts_are_no_headings() -> None:
    assert not is_heading(group("METHODS", alone=False), BODY, SIZE, capitals=False)
    assert not is_heading(group("2 Methods", opens=False), BODY, SIZE, capitals=False)


def test_capitals_mark_nothing_among_capitals() -> None:
    rows = rows_of([line("ALL OF THIS", 0, 0), line("IS LOUD", 0, 30), line("but this", 0, 60)])
    assert mostly_capitals(rows)
    assert not mostly_capitals(rows[1:])
    assert not is_heading(group("METHODS"), None, SIZE, capitals=True)


def test_a_large_line_that_can_hardly_be_read_is_a_signature() -> None:
    name = line("Emil Aster", 0, 0, 2 * SIZE)
    unsure = replace(name, words=tuple(replace(word, confidence=0.7) for word in name.words))
    assert is_heading(Group(rows_of([name]), True, True), BODY, SIZE, capitals=False)
    assert not is_heading(Group(rows_of([unsure]), True, True), BODY, SIZE, capitals=False)
