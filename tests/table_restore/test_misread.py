"""Rulings that recognition took for text, and lines that it laid across others."""

from __future__ import annotations

from dataclasses import replace

import pytest
from paper import Paper, filled_grid, texts

from table_restore.document import Character, Line, Word
from table_restore.geometry import Box
from table_restore.misread import is_dashes, is_stroke

XS = [60, 200, 340, 480, 620]
YS = [60, 100, 140, 180, 220]


def dashed_table() -> tuple[Paper, list[list[str]]]:
    """A grid of dashes 12 pixels long, 6 apart, every cell filled."""
    paper = Paper(700, 300)
    for x in XS:
        for y in range(YS[0], YS[-1], 18):
            paper.rule(x, y, x, min(y + 12, YS[-1]))
    for y in YS:
        for x in range(XS[0], XS[-1], 18):
            paper.rule(x, y, min(x + 12, XS[-1]), y)
    return paper, filled_grid(paper, XS, YS)


def read_as(paper: Paper, text: str, box: Box, confidence: float) -> None:
    """Let a line have been read in a box, its letters as wide as one another."""
    step = box.width / len(text)
    letters = tuple(
        Character(
            c,
            Box(box.left + i * step, box.top, box.left + (i + 1) * step, box.bottom).polygon(),
            confidence,
        )
        for i, c in enumerate(text)
    )
    paper.lines.append(Line((Word(text, box.polygon(), confidence, letters),), box.polygon()))


def test_dashes_read_as_text_are_rulings_still() -> None:
    paper, expected = dashed_table()
    for y in YS[1:4]:
        read_as(paper, "-------+-----+-----", Box(60, y - 9, 480, y + 9), 0.85)
    assert texts(paper.table()) == expected


def test_a_line_laid_across_rows_is_no_text_of_theirs() -> None:
    paper, expected = dashed_table()
    read_as(paper, "F1-2--6", Box(62, 72, 470, 170), 0.7)
    restoration = paper.restored()
    assert [texts(table) for table in restoration.tables] == [expected]


def test_an_unsure_line_across_others_outside_tables_is_kept() -> None:
    paper = Paper(700, 300)
    paper.write(60, 80, "some words of a letter")
    read_as(paper, "Signed", Box(62, 40, 300, 110), 0.7)
    assert {line.text for line in paper.restored().lines} == {"some words of a letter", "Signed"}


def test_upright_dashes_read_as_letters_are_a_ruling() -> None:
    paper, expected = dashed_table()
    for y in (80, 120, 160, 200):
        read_as(paper, "l", Box(338.5, y - 9, 341.5, y + 9), 0.7)
    assert texts(paper.table()) == expected


def test_a_letter_that_takes_in_the_ruling_beside_it_does_not_hide_it() -> None:
    paper, expected = dashed_table()
    for number, line in enumerate(paper.lines):
        (word,) = line.words
        if word.text.endswith("c0"):
            last = word.characters[-1]
            b = last.polygon.box
            long = replace(last, polygon=Box(b.left, b.top, XS[1] + 2, b.bottom).polygon())
            whole = Box.around((word.polygon.box, long.polygon.box)).polygon()
            word = replace(word, characters=(*word.characters[:-1], long), polygon=whole)
            paper.lines[number] = Line((word,), whole)
    assert texts(paper.table()) == expected


def test_dashes_that_nobody_read_are_no_words() -> None:
    paper, expected = dashed_table()
    paper.outlines += [Box(60, y - 14, 620, y + 14).polygon() for y in YS[1:4]]
    assert texts(paper.table()) == expected


@pytest.mark.parametrize(
    ("text", "dashes"),
    [
        ("----+----T", True),
        ("F----T--7-2-1-", True),
        ("01-02-2013", False),
        ("A---long word", False),
    ],
)
def test_what_may_be_a_dashed_line(text: str, dashes: bool) -> None:
    assert is_dashes(text) == dashes


def test_a_digit_is_wider_than_a_stroke() -> None:
    assert is_stroke("1", Box(0, 0, 3, 18))
    assert not is_stroke("1", Box(0, 0, 7, 18))
    assert not is_stroke("7", Box(0, 0, 3, 18))
