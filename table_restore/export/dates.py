"""The days that a printed date may mean.

03/04/2021 is in March or in April; the readings name the order they rest on, so that the rest
of a column can decide.
"""

from __future__ import annotations

import re
from datetime import date

from table_restore.export.number_formats import (
    ENGLISH,
    FIRST_DATE,
    MONTHS,
    day_number,
    literal,
)
from table_restore.export.reading import Convention, Reading

_YEAR_FIRST = re.compile(r"([0-9]{4})([./-])([0-9]{1,2})\2([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_EAST_ASIAN = re.compile(r"([0-9]{4})( ?年 ?)([0-9]{1,2})( ?月 ?)([0-9]{1,2})( ?日)")
_DAY_NAME_YEAR = re.compile(r"([0-9]{1,2})([ -]|\. ?)([^\W\d_]+)([ -]|, ?)([0-9]{4}|[0-9]{2})")
_NAME_DAY_YEAR = re.compile(r"([^\W\d_]+)( )([0-9]{1,2})(, ?| )([0-9]{4})")
# Excel takes two-digit years below this as 20xx.
_CENTURY = 30

# Locale and number of every month's name, and in English of its first three letters. "mai" and
# "Mai" differ by language, so that names are looked up as they stand before they are folded.
_NAMES = {
    name: (locale, number)
    for locale, months in MONTHS.items()
    for number, month in enumerate(months, start=1)
    for name in ([month, month[:3]] if locale == ENGLISH else [month])
}
_FOLDED_NAMES = {name.casefold(): place for name, place in reversed(_NAMES.items())}


def date_readings(text: str) -> list[Reading]:
    """Every day that the text can mean; dates before March 1900 have no reading."""
    if match := _YEAR_FIRST.fullmatch(text):
        year, mark, month, day = match.groups()
        return _date([(year, "y"), (month, "m"), (day, "d")], [mark, mark])
    if match := _EAST_ASIAN.fullmatch(text):
        year, first, month, second, day, third = match.groups()
        return _date([(year, "y"), (month, "m"), (day, "d")], [first, second, third])
    if match := _DAY_NAME_YEAR.fullmatch(text):
        day, first, name, second, year = match.groups()
        return _date([(day, "d"), (name, "n"), (year, "y")], [first, second])
    if match := _NAME_DAY_YEAR.fullmatch(text):
        name, first, day, second, year = match.groups()
        return _date([(name, "n"), (day, "d"), (year, "y")], [first, second])
    if match := _YEAR_LAST.fullmatch(text):
        return _year_last(*match.groups())
    return []


def _year_last(first: str, mark: str, second: str, third: str) -> list[Reading]:
    """Dates whose parts are all short: points mean day first, other marks say nothing."""
    marks = [mark, mark]
    day_first = [(first, "d"), (second, "m"), (third, "y")]
    if mark == ".":
        outline = len(third) == 2 and len(first + second) < 4  # "1.2.10" may be a section
        return _date(day_first, marks, weak=outline)
    readings = [
        *_date(day_first, marks, Convention.DAY_FIRST),
        *_date([(first, "m"), (second, "d"), (third, "y")], marks, Convention.MONTH_FIRST),
    ]
    if len(third) == 2:
        year_first = [(first, "y"), (second, "m"), (third, "d")]
        readings += _date(year_first, marks, Convention.YEAR_FIRST)
    if len(readings) > 1 and len({reading.value for reading in readings}) == 1:
        return [Reading(readings[0].value, readings[0].number_format)]
    return readings


def _date(
    parts: list[tuple[str, str]],
    marks: list[str],
    convention: Convention | None = None,
    weak: bool = False,
) -> list[Reading]:
    """The reading of the parts (text and y, m, n or d: a year, month, month's name, day)."""
    by_kind = {kind: text for text, kind in parts}
    locale, month = _month(by_kind["n"]) if "n" in by_kind else ("", int(by_kind["m"]))
    try:
        day = date(_year(by_kind["y"]), month, int(by_kind["d"]))
    except ValueError:
        return []
    if day < FIRST_DATE:
        return []
    tokens = [_token(text, kind, month, locale) for text, kind in parts]
    shown = "".join(t + literal(m) for t, m in zip(tokens, [*marks, ""], strict=False))
    prefix = f"[$-{locale}]" if locale else ""
    return [Reading(day_number(day), prefix + shown, convention, weak)]


def _token(text: str, kind: str, month: int, locale: str) -> str:
    if kind == "n":
        return "mmmm" if text.casefold() == MONTHS[locale][month - 1].casefold() else "mmm"
    return kind * len(text)


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return year + (2000 if year < _CENTURY else 1900)


def _month(name: str) -> tuple[str, int]:
    """The locale and number of a month's name; the number is 0 where no month is called so."""
    return _NAMES.get(name) or _FOLDED_NAMES.get(name.casefold()) or ("", 0)
