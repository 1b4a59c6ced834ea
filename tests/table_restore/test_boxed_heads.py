"""Heads with every line drawn, above bodies with none inside their frames."""

from __future__ import annotations

from paper import Paper, texts

XS = (50, 170, 290, 410, 530, 650, 770)
GROUPS = (1, 3, 6)  # the lines beside groups of columns


def write_body(paper: Paper, rows: list[tuple[str, ...]], top: float) -> None:
    """Rows with the first column flush left, the others centered, in a frame."""
    for number, row in enumerate(rows):
        y = top + 16 + 32 * number
        paper.write(60, y, row[0])
        for place, text in enumerate(row[1:], 1):
            if text:
                paper.write((XS[place] + XS[place + 1]) / 2, y, text, anchor="middle")
    bottom = top + 32 * len(rows)
    for x in (XS[0], XS[-1]):
        paper.rule(x, top, x, bottom)
    paper.rule(XS[0], bottom, XS[-1], bottom)


def box_head(paper: Paper) -> None:
    """Names of columns in drawn boxes below boxes for a group of two and one of three."""
    for y, left in ((60, XS[0]), (92, XS[1]), (124, XS[0])):
        paper.rule(left, y, XS[-1], y)
    for place, x in enumerate(XS):
        paper.rule(x, 60 if place in (0, *GROUPS) else 92, x, 124)
    paper.write(110, 92, "Item", anchor="middle")
    for place, name in enumerate(("Old", "New", "Low", "Mid", "High"), 1):
        paper.write((XS[place] + XS[place + 1]) / 2, 108, name, anchor="middle")
    paper.write(290, 76, "Year", anchor="middle")
    paper.write(590, 76, "Price", anchor="middle")


def test_a_heading_reaches_to_the_lines_around_it() -> None:
    """It stands over its middle column, but lines part the columns below it alone."""
    paper = Paper()
    box_head(paper)
    write_body(paper, [(f"Name{i}", *(f"{i}{k}.5" for k in range(5))) for i in range(6)], 124)
    assert texts(paper.table())[:2] == [
        ["Item", "Year", "<", "Price", "<", "<"],
        ["^", "Old", "New", "Low", "Mid", "High"],
    ]


def test_lines_of_a_head_that_end_with_it_join_no_cells_below() -> None:
    paper = Paper()
    box_head(paper)
    rows = [(f"Name{i}", f"{i}0.5", "", f"{i}2.5", "", f"{i}4.5") for i in range(6)]
    rows[3] = ("Name3", "30.5", "31.5", "32.5", "33.5", "34.5")
    write_body(paper, rows, 124)
    assert texts(paper.table())[2:] == [list(row) for row in rows]


def test_a_dash_centered_over_two_numbers_heads_no_group() -> None:
    paper = Paper()
    rows = [
        ("Item", "Amount", "Count"),
        ("North", "98.5", "2"),
        ("South", "-", ""),
        ("West", "12345.60", "345678"),
        ("Islands", "7.5", "12"),
    ]
    for number, (name, amount, count) in enumerate(rows):
        y = 100 + 32 * number
        paper.write(60, y, name)
        paper.write(450, y, amount, anchor="right")
        if count:
            paper.write(476, y, count)
    assert texts(paper.table()) == [list(row) for row in rows]
