"""Tables that stand on their side on an upright page, as whoever turns the sheet sees them."""

from __future__ import annotations

import pytest
from paper import Paper, texts

from table_restore.document import Cell, Line, Table
from table_restore.geometry import Box, Point
from table_restore.upright import Upright, find_upright, quarter_turns

ROWS = (
    ("Harbour", "1880", "1920", "1960"),
    ("Larchmere", "32.4", "3.5", "7.2"),
    ("Stowe Bay", "23.3", "1.6", "3.8"),
    ("Port Ellen", "10.6", "6.4", ""),
    ("Kings Quay", "15.7", "35.5", "20.7"),
    ("Oldtown", "25.9", "26.0", "27.8"),
)
XS, YS = (20, 190, 300, 410, 520), tuple(20 + 40 * i for i in range(7))
TEXT = "Levels are given above the local zero, which was fixed by levelling from"


def landscape(ruled: bool) -> Paper:
    """A page 540 x 280 pixels with nothing but the table."""
    paper = Paper(540, 280)
    for row, entries in enumerate(ROWS):
        for column, entry in enumerate(entries):
            if entry:
                paper.write(XS[column] + 12, YS[row] + 20, entry)
    if ruled:
        for x in XS:
            paper.rule(x, YS[0], x, YS[-1])
        for y in YS:
            paper.rule(XS[0], y, XS[-1], y)
    return paper


def portrait(table: Paper, turns: int) -> Paper:
    """An upright page with text above and below a table that stands on its side."""
    paper = Paper(1000, 1100)
    for row in range(8):
        paper.write(60, 60 + 30 * row, TEXT)
        paper.write(60, 860 + 30 * row, TEXT)
    paper.paste(table, 300, 290, turns)
    return paper


def cell_of(table: Table, text: str) -> Cell:
    (cell,) = (cell for cell in table.cells if cell.text == text)
    return cell


@pytest.mark.parametrize("turns", [1, 3])
@pytest.mark.parametrize("ruled", [True, False], ids=["ruled", "bare"])
@pytest.mark.parametrize("skew", [0.0, 1.5])
def test_a_table_on_its_side_keeps_its_rows_and_columns(
    turns: int, ruled: bool, skew: float
) -> None:
    restored = portrait(landscape(ruled), turns).turned(skew).restored()
    (table,) = restored.tables
    assert texts(table) == [list(row) for row in ROWS]
    assert [line.text for line in restored.lines] == [TEXT] * 16


@pytest.mark.parametrize("turns", [1, 3])
def test_cells_lie_where_they_are_on_the_page(turns: int) -> None:
    (table,) = portrait(landscape(ruled=True), turns).restored().tables
    first, beside, below = (cell_of(table, text) for text in ("Harbour", "1880", "Larchmere"))
    # Read downwards, the second column is below the first and the second row left of it.
    way = 1 if turns == 1 else -1
    dx, dy = (b - a for a, b in zip(first.polygon.center, beside.polygon.center, strict=True))
    assert (dx, dy) == (pytest.approx(0, abs=2), pytest.approx(way * 140, abs=3))
    dx, dy = (b - a for a, b in zip(first.polygon.center, below.polygon.center, strict=True))
    assert (dx, dy) == (pytest.approx(-way * 40, abs=3), pytest.approx(0, abs=2))
    for cell in table.cells:
        for line in cell.lines:
            assert cell.polygon.box.contains(line.polygon.center)
            assert quarter_turns(line) == turns
    (x0, y0), (x1, y1) = first.polygon.points[:2]
    assert abs(x1 - x0) < 3, "a cell's first edge runs along its text"
    assert (y1 - y0) * way > 0
    assert first.borders.top
    assert first.borders.left


def test_level_and_turned_tables_share_a_page() -> None:
    paper = Paper(1100, 1000)
    paper.paste(landscape(ruled=True), 60, 40, 0)
    paper.paste(landscape(ruled=True), 60, 400, 1)
    paper.paste(landscape(ruled=True), 600, 400, 3)
    tables = paper.restored().tables
    assert [texts(table) for table in tables] == [[list(row) for row in ROWS]] * 3


def test_names_of_columns_on_their_side_stay_in_their_table() -> None:
    paper = Paper(700, 600)
    xs, ys = (40, 200, 260, 320, 380, 440, 500), (40, 200, 240, 280, 320, 360)
    for x in xs:
        paper.rule(x, ys[0], x, ys[-1])
    for y in ys:
        paper.rule(xs[0], y, xs[-1], y)
    for column, name in enumerate(("Levels", "Storms", "Gauges", "Repairs", "Readers"), 1):
        label = Paper(130, 24)
        label.write(4, 12, name)
        paper.paste(label, xs[column] + 18, 60, 3)
    for row in range(1, 5):
        paper.write(50, ys[row] + 20, f"Harbour {row}")
        for column in range(1, 6):
            paper.write(xs[column] + 16, ys[row] + 20, str(10 * row + column))
    table = paper.table()
    assert (table.rows, table.columns) == (5, 6)
    assert texts(table)[0] == ["", "Levels", "Storms", "Gauges", "Repairs", "Readers"]


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("skew", [0.0, -2.0])
def test_points_come_back(turns: int, skew: float) -> None:
    upright = Upright(600, 400, skew, turns)
    for point in ((0.0, 0.0), (600.0, 0.0), (123.0, 77.0)):
        assert upright.back(upright.point(point)) == pytest.approx(point)


@pytest.mark.parametrize("turns", range(4))
def test_the_frame_is_found_from_the_lines(turns: int) -> None:
    def at(point: Point) -> Point:
        return Upright(600, 400, 2.0, turns).back(point)

    outline = Box(50, 100, 350, 120).polygon().map(at)
    word = Paper(10, 10)
    word.write(0, 5, TEXT)
    line = Line(word.lines[0].words, outline)
    assert quarter_turns(line) == turns
    found = find_upright([line], 600, 400, turns)
    assert (found.turns, found.skew) == (turns, pytest.approx(2.0))
