"""Which lines of numbers, of their units and their headings are rows of their own."""

from __future__ import annotations

import pytest
from paper import Paper, texts

COLUMNS = (420, 560, 700)


def write_row(paper: Paper, y: float, name: str, values: tuple[str, ...] = ()) -> None:
    if name:
        paper.write(60, y, name)
    for right, value in zip(COLUMNS, values, strict=False):
        paper.write(right, y, value, anchor="right")


def test_a_name_between_two_lines_of_numbers_joins_them_to_no_row() -> None:
    paper = Paper()
    write_row(paper, 100, "", ("2016", "2017", "2018"))
    write_row(paper, 140, "Gross profit", ("1,921", "1,569", "5,964"))
    write_row(paper, 170, "Operating expenses")
    write_row(paper, 200, "Research", ("605", "462", "1,729"))
    write_row(paper, 240, "Total", ("2,526", "2,031", "7,693"))
    for y in (120, 220, 262):
        for right in COLUMNS:
            paper.rule(right - 90, y, right + 10, y)
    rows = texts(paper.table())
    assert [row[1] for row in rows if row[1] in ("1,921", "605")] == ["1,921", "605"]
    assert not any("\n" in value for row in rows for value in row[1:])


@pytest.mark.parametrize("unit", ["$m", "HK$'000", "(%)"])
def test_units_below_headings_are_a_row(unit: str) -> None:
    paper = Paper()
    write_row(paper, 100, "", ("Fees", "Grants", "Loans"))
    write_row(paper, 124, "", (unit,) * 3)
    for number, name in enumerate(("Northern shore", "Western hills", "Old harbour")):
        write_row(paper, 160 + 26 * number, name, (f"1{number}2", f"3{number}7", f"6{number}1"))
    for y in (84, 140, 232):
        paper.rule(50, y, 720, y)
    assert texts(paper.table())[:2] == [["", "Fees", "Grants", "Loans"], ["", unit, unit, unit]]


def test_a_date_whose_year_stands_below_is_one_heading() -> None:
    paper = Paper()
    write_row(paper, 100, "", ("May 28,", "June 29,", "July 30,"))
    write_row(paper, 124, "", ("2016", "2017", "2018"))
    for number, name in enumerate(("Northern shore", "Western hills", "Old harbour")):
        values = (f"1{number}2,500", f"3{number}7,200", "914,300")
        write_row(paper, 160 + 26 * number, name, values)
    for y in (84, 140, 232):
        paper.rule(50, y, 720, y)
    assert texts(paper.table())[0] == ["", "May 28,\n2016", "June 29,\n2017", "July 30,\n2018"]


def test_numbers_with_a_raised_point_are_numbers() -> None:
    paper = Paper()
    write_row(paper, 100, "File", ("First", "Second", "Third"))
    for number, name in enumerate(("Audio", "Component", "Integer", "Object")):
        y = 150 + 64 * number
        write_row(paper, y, name, ("0·049", "0·577", "0·105"))
        write_row(paper, y + 28, "", ("0·019", "0·385", "0·031"))
    for y in (84, 120, 400):
        paper.rule(50, y, 720, y)
    assert len(texts(paper.table())) == 9
