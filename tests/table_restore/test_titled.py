"""Several tables in one frame, each below a title of its own."""

from __future__ import annotations

from paper import Paper, texts

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
