"""Several tables in one frame, each below a title of its own."""

from __future__ import annotations

import pytest
from paper import Paper, texts

from table_restore.geometry import Box
from table_restore.phrases import Phrase
from table_restore.titled import titled_parts
from table_restore.tokens import Token

COLUMNS = (300, 420, 540, 660)


def _table(paper: Paper, top: float, first: int, rows: int = 4) -> float:
    """A head and rows of values, a rule above and below each; returns where it ends."""
    lines = [["", "Europe", "Asia", "Total"]]
    lines += [[f"Loans {n}", f"{first + n}", f"{first + 3 * n}", f"{n}7"] for n in range(rows)]
    for number, (name, *values) in enumerate(lines):
        y = top + 30 * number
        paper.rule(50, y - 15, 700, y - 15)
        if name:
            paper.write(60, y, name)
        for x, value in zip(COLUMNS, values, strict=False):
            paper.write(x, y, value, anchor="right")
    end = top + 30 * len(lines) - 15
    paper.rule(50, end, 700, end)
    return end


def test_titled_tables_between_the_same_walls_are_several() -> None:
    paper = Paper()
    paper.rule(50, 105, 50, 495)
    paper.rule(700, 105, 700, 495)
    end = _table(paper, 120, 100)
    assert end == 255
    paper.write(60, end + 50, "Impairment of advances by region")
    end = _table(paper, end + 90, 300)
    assert end == 480
    paper.rule(50, 495, 700, 495)
    tables = paper.restored().tables
    assert len(tables) == 2
    first, second = (texts(t) for t in tables)
    assert [row[0] for row in first][1:] == [row[0] for row in second][1:5]
    assert not any(
        "Impairment" in cell for table in (first, second) for row in table for cell in row
    )


def test_a_heading_of_rows_in_one_table_is_no_title() -> None:
    paper = Paper()
    paper.rule(50, 105, 50, 405)
    paper.rule(700, 105, 700, 405)
    end = _table(paper, 120, 100)
    paper.write(60, end + 15, "Not collateralised")
    for number in range(4):
        y = end + 45 + 30 * number
        paper.rule(50, y - 15, 700, y - 15)
        paper.write(60, y, f"Rated {number}")
        for x in COLUMNS[:3]:
            paper.write(x, y, f"{x + number}", anchor="right")
    paper.rule(50, 405, 700, 405)
    assert len(paper.restored().tables) == 1


def _rows(*lines: tuple[float, list[str]]) -> list[Phrase]:
    """Phrases of lines of text at their heights: names at the left, others in `COLUMNS`."""
    return [
        Phrase((Token(row, 0, 0, None, text, box),), box, row)
        for row, (y, line) in enumerate(lines)
        for x, text in zip((100, *COLUMNS), line, strict=False)
        if text
        for box in [Box(x - 30, y, x + 30, y + 15)]
    ]


@pytest.mark.parametrize(("below", "parts"), [(60, 2), (40, 1)])
def test_a_title_stands_off_the_table_above(below: float, parts: int) -> None:
    head, values = ["", "Europe", "Asia", "Total"], ["Loans", "12", "34", "46"]
    title = 130 + below
    phrases = _rows(
        *((y, line) for y, line in ((40, head), (70, values), (100, values), (130, values))),
        (title, ["Impairment"]),
        *((title + 30 * n, line) for n, line in ((1, head), (2, values), (3, values))),
    )
    box = Box(50, 30, 700, title + 120)
    found = titled_parts(box, phrases, [], [])
    assert len(found) == parts
    assert found[0].bottom <= title or parts == 1
