"""Tables with few rulings or with shades, as annual reports print them."""

from __future__ import annotations

from collections.abc import Sequence

from paper import Paper, texts

from table_restore.document import Character, Line, Word
from table_restore.geometry import Box

GREY = (225, 225, 235)


def rows_at(
    paper: Paper, ys: Sequence[float], xs: Sequence[float], rows: Sequence[Sequence[str]]
) -> None:
    """Rows of a name, flush left, and values that end at the other places of `xs`."""
    for y, (name, *values) in zip(ys, rows, strict=True):
        if name:
            paper.write(xs[0], y, name)
        for x, value in zip(xs[1:], values, strict=True):
            if value:
                paper.write(x, y, value, "right")


def lower(line: Line, share: float) -> Line:
    """The line with boxes of `share` of its height, about its middle."""
    middle = line.polygon.box.center[1]
    return line.map(lambda point: (point[0], middle + share * (point[1] - middle)))


def test_numbers_between_walls_keep_their_rows_where_only_the_names_are_ruled() -> None:
    paper = Paper(900, 500)
    rows = [["Region", "2018", "2017"], ["Europe", "503,154", "505,182"]]
    rows += [[f"Country{c}", f"{45 + i},1{i}9", f"{44 + i},8{i}3"] for i, c in enumerate("ABCDE")]
    rows += [["Asia", "664,824", "657,395"]]
    ys = [100 + 32 * i for i in range(len(rows))]
    rows_at(paper, ys, (40, 700, 840), rows)
    for i, y in enumerate(ys):
        inside = 2 < i <= 6
        paper.rule(40, y - 16, 580 if inside else 850, y - 16, 1)
    paper.rule(40, ys[-1] + 16, 850, ys[-1] + 16, 1)
    for x in (580, 715, 850):
        paper.rule(x, ys[2] - 16, x, ys[6] + 16, 1)
    assert texts(paper.table()) == rows


def test_stripes_with_wide_rows_stay_one_table() -> None:
    paper = Paper(900, 700)
    rows = [["Depth", "A", "B", "C"]]
    rows += [[str(30 + i), str(17 + i), str(27 + 2 * i), str(371 - 7 * i)] for i in range(12)]
    ys = [80 + 42 * i for i in range(len(rows))]
    for y in ys[1::2]:
        paper.shade(60, y - 21, 840, y + 21, GREY)
    rows_at(paper, ys, (80, 380, 580, 820), rows)
    assert texts(paper.table()) == rows


def test_a_wrapped_text_in_a_row_between_stripes_keeps_its_table_whole() -> None:
    paper = Paper(900, 960)
    ys = [80 + 78 * i for i in range(10)]
    for y in ys[1::2]:
        paper.shade(60, y - 39, 840, y + 39, GREY)
    rows = [["Code", "What it says", "Where"]]
    rows += [[f"10{i}", f"Part {'ABCDEFGHI'[i]}", f"page {i + 2}"] for i in range(9)]
    rows[4][2] = "on a page of ours\nand in an annex"
    for y, row in zip(ys, rows, strict=True):
        for x, text in zip((80, 280, 560), row, strict=True):
            lines = text.split("\n")
            for number, line in enumerate(lines):
                paper.write(x, y + 26 * number - 13 * (len(lines) - 1), line)
    assert texts(paper.table()) == rows


def test_text_on_its_side_in_the_margin_joins_no_rows() -> None:
    paper = Paper(900, 700)
    rows = [["", "2018", "2017"]] + [[f"Item{i}", f"{i}1,20{i}", f"{i}0,11{i}"] for i in range(8)]
    ys = [100 + 26 * i for i in range(len(rows))]
    rows_at(paper, ys, (40, 560, 760), rows)
    tab = Paper(300, 30)
    tab.write(10, 15, "Strategic Report")
    paper.paste(tab, 850, 90, 1)
    paper.paste(tab, 850, 330, 1)
    assert texts(paper.table()) == rows


def test_a_repeated_head_begins_another_table() -> None:
    paper = Paper(900, 700)
    rows = [["", "2018", "2017", "2016"]]
    rows += [[f"Unit{c}", f"{i}35,239", f"{i}34,021", f"{i}37,234"] for i, c in enumerate("ABCDE")]
    for top, title in ((80, "Persons by business"), (330, "Persons by region")):
        paper.write(40, top, title)
        rows_at(paper, [top + 30 + 28 * i for i in range(len(rows))], (40, 500, 660, 820), rows)
        paper.rule(40, top + 44, 820, top + 44, 1)
    tables = paper.restored().tables
    assert [texts(table) for table in tables] == [rows, rows]


def test_rows_that_share_columns_may_stand_far_apart() -> None:
    paper = Paper(900, 700)
    rows = [["Mark", "Class", "Number", "Fee"]]
    rows += [[f"M{i}", str(30 + i), f"2033627{i}", f"{i}5.00"] for i in range(4)]
    rows_at(paper, [60 + 90 * i for i in range(5)], (40, 330, 560, 820), rows)
    assert texts(paper.table()) == rows


def test_a_gutter_of_running_text_parts_no_wide_table() -> None:
    paper = Paper(1200, 900)
    sentence = "some words of a line that fills its column"
    for i in range(7):
        for x in (40, 620):
            paper.write(x, 40 + 26 * i, sentence[: 42 - i % 3])
    rows = [["Entry", "First", "Second", "Third", "Fourth"]]
    rows += [[f"Row{i}", f"{i}1,204", f"{i}22,119", f"{i}3,870", f"{i}4,551"] for i in range(5)]
    # Values of the second column stand right of the gutter, or over it.
    for i in (1, 2, 4, 5):
        rows[i][2] = f"1,345,678,90{i}"
    rows_at(paper, [280 + 30 * i for i in range(6)], (40, 380, 680, 900, 1120), rows)
    for i in range(7):
        for x in (40, 620):
            paper.write(x, 520 + 26 * i, sentence[: 42 - i % 3])
    assert texts(paper.table()) == rows


def test_a_head_over_the_right_columns_belongs_to_the_rows_further_down() -> None:
    paper = Paper(900, 600)
    for y, entries in ((60, ("2015", "2016", "2017")), (90, ("Euro", "Euro", "Euro"))):
        for x, entry in zip((500, 660, 820), entries, strict=True):
            paper.write(x, y, entry, "right")
    rows = [[f"Part{c}", f"{i}2,076", f"{i}5,506", f"{i}0,520"] for i, c in enumerate("ABCD", 1)]
    paper.write(40, 172, "Gains on financial")
    paper.write(40, 198, "assets")
    rows_at(paper, [224 + 26 * i for i in range(4)], (40, 500, 660, 820), rows)
    (table,) = paper.restored().tables
    found = texts(table)
    assert found[0] == ["", "2015", "2016", "2017"]
    assert found[1] == ["", "Euro", "Euro", "Euro"]
    assert found[-4:] == rows


def test_higher_boxes_alone_end_no_table() -> None:
    paper = Paper(900, 600)
    ys = [80, *(120 + 60 * i for i in range(5))]
    rows = [["firm", "seat", "owner"]]
    rows += [[f"nova{c}", f"rome{c}", f"anna{c}"] for c in "aceno"]
    for y, row in zip(ys, rows, strict=True):
        for x, entry in zip((40, 380, 620), row, strict=True):
            paper.write(x, y, entry)
    paper.rule(40, 98, 800, 98, 1)
    # Letters without strokes above or below have low boxes; the lines in brackets do not.
    paper.lines = [lower(line, 0.55) for line in paper.lines]
    for y in ys[1:]:
        paper.write(40, y + 22, "(holding)")
    table = paper.table()
    assert texts(table)[0] == rows[0]
    assert [cell.text for cell in table.cells if cell.column == 2] == [row[2] for row in rows]


def test_low_marks_above_a_table_end_the_search_for_its_head() -> None:
    paper = Paper()
    marks = [Box(x, 90, x + 12, 93) for x in (260, 420)]
    for box in marks:
        character = Character("-", box.polygon(), 0.9)
        paper.lines.append(Line((Word("-", box.polygon(), 0.9, (character,)),), box.polygon()))
    for number in range(6):
        y = 116 + 32 * number
        paper.write(60, y, f"Name{number}")
        for x in (280, 440):
            paper.write(x, y, f"{number}{x}.5", anchor="right")
    assert texts(paper.table())[-6:] == [
        [f"Name{number}", f"{number}280.5", f"{number}440.5"] for number in range(6)
    ]
