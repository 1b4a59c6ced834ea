"""Tables with few rulings or with shades, as annual reports print them."""

from __future__ import annotations

from collections.abc import Sequence

from paper import Paper, texts

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
