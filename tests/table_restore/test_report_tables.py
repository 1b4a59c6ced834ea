"""Tables of statistical reports: boxed heads over open bodies, sections, notes in the margin."""

from __future__ import annotations

import pytest
from paper import Paper, prose, texts

from benchmarks.generated_tables import generate_report
from table_restore import restore_tables
from table_restore.geometry import Box
from table_restore.regions import _with_boxed_head

RIGHTS = (430, 580, 730)


def write_body(paper: Paper, top: float, rows: int = 6) -> list[list[str]]:
    """Rows of a name and three amounts."""
    body = [[f"County{i}", f"{i + 1}4.2", f"{i + 2}0.1", f"{i + 3}7.5"] for i in range(rows)]
    for number, row in enumerate(body):
        y = top + 32 * number
        paper.write(260, y, row[0])
        for right, text in zip(RIGHTS, row[1:], strict=True):
            paper.write(right, y, text, anchor="right")
    return body


def write_head(
    paper: Paper, y: float, names: tuple[str, ...] = ("Place", "First", "Second", "Third")
) -> None:
    paper.write(260, y, names[0])
    for right, text in zip(RIGHTS, names[1:], strict=True):
        paper.write(right, y, text, anchor="right")


def test_a_boxed_head_is_of_one_table_with_the_open_body_below() -> None:
    paper = Paper()
    write_head(paper, 140)
    write_body(paper, 184)
    for y in (124, 156):
        paper.rule(250, y, 750, y)
    for x in (365, 510, 660):
        paper.rule(x, 124, x, 156, 1)
    paper.rule(250, 368, 750, 368)
    table = paper.table()
    assert (table.rows, table.columns) == (7, 4)


def test_a_body_may_begin_above_the_line_that_closes_its_head() -> None:
    """Where a page bends, the box of the body's first row reaches into the head's."""
    head, body = Box(0, 60, 400, 100), Box(0, 98, 400, 300)
    assert _with_boxed_head(body, [head], [], [], 20.0) == Box(0, 60, 400, 300)


def test_notes_in_the_margin_are_no_column() -> None:
    paper = Paper()
    write_head(paper, 116)
    write_body(paper, 160, rows=10)
    for y in (100, 132, 470):
        paper.rule(250, y, 750, y)
    for y, text in ((204, "Wide use"), (229, "of water"), (254, "by farms")):
        paper.write(60, y, text)
    table = paper.table()
    assert (table.rows, table.columns) == (11, 4)


@pytest.mark.parametrize("shift", [0, 14], ids=["in the middle", "a little off"])
def test_a_heading_in_the_middle_of_the_table_is_a_row_of_its_own(shift: int) -> None:
    """It does not go on with the heading of its column, nor do numbers line up with it."""
    paper = Paper()
    write_head(paper, 116)
    paper.write(495 + shift, 165, "RIVERS", anchor="middle")
    write_body(paper, 214)
    for y in (100, 390):
        paper.rule(250, y, 750, y)
    grid = texts(paper.table())
    assert grid[1] == ["RIVERS", "<", "<", "<"]
    assert len(grid) == 8


def test_a_heading_over_headings_of_groups() -> None:
    paper = Paper()
    paper.write(520, 110, "Allcrops", anchor="middle")
    paper.rule(340, 126, 700, 126)
    for x, name in ((420, "Wheat"), (620, "Rye")):
        paper.write(x, 142, name, anchor="middle")
        paper.rule(x - 80, 158, x + 80, 158)
    for number in range(5):
        y = 174 + 32 * number
        paper.write(230, y, f"Row{number}" if number else "Place")
        for place, x in enumerate((370, 470, 570, 670)):
            text = str(1990 + place) if number == 0 else f"{number}{place}.5"
            paper.write(x, y, text, anchor="middle")
    for y in (94, 190, 320):
        paper.rule(220, y, 720, y)
    grid = texts(paper.table())
    assert grid[0] == ["", "Allcrops", "<", "<", "<"]
    assert grid[1] == ["", "Wheat", "<", "Rye", "<"]


def test_a_wrapped_heading_beside_a_group_is_one_cell() -> None:
    """The ruling below the group's heading is at the height of the gap between its lines."""
    paper = Paper()
    paper.write(400, 116, "Exports", anchor="middle")
    paper.rule(310, 131, 490, 131)
    paper.write(620, 118, "Other", anchor="middle")
    paper.write(620, 144, "goods", anchor="middle")
    for x, year in ((350, "1990"), (450, "1991")):
        paper.write(x, 146, year, anchor="middle")
    for number in range(4):
        y = 184 + 32 * number
        paper.write(210, y, f"Row{number}")
        for place, x in enumerate((350, 450, 620)):
            paper.write(x, y, f"{number}{place}.5", anchor="middle")
    for y in (98, 163, 300):
        paper.rule(200, y, 680, y)
    grid = texts(paper.table())
    assert [row[3] for row in grid[:2]] == ["Other\ngoods", "^"]
    assert grid[0][1:3] == ["Exports", "<"]


def test_a_name_that_ends_with_a_colon_heads_the_rows_below() -> None:
    paper = Paper()
    names = ("Farms:", "Owned", "Rented", "Mines:", "Owned", "Rented")
    for number, name in enumerate(names):
        y = 100 + 26 * number
        paper.write(60 if name.endswith(":") else 84, y, name)
        if not name.endswith(":"):
            for right, text in ((330, f"{number}2.5"), (450, f"{number}8.1")):
                paper.write(right, y, text, anchor="right")
    for y in (82, 246):
        paper.rule(50, y, 470, y)
    assert [row[0] for row in texts(paper.table())] == list(names)


@pytest.mark.parametrize("left", [250, 365], ids=["whole", "without its stub"])
def test_a_boxed_head_may_stand_off_or_over_the_values_alone(left: int) -> None:
    paper = Paper()
    write_head(paper, 140)
    whole = left == 250
    if whole:
        paper.write(260, 184, "Upper part:")
    body = write_body(paper, 216 if whole else 184)
    for y in (124, 156):
        paper.rule(left, y, 750, y)
    for x in (left, 365, 510, 660, 750):
        paper.rule(x, 124, x, 156, 1)
    paper.rule(250, 400 if whole else 368, 750, 400 if whole else 368)
    grid = texts(paper.table())
    assert grid[0] == ["Place", "First", "Second", "Third"]
    assert grid[-len(body) :] == body
    assert len(grid) == len(body) + (2 if whole else 1)


def test_a_body_below_a_boxed_head_runs_across_the_pages_gutter() -> None:
    paper = Paper(1100, 900)
    names = ("Place", "1990 1991", "Second", "Third")
    rights = (450, 750, 1030)
    for number, y in enumerate((60, 104, 136, 168, 200, 232)):
        row = [f"County{number}", f"{number}4.2", f"{number}0.1", f"{number}7.5"]
        paper.write(50, y, (row if number else names)[0])
        for right, text in zip(rights, (row if number else names)[1:], strict=True):
            paper.write(right, y, text, anchor="right")
    for y in (44, 76, 250):
        paper.rule(40, y, 1040, y)
    for x in (40, 330, 640, 900, 1040):
        paper.rule(x, 44, x, 76, 1)
    prose(paper, 40, 320, 9, 8)
    prose(paper, 560, 320, 9, 8, seed=3)
    table = paper.table()
    assert (table.rows, table.columns) == (6, 4)


@pytest.mark.parametrize("seed", [95020, 95036])
def test_a_long_table_is_not_cut_for_a_few_rows_with_columns_of_their_own(seed: int) -> None:
    page = generate_report(seed)
    assert len(restore_tables(page.pixels, page.lines).tables) == len(page.tables)
