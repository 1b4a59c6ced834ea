"""Tables with few rulings or none, by the alignment of their words; and what is no table."""

from __future__ import annotations

import pytest
from paper import WORDS, Paper, prose, texts

ROWS = [
    ("Region", "1995", "2000", "Change"),
    ("North", "12.5", "14.0", "+1.5"),
    ("South coast", "8.25", "7.5", "-0.75"),
    ("West", "110.0", "98.5", "-11.5"),
    ("Islands", "3.0", "4.25", "+1.25"),
]
RIGHTS = (None, 330, 450, 570)


def write_rows(
    paper: Paper, rows: list[tuple[str, ...]], top: float = 100, step: float = 32
) -> None:
    """Write rows with the first column flush left and the others flush right."""
    for number, row in enumerate(rows):
        y = top + number * step
        for text, right in zip(row, RIGHTS, strict=True):
            if text and right is None:
                paper.write(60, y, text)
            elif text:
                paper.write(right or 0, y, text, anchor="right")


def as_lists(rows: list[tuple[str, ...]]) -> list[list[str]]:
    return [list(row) for row in rows]


@pytest.mark.parametrize("joined", [False, True], ids=["lines apart", "lines over gutters"])
@pytest.mark.parametrize("rules", [(), (84, 116, 244), (84, 116, 148, 180, 212, 244)])
def test_columns_of_numbers(rules: tuple[int, ...], joined: bool) -> None:
    paper = Paper()
    write_rows(paper, ROWS)
    for y in rules:
        paper.rule(50, y, 580, y)
    if joined:
        paper.join_lines()
    assert texts(paper.table()) == as_lists(ROWS)


def test_an_empty_cell_keeps_its_place() -> None:
    rows = [*ROWS[:2], ("South coast", "", "7.5", "-0.75"), *ROWS[3:], ("Total", "", "", "-9.5")]
    paper = Paper()
    write_rows(paper, rows)
    for y in (84, 116, 276):
        paper.rule(50, y, 580, y)
    assert texts(paper.table()) == as_lists(rows)


def test_a_heading_over_two_columns_spans_them() -> None:
    paper = Paper()
    paper.write(390, 68, "Output in tons", anchor="middle")
    paper.rule(280, 84, 455, 84)
    write_rows(paper, ROWS)
    for y in (52, 116, 244):
        paper.rule(50, y, 580, y)
    prose(paper, 60, 400, 6, 9)
    head = next(c for c in paper.table().cells if c.text == "Output in tons")
    assert (head.row, head.column, head.row_span, head.column_span) == (0, 1, 1, 2)


def test_a_label_of_two_lines_is_one_cell() -> None:
    paper = Paper()
    paper.write(60, 100, "Item")
    paper.write(500, 100, "Value", anchor="right")
    entries = [
        (140, "Wages of all"),
        (164, "the workers"),
        (204, "Rent"),
        (244, "Heating and"),
        (268, "lighting"),
    ]
    for y, label in entries:
        paper.write(60, y, label)
    for y, value in ((140, "1,250.00"), (204, "480.00"), (244, "96.50")):
        paper.write(500, y, value, anchor="right")
    for y in (80, 120, 290):
        paper.rule(50, y, 510, y)
    prose(paper, 60, 400, 6, 9)
    assert texts(paper.table()) == [
        ["Item", "Value"],
        ["Wages of all\nthe workers", "1,250.00"],
        ["Rent", "480.00"],
        ["Heating and\nlighting", "96.50"],
    ]


def test_a_header_boxed_and_a_body_open() -> None:
    """Rows below a boxed header are told apart by their text, and columns by the header."""
    paper = Paper()
    xs = (50, 215, 340, 460, 580)
    for x in xs:
        paper.rule(x, 84, x, 116)
    for y in (84, 116):
        paper.rule(50, y, 580, y)
    paper.rule(50, 116, 50, 244)
    paper.rule(580, 116, 580, 244)
    paper.rule(50, 244, 580, 244)
    write_rows(paper, ROWS)
    assert texts(paper.table()) == as_lists(ROWS)


def test_columns_ruled_and_rows_not() -> None:
    paper = Paper()
    for x in (50, 215, 340, 460, 580):
        paper.rule(x, 84, x, 244)
    for y in (84, 116, 244):
        paper.rule(50, y, 580, y)
    write_rows(paper, ROWS)
    assert texts(paper.table()) == as_lists(ROWS)


def test_the_first_row_above_values_is_the_header() -> None:
    paper = Paper()
    write_rows(paper, ROWS)
    for y in (84, 116, 244):
        paper.rule(50, y, 580, y)
    assert [c.header for c in paper.table().cells] == [True] * 4 + [False] * 16


def test_leader_dots_are_not_kept() -> None:
    paper = Paper()
    for number, name in enumerate(("Alpha", "Beta", "Gamma", "Delta")):
        y = 100 + 30 * number
        paper.write(60, y, name + "." * (14 - len(name)))
        paper.write(330, y, f"{number}4.5", anchor="right")
        paper.write(450, y, f"{number}7.0", anchor="right")
    table = paper.table()
    assert texts(table)[0] == ["Alpha", "04.5", "07.0"]


def test_a_dash_that_was_not_read_is_read_by_its_shape() -> None:
    paper = Paper()
    for x in (60, 200, 330):
        paper.rule(x, 80, x, 200)
    for y in (80, 120, 160, 200):
        paper.rule(60, y, 330, y)
    for y, label in ((100, "one"), (140, "two"), (180, "three")):
        paper.write(70, y, label)
    paper.write(260, 100, "12", anchor="middle")
    paper.rule(256, 140, 263, 140, width=2)
    assert texts(paper.table())[1] == ["two", "-"]


def test_prose_in_two_columns_is_no_table() -> None:
    paper = Paper(1000, 700)
    prose(paper, 40, 60, 16, 8)
    prose(paper, 540, 60, 16, 8, seed=5)
    assert paper.restored().tables == ()


def test_a_list_is_no_table() -> None:
    paper = Paper(1000, 700)
    for number in range(6):
        y = 60 + 60 * number
        paper.write(40, y, f"{number + 1}.")
        paper.write(90, y, " ".join(WORDS.split(" ")[number : number + 10]))
        paper.write(90, y + 26, " ".join(WORDS.split(" ")[number + 3 : number + 7]))
    assert paper.restored().tables == ()


def test_a_table_of_contents_is_no_table() -> None:
    paper = Paper(1000, 700)
    for number, title in enumerate(("Preface", "The valley", "Stones", "Winter", "Index")):
        y = 60 + 40 * number
        paper.write(60, y, title + " " + "." * (40 - len(title)))
        paper.write(640, y, str(3 + 17 * number), anchor="right")
    assert paper.restored().tables == ()


def test_a_letter_is_no_table() -> None:
    paper = Paper(1000, 900)
    paper.write(60, 60, "Smith and Sons")
    paper.write(700, 60, "12 March 1988")
    paper.write(60, 86, "14 High Street")
    paper.write(60, 112, "Newtown")
    paper.write(60, 180, "Dear Madam,")
    prose(paper, 60, 220, 8, 11)
    paper.write(60, 470, "Yours faithfully,")
    assert paper.restored().tables == ()


def test_an_underlined_heading_is_no_table() -> None:
    paper = Paper(1000, 500)
    box = paper.write(60, 60, "A heading with a line below")
    paper.rule(box.left, box.bottom + 2, box.right, box.bottom + 2)
    prose(paper, 60, 110, 8, 11)
    assert paper.restored().tables == ()


def test_tables_side_by_side_in_page_columns_stay_two() -> None:
    paper = Paper(1240, 900)
    for left in (40, 640):
        prose(paper, left, 400, 12, 8)
        for number in range(5):
            y = 100 + 30 * number
            paper.write(left, y, f"Name{number}")
            paper.write(left + 250, y, f"{number}1.5", anchor="right")
            paper.write(left + 400, y, f"{number}2.75", anchor="right")
    assert [(t.rows, t.columns) for t in paper.restored().tables] == [(5, 3), (5, 3)]


def test_a_caption_parts_two_tables() -> None:
    paper = Paper()
    for top, number in ((100, 1), (330, 2)):
        paper.write(60, top - 44, f"Table {number}. Output by region")
        write_rows(paper, ROWS, top)
        for y in (top - 16, top + 16, top + 144):
            paper.rule(50, y, 580, y)
    tables = paper.restored().tables
    assert [texts(table) for table in tables] == [as_lists(ROWS), as_lists(ROWS)]


def test_single_words_below_one_another_are_rows() -> None:
    """Each line fills its column, so a full line tells nothing of wrapped text."""
    rows = [("set", "first", "second", "third")]
    rows += [(a, "yes", "no", b) for a, b in zip("abcdefgh", ["yes", "no"] * 4, strict=True)]
    paper = Paper()
    write_rows(paper, rows)
    for y in (84, 116, 372):
        paper.rule(50, y, 580, y)
    assert texts(paper.table()) == as_lists(rows)


def test_aligned_spaces_of_ragged_names_make_no_column() -> None:
    names = ["Upper valley", "West", "Lower valley", "East", "Outer harbour", "Hill"] * 2
    rows = [(name, f"{i}.5", f"{i + 3}.25", f"{i * 7}.0") for i, name in enumerate(names)]
    paper = Paper()
    write_rows(paper, rows)
    assert texts(paper.table()) == as_lists(rows)


def test_a_rule_below_a_group_of_columns_joins_no_rows_of_others() -> None:
    paper = Paper()
    write_rows(paper, [("Region", "", "", "")])
    paper.write(490, 100, "Share", anchor="middle")
    paper.rule(410, 116, 575, 116)
    write_rows(paper, [("", "1995", "2000", "Change")], top=132)
    write_rows(paper, ROWS[1:], top=180)
    for y in (84, 300):
        paper.rule(50, y, 580, y)
    assert texts(paper.table())[-4:] == as_lists(ROWS[1:])


def test_a_text_that_goes_on_beside_the_next_row_spans_both() -> None:
    paper = Paper()
    write_rows(paper, [("Ring", "Sex", "Date", "")])
    paper.write(520, 100, "State")
    rows = [("380", "No", "13.07.12"), ("412", "No", "16.01.12")]
    rows += [("1401", "Yes", "24.07.13"), ("1410", "Yes", "26.07.13")]
    for number, row in enumerate(rows):
        write_rows(paper, [(*row, "")], top=150 + 40 * number)
    for number, text in enumerate(("Had been in a cage for", "a year, never ill")):
        paper.write(520, 150 + 26 * number, text)
    for number, text in enumerate(("Caught in a field, and", "fell ill when housed")):
        paper.write(520, 230 + 26 * number, text)
    for y in (84, 120, 300):
        paper.rule(50, y, 820, y)
    grid = texts(paper.table())
    assert [row[0] for row in grid] == ["Ring", "380", "412", "1401", "1410"]
    assert [row[3].count("\n") for row in grid] == [0, 1, 0, 1, 0]
    assert [row[3] for row in grid[2::2]] == ["^", "^"]


def test_notes_in_brackets_are_wrapped_where_others_stand_beside_their_values() -> None:
    paper = Paper()
    names = ("Fever", "Injury", "Pain", "Cough", "Total")
    for number, name in enumerate(names):
        y = 100 + 36 * number
        paper.write(60, y, name)
        for place in range(5):
            value, share = f"{number + 3}1{place}", f"({number}.{place})"
            if name == "Total" and place:
                paper.write(180 + 140 * place, y, value)
                paper.write(180 + 140 * place, y + 30, share)
            else:
                paper.write(180 + 140 * place, y, f"{value} {share}")
    for y in (84, 286):
        paper.rule(50, y, 840, y)
    prose(paper, 60, 400, 6, 9)
    grid = texts(paper.table())
    assert [row[0] for row in grid] == list(names)
    wrapped = ["710 (4.0)", "711\n(4.1)", "712\n(4.2)", "713\n(4.3)", "714\n(4.4)"]
    assert grid[-1][1:] == wrapped


def test_wrapped_texts_between_rules_are_cells_and_no_paragraphs() -> None:
    paper = Paper(1000, 800)
    names = ("Measure", "Cost", "Return", "Risk", "Total")
    tops = (100, 150, 260, 370, 480)
    for name, top in zip(names, tops, strict=True):
        paper.write(60, top, name)
        paper.write(940, top, "Weight" if name == "Measure" else "25", anchor="right")
        if name in ("Measure", "Total"):
            paper.write(300, top, "Target")
        else:
            prose(paper, 300, top, 3, 6, seed=top)
    for y in (80, 120, 230, 340, 450, 510):
        paper.rule(50, y, 950, y)
    prose(paper, 60, 600, 5, 12)
    grid = texts(paper.table())
    assert [row[0] for row in grid] == list(names)
    assert [row[1].count("\n") for row in grid] == [0, 2, 2, 2, 0]


def test_rows_that_stand_far_apart_below_long_names_join_the_rows_above_them() -> None:
    """Statements of accounts: names of several lines, like sentences, and blank lines between."""
    paper = Paper(900, 900)
    sums = [("(33)", "(1,424)", "2,528"), ("(3)", "(24)", "(723)"), ("(36)", "(1,448)", "1,805"),
            ("253", "343,991", "160,595")]  # fmt: skip
    names = [
        ["Fair gain"],
        ["Other gain"],
        ["Total of all the other gains", "and of losses that may be", "told to the owners later"],
        ["Total of what is left for", "the owners of the company", "and those with preference"],
    ]
    y = 100
    for name, values in zip(names, sums, strict=True):
        for text in name:
            paper.write(60, y, text)
            y += 24
        for x, value in zip((560, 700, 840), values, strict=True):
            paper.write(x, y - 24, value, anchor="right")
        y += 44 if len(name) > 1 or name[0] == "Other gain" else 0
    table = paper.table()
    assert [row[1:] for row in texts(table) if row[2]] == [list(values) for values in sums]


def test_what_is_left_of_leader_dots_makes_no_column() -> None:
    """Of faint dots behind a name some are not read, and others one by one."""
    paper = Paper()
    rows = [("Notes .", "2,704", "1,201"), ("Agencies", "2,838", "4,081"),
            ("Auction rate . ..", "39", "12"), ("Deposits", "500", "70"),
            ("Other . .. .", "7,710", "5,479")]  # fmt: skip
    for number, (name, *values) in enumerate(rows):
        y = 100 + 40 * number
        paper.write(60, y, name)
        for x, value in zip((600, 760), values, strict=True):
            paper.write(x, y, value, anchor="right")
    assert texts(paper.table()) == [[name.rstrip(" ."), *values] for name, *values in rows]
