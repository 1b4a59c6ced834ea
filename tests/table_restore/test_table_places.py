"""Tables within, beside and below one another, and over a whole page."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from paper import Paper, texts

from table_restore.document import Table


def grid(paper: Paper, xs: Sequence[int], ys: Sequence[int], rows: Sequence[Sequence[str]]) -> None:
    """A ruled table."""
    for x in xs:
        paper.rule(x, ys[0], x, ys[-1])
    for y in ys:
        paper.rule(xs[0], y, xs[-1], y)
    fill(paper, xs, ys, rows)


def fill(paper: Paper, xs: Sequence[int], ys: Sequence[int], rows: Sequence[Sequence[str]]) -> None:
    for row, entries in enumerate(rows):
        for column, entry in enumerate(entries):
            if entry:
                paper.write(xs[column] + 10, (ys[row] + ys[row + 1]) / 2, entry)


def rows_of(name: str, rows: int) -> list[list[str]]:
    """A header and rows of a name and two numbers."""
    body = [[f"{name}{row}", str(100 * row + 7), f"{row}.5"] for row in range(1, rows)]
    return [[name, "Count", "Rate"], *body]


INNER = [["Part", "Qty", "Unit"], ["Valve", "2", "pc"], ["Hose", "15", "m"]]


def nested(gap: int) -> Paper:
    """A table in a cell of another one, `gap` pixels from the cell's sides, text around it."""
    paper = Paper(1000, 500)
    xs, ys = (40, 240, 640, 900), (60, 100, 340, 380, 420)
    rows = (
        ("Item", "Details", "Price"),
        ("Pump set", "", "1,250.00"),
        ("Filter", "washable", "80.00"),
        ("Total", "", "1,330.00"),
    )
    grid(paper, xs, ys, rows)
    paper.write(250, 125, "Parts of the set:")
    paper.write(250, 315, "Shipped together")
    grid(paper, (240 + gap, 380, 500, 640 - gap), (160, 200, 240, 280), INNER)
    return paper


def without_empty(table: Table) -> list[list[str]]:
    """The texts of each row's own cells, without the empty ones."""
    return [
        [cell.text for cell in table.cells if cell.row == row and cell.text]
        for row in range(table.rows)
    ]


@pytest.mark.parametrize("gap", [0, 12, 40])
def test_a_table_in_a_cell_is_folded_into_the_outer_grid(gap: int) -> None:
    table = nested(gap).table()
    assert without_empty(table) == [
        ["Item", "Details", "Price"],
        ["Pump set", "Parts of the set:", "1,250.00"],
        *INNER,
        ["Shipped together"],
        ["Filter", "washable", "80.00"],
        ["Total", "1,330.00"],
    ]
    cells = {cell.text: cell for cell in table.cells if cell.text}
    inside = [cells[text].column for text in INNER[0]]
    assert inside == list(range(inside[0], inside[0] + 3))
    # The cells beside the inner table stand beside all of it, those above and below span it.
    assert cells["Pump set"].row_span == cells["1,250.00"].row_span == 5
    assert cells["Details"].column_span == cells["washable"].column_span >= 3
    assert cells["Details"].column <= inside[0]


@pytest.mark.parametrize("height", [40, 46])
@pytest.mark.parametrize("ruled", [True, False], ids=["framed", "three rules"])
def test_tables_side_by_side_stay_apart(height: int, ruled: bool) -> None:
    paper = Paper(1200, 400)
    expected = []
    for left, name, step, count in ((40, "Port", 40, 6), (600, "Dock", height, 4)):
        xs = [left, left + 200, left + 350, left + 500]
        ys = [60 + step * row for row in range(count + 1)]
        rows = rows_of(name, count)
        expected.append(rows)
        if ruled:
            grid(paper, xs, ys, rows)
        else:
            fill(paper, xs, ys, rows)
            for y in (ys[0], ys[1], ys[-1]):
                paper.rule(xs[0], y, xs[-1], y)
    assert [texts(table) for table in paper.restored().tables] == expected


def test_rules_under_single_columns_part_no_tables() -> None:
    paper = Paper(900, 420)
    names = ("Cash", "Land", "Ships", "Houses", "Tools", "Stock", "Total")
    rows = [["Assets", "2019", "2020"]]
    rows += [[name, str(n * 31), str(n * 47)] for n, name in enumerate(names, 4)]
    xs, ys = (60, 400, 620, 800), [60 + 30 * row for row in range(9)]
    fill(paper, xs, ys, rows)
    for x in xs[1:-1]:
        for y in (ys[1], ys[7], ys[8]):
            paper.rule(x, y, x + 120, y)
    table = paper.table()
    assert texts(table)[0] == rows[0]
    assert sum(len(cell.lines) for cell in table.cells) == 24


def test_tables_below_one_another_stay_apart() -> None:
    paper = Paper(900, 700)
    top, expected = 40, []
    for number, xs in enumerate(((60, 300, 500, 700), (60, 220, 480, 700))):
        ys = [top + 40 * row for row in range(5)]
        expected.append(rows_of(f"Port{number}", 4))
        grid(paper, xs, ys, expected[-1])
        top = ys[-1] + 30
    assert [texts(table) for table in paper.restored().tables] == expected


def test_a_table_may_fill_its_page() -> None:
    paper = Paper(700, 1000)
    rows = rows_of("Port", 24)
    grid(paper, (6, 250, 470, 694), [6 + 41 * row for row in range(25)], rows)
    assert texts(paper.table()) == rows
