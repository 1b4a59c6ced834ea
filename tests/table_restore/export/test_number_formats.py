from __future__ import annotations

from datetime import date

import pytest

from table_restore.export.number_formats import FIRST_DATE, day_number, display, literal


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (0, "0", "0"),
        (1234.5, "0.00", "1234.50"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (12, "#,##0", "12"),
        (-1234.5, "[$-407]#,##0.00", "-1.234,50"),
        (1234567, "[$-40C]#,##0", "1 234 567"),
        (1234.5, "[$-807]#,##0.0", "1'234.5"),
        (0.5, "#.00", ".50"),
        (0.125, "0.0%", "12.5%"),
        (0.125, '0.0" "%', "12.5 %"),
        (2.5, "0", "3"),
        (-5, '"$"0.00;"($"0.00")"', "($5.00)"),
        (5, '"$"0.00;"($"0.00")"', "$5.00"),
        (-5, '0;0"-"', "5-"),
        (1, '0" a""b;c"', "1 ab;c"),
        (45322, 'yyyy"-"mm"-"dd', "2024-01-31"),
        (45322, '[$-407]d". "mmmm" "yyyy', "31. Januar 2024"),
        (45322, '[$-409]mmm" "d", "yy', "Jan 31, 24"),
        (44290, 'd"."m"."yyyy', "4.4.2021"),
        (44290, 'yyyy"年"m"月"d"日"', "2021年4月4日"),
    ],
)
def test_display(value: float, number_format: str, shown: str) -> None:
    assert display(value, number_format) == shown


def test_literals_show_as_they_are() -> None:
    for text in ("", " €", 'a"b', '"', "#0;%"):
        assert display(7, literal(text) + "0") == f"{text}7"


def test_day_numbers_are_excels() -> None:
    assert day_number(FIRST_DATE) == 61  # Excel counts a 29 February 1900 as day 60
    assert day_number(date(2000, 1, 1)) == 36526
