"""What a spreadsheet shows for a number under a number format, for the formats written here.

The syntax is that of ECMA-376 part 1, 18.8.30. `[$-407]` at the front names a locale: month
names follow it in Excel, thousands and decimal marks too in LibreOffice; Excel takes the marks
from the computer's settings. It also records which marks were printed.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

# Locales (as in Windows, hexadecimal) and their thousands and decimal marks.
GERMAN = "407"
FRENCH = "40C"
SWISS = "807"
ENGLISH = "409"
_MARKS = {GERMAN: (".", ","), FRENCH: (" ", ","), SWISS: ("'", "."), ENGLISH: (",", ".")}

MONTHS = {
    ENGLISH: (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    GERMAN: (
        "Januar", "Februar", "März", "April", "Mai", "Juni",
        "Juli", "August", "September", "Oktober", "November", "Dezember",
    ),
    FRENCH: (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
}  # fmt: skip

_EPOCH = date(1899, 12, 30)
# Excel takes 1900 for a leap year; its day numbers are the calendar's from March on.
FIRST_DATE = date(1900, 3, 1)

_LOCALE = re.compile(r"\[\$-([0-9A-F]+)\]")
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|([#0,]*[#0](?:\.0+)?|\.0+)|(y+|m+|d+)|(.)')


def literal(text: str) -> str:
    """The text as a literal of a number format; a quotation mark is escaped by a backslash."""
    if not text:
        return ""
    return '\\"'.join(f'"{part}"' if part else "" for part in text.split('"'))


def day_number(day: date) -> int:
    """The number by which a spreadsheet stores the day; right from `FIRST_DATE` on."""
    return (day - _EPOCH).days


def shown_day(value: float, number_format: str) -> date | None:
    """The day that the number format shows for the value, None where it shows a number."""
    _, body = _split_locale(number_format)
    is_date = any(calendar for _, _, _, calendar, _ in _TOKEN.findall(body))
    return _EPOCH + timedelta(days=int(value)) if is_date else None


def display(value: float, number_format: str) -> str:
    """The value as the number format shows it, with the marks of the format's locale."""
    locale, body = _split_locale(number_format)
    sections = _sections(body)
    if value < 0 and len(sections) > 1:
        return _show(-value, sections[1], locale)
    if value < 0:
        return "-" + _show(-value, sections[0], locale)
    return _show(value, sections[0], locale)


def _split_locale(number_format: str) -> tuple[str, str]:
    match = _LOCALE.match(number_format)
    return (match[1], _LOCALE.sub("", number_format)) if match else (ENGLISH, number_format)


def _sections(body: str) -> list[str]:
    """The parts between semicolons that are not quoted."""
    return re.findall(r'(?:"[^"]*"|\\.|[^;"\\])+', body)


def _show(value: float, section: str, locale: str) -> str:
    tokens = [match.groups() for match in _TOKEN.finditer(section)]
    percent = any(other == "%" for *_, other in tokens)
    day = _EPOCH + timedelta(days=int(value)) if any(t[3] for t in tokens) else None
    shown = ""
    for quoted, escaped, digits, calendar, other in tokens:
        if digits:
            shown += _show_digits(value, digits, percent, locale)
        elif calendar and day:
            shown += _show_calendar(day, calendar, locale)
        else:
            shown += quoted or escaped or other or ""
    return shown


def _show_digits(value: float, digits: str, percent: bool, locale: str) -> str:
    thousands, decimal = _MARKS.get(locale, _MARKS[ENGLISH])
    whole, _, fraction = digits.partition(".")
    exact = Decimal(repr(value)) * (100 if percent else 1)
    rounded = exact.quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP)
    text = f"{rounded:,f}" if "," in whole else f"{rounded:f}"
    if "0" not in whole:
        text = text.removeprefix("0")
    return text.translate({ord(","): thousands, ord("."): decimal})


def _show_calendar(day: date, token: str, locale: str) -> str:
    match token:
        case "yyyy":
            return f"{day.year:04d}"
        case "yy":
            return f"{day.year % 100:02d}"
        case "mmmm":
            return MONTHS[locale][day.month - 1]
        case "mmm":
            return MONTHS[locale][day.month - 1][:3]
        case "mm":
            return f"{day.month:02d}"
        case "m":
            return f"{day.month}"
        case "dd":
            return f"{day.day:02d}"
        case "d":
            return f"{day.day}"
    raise ValueError(f"{token!r} is not a part of a date known here")
