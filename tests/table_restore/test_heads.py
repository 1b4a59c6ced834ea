"""Heads of several levels without lines between their columns, solved as one."""

from __future__ import annotations

from paper import Paper, texts

DARK = (40, 60, 100)
MIDDLES = (380, 500, 620, 740, 860)


def write_body(paper: Paper, top: float, shaded: bool) -> None:
    """Rows of a name and a value below each of `MIDDLES`, every row between rulings or shades."""
    for number in range(6):
        y = top + 32 * number
        if shaded and number % 2:
            paper.shade(50, round(y) - 16, 940, round(y) + 16, (226, 232, 240))
        paper.write(60, y, f"County{number}")
        for column, x in enumerate(MIDDLES):
            paper.write(x + 30, y, f"{column + 1}{number}.5", anchor="right")


def test_levels_of_a_dark_head_are_rows_though_every_row_below_is_shaded() -> None:
    paper = Paper(width=1000)
    paper.shade(50, 84, 940, 200, DARK)
    paper.write(60, 142, "Place")
    for x, text in ((440, "Spring"), (740, "Autumn")):
        paper.write(x, 104, text, anchor="middle")
    for x, text in zip(MIDDLES, ("North", "South", "North", "South", "All"), strict=True):
        paper.write(x, 180, text, anchor="middle")
    write_body(paper, 216, shaded=True)
    grid = texts(paper.table())
    assert len(grid) == 8
    assert grid[0][1:] == ["Spring", "<", "Autumn", "<", "<"]
    assert grid[1][1:] == ["North", "South", "North", "South", "All"]


def test_a_heading_over_all_columns_reaches_over_those_without_a_group() -> None:
    """No text below shows where the first column ends beside the wide names."""
    paper = Paper(width=1000)
    paper.rule(50, 84, 940, 84)
    paper.write(620, 100, "Households", anchor="middle")
    paper.rule(330, 116, 940, 116)
    for x, text in ((440, "Spring"), (800, "Autumn")):
        paper.write(x, 136, text, anchor="middle")
        paper.rule(x - 100, 152, x + 100, 152)
    for x, text in zip(MIDDLES, ("North", "South", "1993", "South", "All"), strict=True):
        paper.write(x, 172, text, anchor="middle")
    paper.rule(50, 188, 940, 188)
    write_body(paper, 208, shaded=False)
    paper.rule(50, 388, 940, 388)
    grid = texts(paper.table())
    assert grid[0] == ["", "Households", "<", "<", "<", "<"]
    assert grid[1] == ["", "Spring", "<", "", "Autumn", "<"]
    assert grid[2] == ["", "North", "South", "1993", "South", "All"]


def test_wrapped_headings_beside_groups_are_no_level_of_their_own() -> None:
    paper = Paper(width=1000)
    paper.rule(50, 84, 940, 84)
    paper.write(500, 100, "Spring", anchor="middle")
    paper.rule(340, 118, 660, 118)
    for i, line in enumerate(("Rain", "and", "snow")):
        paper.write(740, 100 + 24 * i, line, anchor="middle")
    for i, line in enumerate(("Wind", "west")):
        paper.write(380, 132 + 24 * i, line, anchor="middle")
    for x, text in ((500, "South"), (620, "North"), (860, "All")):
        paper.write(x, 156, text, anchor="middle")
    paper.rule(50, 176, 940, 176)
    write_body(paper, 196, shaded=False)
    paper.rule(50, 376, 940, 376)
    grid = texts(paper.table())
    assert len(grid) == 8
    assert grid[0][1:4] == ["Spring", "<", "<"]
    assert grid[1][1] == "Wind\nwest"
    assert "Rain\nand\nsnow" in (grid[0][4], grid[1][4])


def test_headings_in_the_middle_make_no_column_in_a_wide_first_one() -> None:
    paper = Paper(width=1000)
    paper.rule(50, 84, 950, 84)
    for right, name in ((760, "First"), (940, "Second")):
        paper.write(right, 100, name, anchor="right")
    y = 116
    paper.rule(50, y, 950, y)
    for section, title in enumerate(("RIVERS", "LAKES", "PONDS", "CANALS")):
        paper.write(500, y + 20, title, anchor="middle")
        for number in range(3):
            y += 28
            paper.write(60, y + 20, f"County{section}{number}")
            for right, text in ((760, f"{section}{number}.5"), (940, f"{number}{section}.1")):
                paper.write(right, y + 20, text, anchor="right")
        y += 28
    paper.rule(50, y + 10, 950, y + 10)
    grid = texts(paper.table())
    assert [row for row in grid if row[0] in ("RIVERS", "CANALS")] == [
        ["RIVERS", "<", "<"],
        ["CANALS", "<", "<"],
    ]


def test_three_dots_by_themselves_are_a_value() -> None:
    paper = Paper()
    for number in range(6):
        y = 100 + 32 * number
        paper.write(60, y, f"County{number} ......")
        for right in (430, 580):
            text = "..." if (number, right) == (3, 580) else f"{number}4.5"
            paper.write(right, y, text, anchor="right")
    grid = texts(paper.table())
    assert grid[3] == ["County3", "34.5", "..."]
