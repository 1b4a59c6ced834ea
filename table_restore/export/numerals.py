"""The values that a printed number may have.

"1.234" is 1234 where points group thousands and 1.234 where a point is the decimal mark; a
reading names the convention it rests on, so that the rest of a column can decide. Codes (leading
zeros, more digits than a float keeps, letters) have no reading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from table_restore.currencies import CURRENCY
from table_restore.export.number_formats import FRENCH, GERMAN, SWISS, literal
from table_restore.export.reading import Convention, Reading

# A float, and Excel, keep this many decimal digits.
MAX_DIGITS = 15

_SPACES = " \u00a0\u2009\u202f"
_MINUS = "-−–"
_SIGNS = _MINUS + "+"
_DIGITS = re.compile(rf"[.,]?[0-9](?:[0-9.,'’{_SPACES}]*[0-9])?")
# What may stand around the digits (0): signs (s), one currency (c), percent, parentheses.
_SHAPE = re.compile(
    r"c?0[c%]?|sc?0[c%]?|cs0|(?P<trailing>c?0c?s)|(?P<brackets>\(c?0[c%]?\)|c\(0\)|\(0\)[c%])"
)
# Thousands mark, decimal mark, the locale whose formats group so, and the convention.
_MARKS = (
    (",", ".", "", Convention.DECIMAL_POINT),
    ("'", ".", SWISS, Convention.DECIMAL_POINT),
    (" ", ".", "", Convention.DECIMAL_POINT),
    (".", ",", GERMAN, Convention.DECIMAL_COMMA),
    (" ", ",", FRENCH, Convention.DECIMAL_COMMA),
)
_PHONE_DIGITS = 9


@dataclass(frozen=True, slots=True)
class _Core:
    """The digits of a number: their amount and their number format, and what these rest on."""

    amount: Decimal
    number_format: str
    locale: str = ""
    convention: Convention | None = None
    grouped_by: str = ""

    @property
    def plain(self) -> bool:
        """Digits alone, without any mark."""
        return self.number_format == "0"


def number_readings(text: str) -> list[Reading]:
    """Every value that the text can have as a number, a sum of money or a percentage."""
    match = _DIGITS.search(text)
    if not match:
        return []
    head, digits, tail = text[: match.start()], match.group(), text[match.end() :]
    if not (shape := _SHAPE.fullmatch(_skeleton(head) + "0" + _skeleton(tail))):
        return []
    return [_reading(core, head, tail, shape.lastgroup) for core in _cores(digits)]


def is_code(whole: str) -> bool:
    """Whether leading zeros make a code of what would be a whole number."""
    return len(whole) > 1 and whole.startswith("0") and whole.isdecimal()


def _skeleton(affix: str) -> str:
    """The affix with each currency as "c" and each sign as "s", without spaces."""
    affix = CURRENCY.sub("c", affix)
    return "".join("s" if c in _SIGNS else c for c in affix if c not in _SPACES)


def _cores(digits: str) -> list[_Core]:
    """Every way to take the digits apart, one for each value and convention."""
    digits = "".join("'" if c == "’" else " " if c in _SPACES else c for c in digits)
    if sum(c.isdecimal() for c in digits.lstrip("0., '")) > MAX_DIGITS:
        return []
    if digits.isdecimal():
        return [] if is_code(digits) else [_Core(Decimal(digits), "0")]
    cores = (_core(digits, *marks) for marks in _MARKS)
    return list({(core.amount, core.convention): core for core in cores if core}.values())


def _core(
    digits: str, thousands: str, decimal: str, locale: str, convention: Convention
) -> _Core | None:
    """The digits read with the given marks, or None where they do not fit."""
    whole, mark, fraction = digits.partition(decimal)
    if mark and not fraction.isdecimal():
        return None
    grouped = thousands in whole
    groups = rf"[1-9][0-9]{{0,2}}(?:{re.escape(thousands)}[0-9]{{3}})+"
    if not re.fullmatch(groups if grouped else "[0-9]*", whole):
        return None
    whole = whole.replace(thousands, "")
    if is_code(whole):
        return None
    number_format = "#,##0" if grouped else "0" if whole else "#"
    if fraction:
        number_format += "." + "0" * len(fraction)
    amount = Decimal(f"{whole or '0'}.{fraction or '0'}")
    if not fraction and thousands == " ":
        return _Core(amount, number_format, FRENCH, None, thousands)
    if not grouped:
        locale = GERMAN if decimal == "," else ""
    return _Core(amount, number_format, locale, convention, thousands if grouped else "")


def _reading(core: _Core, head: str, tail: str, shape: str | None) -> Reading:
    """The core with its sign, currency and percent sign."""
    negative = shape == "brackets" or any(c in _MINUS for c in head + tail)
    number_format = _section(core, head, tail)
    if negative and head.startswith("-") and not head[1:2].isspace():
        number_format = _section(core, head[1:], tail)  # spreadsheets add that sign themselves
    elif negative:
        number_format = f"{_section(core, _unsigned(head), _unsigned(tail))};{number_format}"
    elif "+" in head:
        number_format += f";{_section(core, head.replace('+', '-'), tail)}"
    amount = core.amount / 100 if "%" in tail else core.amount
    return Reading(
        value=float(-amount if negative else amount),
        number_format=number_format,
        convention=core.convention,
        weak=_is_weak(core, head, tail, shape),
    )


def _unsigned(affix: str) -> str:
    """The affix without its minus or brackets."""
    return "".join(c for c in affix if c not in _MINUS + "()").strip()


def _section(core: _Core, head: str, tail: str) -> str:
    locale = f"[$-{core.locale}]" if core.locale else ""
    percent = "%".join(literal(part) for part in tail.split("%"))
    return f"{locale}{literal(head)}{core.number_format}{percent}"


def _is_weak(core: _Core, head: str, tail: str, shape: str | None) -> bool:
    """Whether the text is as likely a list number, a dash before a number, or a phone number."""
    bare = not CURRENCY.search(head + tail) and "%" not in tail
    if core.plain and bare and (shape in ("brackets", "trailing") or head[1:2].isspace()):
        return True
    if core.grouped_by == " " and bare and "." not in core.number_format:
        return head.startswith("+") or len(str(core.amount.to_integral())) == _PHONE_DIGITS
    return False
