"""Tables with all rulings drawn come back exactly."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from paper import EM, Paper, filled_grid, ruled_grid, texts

from table_restore.document import Line, Word
from table_restore.geometry import Box
from table_restore.restore import restore_passes

XS, YS = [60, 200, 330, 520], [80, 120, 165, 210, 250]


def test_a_line_that_stops_short_of_its_neighbour_is_closed() -> None:
    paper = Paper()
    ruled_grid(paper, [XS[0], XS[-1]], YS)
    for x in XS[1:-1]:
        for top, bottom in pairwise(YS):
            paper.rule(x, top + 5, x, bottom - 5)
    expected = filled_grid(paper, XS, YS)
    assert texts(paper.table()) == expected


def test_shaded_cells_without_lines() -> None:
    paper = Paper()
    for r in range(4):
        for c in range(3):
            colour = (200, 220, 240) if (r + c) % 2 else (250, 240, 225)
            paper.shade(XS[c], YS[r], XS[c + 1], YS[r + 1], colour)
    expected = filled_grid(paper, XS, YS)
    table = paper.table()
    assert texts(table) == expected
    assert not any(c.borders.left or c.borders.top for c in table.cells)


@pytest.mark.parametrize(("grain", "shaded"), [(0, {1}), (2, {1}), (12, set())])
def test_an_even_ground_is_a_shade_and_an_uneven_one_is_none(
    grain: float, shaded: set[int]
) -> None:
    """A fold or a stain on a receipt darkens paper by as much as a pale print does."""
    paper = Paper()
    size = YS[2] - YS[1], XS[-1] - XS[0], 1
    ground = np.random.default_rng(5).normal(233, grain, size)
    paper.pixels[YS[1] : YS[2], XS[0] : XS[-1]] = np.clip(ground, 0, 255).astype(np.uint8)
    ruled_grid(paper, XS, YS)
    filled_grid(paper, XS, YS)
    assert {cell.row for cell in paper.table().cells if cell.shade} == shaded


def test_cells_share_a_word_that_runs_over_a_ruling() -> None:
    """A word that the recogniser read across a line is cut there, by its characters."""
    paper = Paper()
    ruled_grid(paper, [100, 172, 244], [100, 140, 180])
    paper.write(100, 120, "123456789012", anchor="left")
    paper.write(120, 160, "ab")
    paper.write(190, 160, "cd")
    assert texts(paper.table()) == [["123456", "789012"], ["ab", "cd"]]


def test_words_outside_stay_running_text() -> None:
    paper = Paper()
    ruled_grid(paper, XS, YS)
    filled_grid(paper, XS, YS)
    paper.write(60, 40, "Table 1: names of slots")
    paper.write(60, 300, "The text goes on below.")
    restoration = paper.restored()
    assert [line.text for line in restoration.lines] == [
        "Table 1: names of slots",
        "The text goes on below.",
    ]


def test_two_tables_close_together_stay_two() -> None:
    paper = Paper()
    lower = [y + 200 for y in YS]
    ruled_grid(paper, XS, YS)
    ruled_grid(paper, XS, lower)
    filled_grid(paper, XS, YS)
    filled_grid(paper, XS, lower)
    assert [(t.rows, t.columns) for t in paper.restored().tables] == [(4, 3), (4, 3)]


def test_borders_say_what_is_drawn() -> None:
    paper = Paper()
    ruled_grid(paper, XS, YS)
    filled_grid(paper, XS, YS)
    table = paper.table()
    assert all(
        c.borders.top and c.borders.bottom and c.borders.left and c.borders.right
        for c in table.cells
    )


def test_alignment_follows_the_room_beside_the_text() -> None:
    paper = Paper()
    ruled_grid(paper, [60, 260, 460, 660], [80, 120, 160])
    for y in (100, 140):
        paper.write(66, y, "left")
        paper.write(360, y, "middle", anchor="middle")
        paper.write(654, y, "12.5", anchor="right")
    assert [c.alignment.value for c in paper.table().cells[:3]] == ["left", "center", "right"]


def test_texts_of_a_column_share_its_alignment() -> None:
    """Also those that fill their cell, and where the column's edges lie off its middle."""
    paper = Paper()
    ruled_grid(paper, [60, 260, 460, 660], [80, 120, 160, 200, 240, 280])
    names = ("Ulm", "Larchmere on Sea", "Stowe", "Kings Quay", "Oldtown")
    for row, name in enumerate(names):
        y = 100 + 40 * row
        paper.write(66, y, name)
        paper.write(372, y, "123456789012345"[: 3 * row + 1], anchor="middle")
        paper.write(640, y, "123456789012345"[: 3 * row + 1], anchor="right")
    found: list[list[str]] = [[], [], []]
    for cell in paper.table().cells:
        found[cell.column].append(cell.alignment.value)
    assert found == [["left"] * 5, ["center"] * 5, ["right"] * 5]


@pytest.mark.parametrize("place", [2, 4], ids=["between rows", "at the end"])
def test_a_section_heading_in_a_table_with_open_sides(place: int) -> None:
    """Nothing ties the heading's row to the others but rulings that end alike."""
    ys = [80, 125, 170, 215, 260, 305]
    paper = Paper()
    for y in ys:
        paper.rule(40, y, 700, y)
    for row in range(5):
        y = (ys[row] + ys[row + 1]) / 2
        if row == place:
            paper.write(370, y, "heading", anchor="middle")
            continue
        for x in (200, 360, 530):
            paper.rule(x, ys[row], x, ys[row + 1])
        for column, x in enumerate((50, 210, 370, 540)):
            paper.write(x, y, f"r{row}c{column}")
    table = paper.table()
    assert (table.rows, table.columns) == (5, 4)
    assert texts(table)[place] == ["heading", "<", "<", "<"]


def test_tables_with_closed_sides_and_a_title_between_stay_two() -> None:
    paper = Paper()
    lower = [y + YS[-1] - YS[0] + 60 for y in YS]
    for ys in (YS, lower):
        ruled_grid(paper, XS, ys)
        filled_grid(paper, XS, ys)
    paper.write((XS[0] + XS[-1]) / 2, YS[-1] + 30, "Second table", anchor="middle")
    assert [(t.rows, t.columns) for t in paper.restored().tables] == [(4, 3), (4, 3)]


def test_the_hatching_of_a_chart_is_no_grid_of_dotted_lines() -> None:
    paper = Paper()
    for x in range(60, 460, 12):
        for y in range(80, 380, 12):
            paper.rule(x, y, x + 1, y + 1, 2, (90, 90, 90))
    for y in (140, 230, 320):
        paper.shade(150, y - 14, 250, y + 14, (255, 255, 255))
        paper.write(160, y, "45.2%")
        paper.shade(330, y - 14, 430, y + 14, (255, 255, 255))
        paper.write(340, y, "4.3%")
    inner = [
        r
        for r in restore_passes(paper.pixels, paper.lines)[-1].rulings
        if 100 < r.position < 360 and r.length > 100
    ]
    assert not inner


def test_legends_in_two_boxes_are_no_table() -> None:
    paper = Paper()
    for x in (60, 460):
        ruled_grid(paper, [x, x + 360], [80, 260])
        for y in (100, 130, 160, 190):
            paper.write(x + 20, y, "excellent")
            paper.write(x + 200, y, "satisfactory")
    assert all(t.columns == 2 for t in paper.restored().tables)


def test_a_frame_around_text_is_no_table() -> None:
    paper = Paper()
    ruled_grid(paper, [60, 700], [80, 80 + 6 * EM])
    for line in range(4):
        paper.write(70, 95 + 25 * line, "Some words of a paragraph in a box, line after line")
    assert paper.restored().tables == ()


@pytest.mark.parametrize("named", ["rows", "columns", "nothing"])
def test_a_form_to_be_filled_in_is_a_table_a_bare_grid_is_none(named: str) -> None:
    paper = Paper(900, 700)
    xs, ys = range(40, 841, 80), range(40, 641, 40)
    for x in xs:
        paper.rule(x, ys[0], x, ys[-1])
    for y in ys:
        paper.rule(xs[0], y, xs[-1], y)
    if named == "rows":
        for number, y in enumerate(ys[:-1]):
            paper.write(60, y + 20, f"R{number}")
    elif named == "columns":
        for number, x in enumerate(xs[:-1]):
            paper.write(x + 20, 60, f"C{number}")
    else:
        for number in range(6):
            paper.write(xs[number] + 20, ys[2 * number] + 20, f"P{number}")
    tables = paper.restored().tables
    if named == "nothing":
        assert not tables
    else:
        (table,) = tables
        assert (table.rows, table.columns) == (len(ys) - 1, len(xs) - 1)


def open_sided(ys: list[int], headings: set[int]) -> Paper:
    """Two columns between level lines, parted by an upright one but for rows with a heading."""
    paper = Paper()
    for y in ys:
        paper.rule(60, y, 460, y)
    for row, (top, bottom) in enumerate(pairwise(ys)):
        if row in headings:
            paper.write(260, (top + bottom) / 2, "heading", anchor="middle")
            continue
        paper.rule(250, top, 250, bottom)
        paper.write(80, (top + bottom) / 2, f"name {row}")
        paper.write(300, (top + bottom) / 2, f"value {row}")
    return paper


@pytest.mark.parametrize("heading", [1, 2])
def test_few_rows_with_open_sides_around_a_heading(heading: int) -> None:
    """Neither part has lines enough to be a frame by itself."""
    ys = [80, 125, 170, 215, 260][: 4 if heading == 1 else 5]
    paper = open_sided(ys, {heading})
    table = paper.table()
    assert (table.rows, table.columns) == (len(ys) - 1, 2)
    assert texts(table)[heading] == ["heading", "<"]


def test_a_ruling_that_was_read_as_a_bar_is_no_text() -> None:
    paper = Paper()
    ruled_grid(paper, XS, YS)
    expected = filled_grid(paper, XS, YS)
    drawn = paper.pixels.copy()
    paper.write(XS[1] - 2 * 12 + 7, (YS[1] + YS[2]) / 2, "a|")
    paper.write(XS[2] - 6, (YS[2] + YS[3]) / 2, "|")
    paper.pixels = drawn
    expected[1][0] += "\na"
    assert texts(paper.table()) == expected


def test_words_whose_boxes_reach_over_a_ruling_make_no_column() -> None:
    paper = Paper()
    ruled_grid(paper, [60, 200, 480], YS)
    for row, (top, bottom) in enumerate(pairwise(YS)):
        box = paper.write(192, (top + bottom) / 2, f"{row}" * 4, anchor="right")
        last = paper.lines[-1]
        wide = Box(box.left, box.top, 204, box.bottom).polygon()
        paper.lines[-1] = Line((Word(last.text, wide, 0.99),), wide)
        paper.write(470, (top + bottom) / 2, f"{row}" * 4, anchor="right")
    table = paper.table()
    assert (table.rows, table.columns) == (4, 2)


def test_two_headings_in_a_table_with_one_upright_line() -> None:
    table = open_sided([80, 125, 170, 215, 260, 305, 350], {1, 3}).table()
    assert (table.rows, table.columns) == (6, 2)


def test_a_list_whose_second_column_is_empty_is_a_table_where_all_of_it_is_drawn() -> None:
    paper = Paper()
    xs = [60, 200, 300]
    for y in YS:
        paper.rule(xs[0], y, xs[-1], y)
    paper.rule(xs[1], YS[0], xs[1], YS[-1])
    for top, bottom in pairwise(YS):
        paper.write(70, (top + bottom) / 2, "Name")
    assert texts(paper.table()) == [["Name", ""]] * 4


def test_a_frame_reaches_where_two_of_its_lines_end_together() -> None:
    """Highlighted columns have rims of their own; most lines across end at their sides."""
    paper = Paper(1000, 700)
    xs = [60, 240, 420, 600]
    ys = [100 + 40 * n for n in range(8)]
    for y in (ys[0], ys[-1]):
        paper.rule(xs[0], y, 800, y)
    for y in ys[1:-1]:
        paper.rule(xs[1], y, xs[-1], y)
    for x in xs[1:]:
        paper.rule(x, ys[0], x, ys[-1])
    names = ["", "rent", "", "fees", "", "food", ""]
    values = ["17", "27", "37", "", "57", "", "77"]
    for number, y in enumerate(ys[:-1]):
        row = names[number], f"{number}1", f"{number}2", values[number]
        for text, x in zip(row, (70, 260, 440, 740), strict=True):
            if text:
                paper.write(x, y + 20, text)
    restoration = paper.restored()
    assert [table.columns for table in restoration.tables] == [len(xs)]
    assert not restoration.lines, "names and values beside the highlighted columns are in the table"


def test_a_narrow_column_at_the_rim_stays_where_nothing_is_read() -> None:
    """A head reaches over it and a section's heading crosses it: no wedge of a leaning side."""
    paper = Paper()
    xs, ys = [60, 200, 330, 520, 550], [80, 120, 165, 210, 250, 290]
    for y in ys:
        paper.rule(xs[0], y, xs[-1], y)
    for x in xs:
        for row, (top, bottom) in enumerate(pairwise(ys)):
            if x in (xs[0], xs[-1]) or (row != 3 and not (row == 0 and x == xs[3])):
                paper.rule(x, top, x, bottom)
    filled_grid(paper, xs[:-1], ys)
    table = paper.table()
    assert table.columns == 4
    assert [c.column_span for c in table.cells if c.row == 0] == [1, 1, 2]
