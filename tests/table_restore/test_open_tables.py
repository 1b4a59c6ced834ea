"""Where tables without any ruling begin and end."""

from __future__ import annotations

import pytest
from paper import Paper, texts

COLUMNS = (60, 260, 460, 660)


def write(paper: Paper, y: float, *row: str) -> None:
    """One line of text, each phrase flush left in its column; empty ones stay unwritten."""
    for x, text in zip(COLUMNS, row, strict=False):
        if text:
            paper.write(x, y, text)


def test_a_heading_between_names_that_reach_over_both_lines_is_of_the_head() -> None:
    """It stands in the middle of the table, as a title does, but closer, and over names."""
    paper = Paper()
    paper.write(378, 100, "Amount", anchor="middle")
    write(paper, 122, "Item", "", "", "Share")
    write(paper, 144, "", "Gross", "Net")
    for number in range(4):
        write(paper, 184 + 40 * number, f"Name{number}", f"{number}1.5", f"{number}2.5", "4.5")
    assert texts(paper.table())[:2] == [
        ["Item", "Amount", "<", "Share"],
        ["^", "Gross", "Net", "^"],
    ]


def test_a_name_alone_between_the_lines_of_a_head_is_of_the_head() -> None:
    paper = Paper()
    paper.write(378, 100, "Amount", anchor="middle")
    write(paper, 122, "Item")
    write(paper, 144, "", "Gross", "Net")
    for number in range(4):
        write(paper, 176 + 32 * number, f"Name{number}", f"{number}1.5", f"{number}2.5")
    assert texts(paper.table())[:2] == [["Item", "Amount", "<"], ["^", "Gross", "Net"]]


def test_a_title_above_a_table_stays_out_of_it() -> None:
    paper = Paper()
    paper.write(60, 100, "Amounts")
    write(paper, 132, "", "Gross", "Net")
    for number in range(5):
        write(paper, 164 + 32 * number, f"Name{number}", f"{number}1.5", f"{number}2.5")
    assert texts(paper.table())[0] == ["", "Gross", "Net"]


def test_headings_of_sections_stand_as_far_apart_as_the_rows_do() -> None:
    paper = Paper(height=900)
    write(paper, 100, "Item", "Gross", "Net", "Share")
    for number in (0, 1, 2, 4):
        write(paper, 176 + 76 * number, f"Name{number}", f"{number}1.5", f"{number}2.5", "4.5")
    paper.write(378, 404, "Coastlands", anchor="middle")
    grid = texts(paper.table())
    assert grid[4] == ["Coastlands", "<", "<", "<"]
    assert len(grid) == 6


def test_below_a_wrapped_text_may_stand_the_heading_of_a_section() -> None:
    paper = Paper()
    write(paper, 100, "Item", "Use", "Net", "Share")
    write(paper, 140, "Wheat", "Bread of", "1.5", "2.5")
    for number, text in enumerate(("all kinds", "and beer", "of some", "or what", "else is")):
        write(paper, 164 + 24 * number, "", text)
    paper.write(378, 300, "Southerncoastlands", anchor="middle")
    for number in range(3):
        write(paper, 340 + 40 * number, f"Name{number}", "Bread", f"{number}2.5", "4.5")
    grid = texts(paper.table())
    assert grid[1][1] == "Bread of\nall kinds\nand beer\nof some\nor what\nelse is"
    assert grid[2] == ["Southerncoastlands", "<", "<", "<"]


def test_a_row_that_begins_where_others_do_is_no_centered_address() -> None:
    paper = Paper()
    write(paper, 100, "Item", "Use", "Net")
    for top, net in ((150, ""), (274, "12.5"), (398, "14.5"), (522, "16.5")):
        write(paper, top, "Wheat", "Bread, many", net)
        for number, text in enumerate(("kinds, dark", "beers, wine", "spirits etc")):
            write(paper, top + 24 * number + 24, "", text)
    assert [row[0] for row in texts(paper.table())] == ["Item", *["Wheat"] * 4]


@pytest.mark.parametrize(
    "rows",
    [
        [("Item", "Code", "Mark"), ("Wheat", "A0123", "X91"), ("Oats", "B0234", "X92"),
         ("Rye", "K1023", "X94")],
        [("Item", "Port", "Use", "Look"), ("Wheat", "Porto", "Bread", "Gold"),
         ("Oats", "Bergen", "Fodder", "Pale"), ("Rye", "Tallinn", "Both", "Grey")],
    ],
    ids=["codes", "words in four columns"],
)  # fmt: skip
def test_four_rows_without_numbers_are_a_table(rows: list[tuple[str, ...]]) -> None:
    paper = Paper()
    for number, row in enumerate(rows):
        write(paper, 100 + 32 * number, *row)
    assert texts(paper.table()) == [list(row) for row in rows]
