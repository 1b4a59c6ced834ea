"""Dashes and dots in cells, too small for a text detector."""

from __future__ import annotations

import pytest

from table_restore.document import Table
from tests.table_restore.paper import Paper

XS, YS = (100, 300, 500, 700), (100, 160, 220, 280, 340)


def sheet(marks: dict[tuple[int, int], tuple[int, int]]) -> Table:
    """A ruled table; `marks` are the widths and heights of ink in its cells without text."""
    paper = Paper()
    for x in XS:
        paper.rule(x, YS[0], x, YS[-1])
    for y in YS:
        paper.rule(XS[0], y, XS[-1], y)
    for row in range(len(YS) - 1):
        for column in range(len(XS) - 1):
            x, y = (XS[column] + XS[column + 1]) // 2, (YS[row] + YS[row + 1]) // 2
            if (row, column) in marks:
                width, height = marks[row, column]
                paper.shade(x, y, x + width, y + height, (0, 0, 0))
            else:
                paper.write(x, y, "word", "middle")
    return paper.table()


def confidences(table: Table) -> dict[tuple[int, int], tuple[str, float]]:
    return {
        (cell.row, cell.column): (word.text, word.confidence)
        for cell in table.cells
        for line in cell.lines
        for word in line.words
        if word.text != "word"
    }


def test_dashes_that_repeat_are_certain() -> None:
    table = sheet({(1, 1): (8, 2), (2, 1): (8, 2), (3, 2): (9, 3)})
    assert confidences(table) == dict.fromkeys([(1, 1), (2, 1), (3, 2)], ("-", 0.95))


@pytest.mark.parametrize("other", [None, (20, 2), (9, 5)])
def test_a_dash_without_its_like_is_doubtful(other: tuple[int, int] | None) -> None:
    marks = {(1, 1): (8, 2)} | ({} if other is None else {(3, 1): other})
    assert confidences(sheet(marks))[1, 1] == ("-", 0.6)
