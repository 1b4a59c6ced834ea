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


def test_a_heading_right_of_all_names_of_rows_makes_no_column() -> None:
    """It is centered over a column as wide as its longest names, which run below it."""
    paper = Paper(height=900)
    paper.write(260, 100, "Region", anchor="middle")
    names = ("Iowa", "Ohio", "Maine", "Utah", "Texas", "Guam", "Idaho", "Iowa", "Ohio", "Maine")
    names += ("Agriculture-and-forestry", "Food-of-all-households", "Nevada", "Kansas")
    for number, name in enumerate(names):
        paper.write(60, 132 + 32 * number, name)
    for number in range(-1, len(names)):
        for x, year in ((500, "1998"), (620, "1999")):
            text = year if number < 0 else f"{number}{x}"
            paper.write(x, 132 + 32 * number, text, anchor="right")
    grid = texts(paper.table())
    assert grid[0] == ["Region", "1998", "1999"]
    assert [row[0] for row in grid[1:]] == list(names)


def test_a_heading_far_right_of_short_names_is_theirs() -> None:
    paper = Paper()
    paper.write(150, 112, "Industry")
    paper.write(560, 100, "Fishing", anchor="middle")
    for x, text in ((500, "Gross"), (620, "Net")):
        paper.write(x, 124, text, anchor="middle")
    for number in range(8):
        y = 156 + 32 * number
        paper.write(60, y, str(1990 + number))
        for x in (500, 620):
            paper.write(x, y, f"{number}{x}", anchor="middle")
    grid = texts(paper.table())
    assert {"Industry", "^"} & {row[0] for row in grid[:2]}
    assert [row[0] for row in grid[-8:]] == [str(1990 + number) for number in range(8)]


def test_headings_of_one_and_two_lines_centered_on_one_height_are_one_row() -> None:
    paper = Paper()
    paper.write(60, 112, "Industry")
    paper.write(640, 112, "Services", anchor="middle")
    for x, upper, lower in ((360, "Federal", "receipts"), (500, "Social", "funds")):
        paper.write(x, 100, upper, anchor="middle")
        paper.write(x, 124, lower, anchor="middle")
    for number in range(6):
        y = 166 + 32 * number
        paper.write(60, y, f"Name{number}")
        for x in (360, 500, 640):
            paper.write(x, y, f"{number}{x}", anchor="middle")
    for y in (84, 142, 350):
        paper.rule(50, y, 720, y)
    assert texts(paper.table())[0] == ["Industry", "Federal\nreceipts", "Social\nfunds", "Services"]


def test_sentences_in_rows_of_cells_are_no_paragraphs() -> None:
    """All rows begin on one line below a gap; each cell is some lines of running text."""
    paper = Paper(width=1300)
    lefts = (60, 480, 900)
    lines = ("the river turns where the old", "stones lie in a grey sky of", "late autumn")
    for x, name in zip(lefts, ("Valley", "River", "Stones"), strict=True):
        paper.write(x, 100, name)
    for y in (84, 116, 480):
        paper.rule(50, y, 1250, y)
    for top in (140, 260, 380):
        for count, x in zip((3, 2, 3), lefts, strict=True):
            for number in range(count):
                paper.write(x, top + 26 * number, lines[number])
    grid = texts(paper.table())
    assert len(grid) == 4
    assert grid[1] == ["\n".join(lines), "\n".join(lines[:2]), "\n".join(lines)]


def test_texts_that_stand_apart_are_two_cells_though_a_line_between_heads_alone_ends() -> None:
    """A name centered beside several lines of text, none of them on its height."""
    paper = Paper()
    for x, end in ((50, 304), (250, 116), (560, 304)):
        paper.rule(x, 84, x, end)
    for y in (84, 116, 210, 304):
        paper.rule(50, y, 560, y)
    paper.write(60, 100, "Drug")
    paper.write(260, 100, "Use")
    for top, name in ((116, "Opdivo"), (210, "Libtayo")):
        paper.write(60, top + 47, name)
        for place, text in ((18, "lungs and liver"), (76, "skin and kidney")):
            paper.write(260, top + place, text)
    assert [row[0] for row in texts(paper.table())] == ["Drug", "Opdivo", "Libtayo"]


def test_the_last_row_of_a_table_keeps_the_lines_of_its_wrapped_text() -> None:
    paper = Paper()
    write(paper, 100, "Item", "Use", "Net")
    for number in range(3):
        top = 150 + 100 * number
        write(paper, top, f"Name{number}", "Breads, all", f"{number}2.5")
        write(paper, top + 24, "", "to be eaten")
        write(paper, top + 48, "", "or stored")
    paper.write(60, 438, "Source: the offices of trade")
    assert texts(paper.table())[-1] == ["Name2", "Breads, all\nto be eaten\nor stored", "22.5"]
