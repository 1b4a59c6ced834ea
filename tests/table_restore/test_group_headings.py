"""Headings that stand over groups of columns, drawn with few rulings."""

from __future__ import annotations

import pytest
from paper import Paper, prose, texts


def write_groups(paper: Paper, headings: tuple[tuple[int, str], ...]) -> None:
    """Headings, each with a ruling of its own below, over two groups of three columns."""
    for place, (x, text) in enumerate(headings):
        paper.write(x, 100, text, anchor="middle")
        paper.rule(170 + 300 * place, 116, 430 + 300 * place, 116)
    names = ("Item", "Low", "Mid", "High", "Low", "Mid", "High")
    rows = [names, *((f"Name{i}", *(f"{i}{k}.5" for k in range(6))) for i in range(5))]
    for number, row in enumerate(rows):
        y = 132 + 32 * number
        paper.write(60, y, row[0])
        for place, text in enumerate(row[1:]):
            paper.write(230 + 100 * place, y, text, anchor="right")
    for y in (84, 148, 310):
        paper.rule(50, y, 750, y)


@pytest.mark.parametrize(
    "headings",
    [((300, "Spring"), (600, "Autumn")), ((280, "In the first half"), (600, "In the second half"))],
    ids=["over one column", "over the edges of some"],
)
def test_rulings_that_end_between_columns_part_groups_of_them(
    headings: tuple[tuple[int, str], ...],
) -> None:
    paper = Paper()
    write_groups(paper, headings)
    grid = texts(paper.table())
    assert grid[0] == ["", headings[0][1], "<", "<", headings[1][1], "<", "<"]


def test_a_name_beside_a_heading_of_groups_keeps_its_row() -> None:
    """No ruling beside it says that it reaches over both rows of the header."""
    paper = Paper()
    write_groups(paper, ((300, "Spring"), (600, "Autumn")))
    assert [row[0] for row in texts(paper.table())[:3]] == ["", "Item", "Name0"]


def test_a_label_centered_over_others_by_chance_heads_no_group() -> None:
    """It begins where the texts of its own column begin."""
    paper = Paper()
    rows = [
        ("Warmth", "short name", "12"),
        ("Cold", "another one", "14"),
        ("", "name much longer than any", ""),
        ("Stress", "short again", "18"),
        ("Wind", "the last of all", "20"),
    ]
    for number, (group, name, value) in enumerate(rows):
        y = 100 + 32 * number
        if group:
            paper.write(60, y, group)
        paper.write(200, y, name)
        if value:
            paper.write(640, y, value, anchor="right")
        paper.write(760, y, f"{number}.5", anchor="right")
    for y in (84, 250):
        paper.rule(50, y, 770, y)
    grid = texts(paper.table())
    assert grid[2] == ["", "name much longer than any", "", "2.5"]


def test_headings_over_several_columns_are_a_row_though_rulings_make_it_one_with_theirs() -> None:
    paper = Paper()
    paper.write(60, 92, "Test")
    for x, text in ((350, "Men"), (650, "Women")):
        paper.write(x, 92, text, anchor="middle")
    for place in range(2):
        paper.write(270 + 300 * place, 118, "%", anchor="middle")
        paper.write(410 + 300 * place, 118, "95 of 100", anchor="middle")
    for number in range(6):
        y = 152 + 34 * number
        paper.write(60, y, f"Method{number}")
        for place in range(2):
            paper.write(270 + 300 * place, y, f"3{number}.{place}", anchor="middle")
            paper.write(410 + 300 * place, y, f"3{number} to 4{number}", anchor="middle")
    for y in (74, *range(135, 345, 34)):
        paper.rule(50, y, 800, y)
    prose(paper, 60, 400, 6, 9)
    grid = texts(paper.table())
    assert grid[0][1:] == ["Men", "<", "Women", "<"]
    assert grid[1][1:] == ["%", "95 of 100", "%", "95 of 100"]


def write_header(paper: Paper, group: tuple[int, str], alone: int) -> None:
    """A group heading over the second and third of four columns; names beside it in the middle
    of both rows of the header."""
    paper.write(group[0], 100, group[1], anchor="middle")
    paper.write(60, alone, "Item")
    paper.write(700, alone, "Share", anchor="right")
    for x, name in ((300, "Low"), (500, "High")):
        paper.write(x, 132, name, anchor="right")
    for number in range(6):
        y = 164 + 32 * number
        paper.write(60, y, f"Name{number}")
        for place, x in enumerate((300, 500, 700)):
            paper.write(x, y, f"{number}{place}.5", anchor="right")
    for y in (84, 148, 340):
        paper.rule(50, y, 720, y)


def test_names_in_the_middle_of_a_header_reach_over_its_rows_and_end_its_groups() -> None:
    paper = Paper()
    write_header(paper, (380, "Amount"), alone=116)
    assert texts(paper.table())[:3] == [
        ["Item", "Amount", "<", "Share"],
        ["^", "Low", "High", "^"],
        ["Name0", "00.5", "01.5", "02.5"],
    ]


def test_group_headings_above_rulings_that_nearly_touch_are_told_by_their_middles() -> None:
    paper = Paper()
    for left in (0, 340):
        paper.write(left + 306, 100, "Grants", anchor="middle")
        for x, name in ((340, "Municipalities"), (440, "Up")):
            paper.write(left + x, 132, name, anchor="right")
        for number in range(6):
            for place, x in enumerate((340, 440)):
                paper.write(left + x, 164 + 32 * number, f"{number}{place}.5", anchor="right")
    for number in range(6):
        paper.write(30, 164 + 32 * number, f"Row{number}")
    paper.rule(140, 116, 785, 116)
    for y in (84, 148, 340):
        paper.rule(20, y, 800, y)
    assert texts(paper.table())[0] == ["", "Grants", "<", "Grants", "<"]
