"""Which cells of tables are numbers and dates, decided column by column.

What a text may mean alone is the business of `numerals` and `dates`; here its neighbours choose
between the meanings. In doubt a cell stays text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from table_restore.document import Cell, Table
from table_restore.export.dates import date_readings
from table_restore.export.number_formats import display
from table_restore.export.numerals import is_code, number_readings
from table_restore.export.reading import Convention, Reading

Position = tuple[int, int]

_NUMBER_MARKS = (Convention.DECIMAL_POINT, Convention.DECIMAL_COMMA)
_DATE_ORDERS = (Convention.DAY_FIRST, Convention.MONTH_FIRST, Convention.YEAR_FIRST)
# The share of a column's unambiguous cells that must agree; the rest may be misread marks.
_MAJORITY = 0.75
_LONGEST = 40

# Marks as Chinese and Japanese fonts have them, as wide as they are high.
_FULL_WIDTH = {0xFF00 + ord(c) - 0x20: c for c in ".,%()+-/"}
_SPACED_MARK = re.compile(r"(?<=[0-9])(?:(\.) (?=[0-9])|(,) (?=[0-9]{2}))")

# Columns of digits that are names of things, not amounts.
_CODE_HEADER = re.compile(
    r"(?:tele)?(?:phone|fax|fon|mobile|tel|telefon|telefax|cell)(?: (?:no|nr|number))?"
    r"|(?:zip|post(?:al)?)[ -]?(?:code)?|plz|postleitzahl|iban|bic|sku|ean|isbn|issn|upc"
    r"|code|id|reference|ref|(?:part|item|article|account|acct|serial|invoice|order|customer|reference|ref)"
    r"[ -](?:no|nr|number|num|code|id|#)|(?:artikel|konto|kunden|rechnungs|auftrags|bestell)"
    r"-?(?:nummer|nr|no)|(?:联系)?电话|電話|手机|邮编|邮政编码|账号|身份证号|编号|郵便番号|電話番号|コード|番号",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TypedValue:
    """A number or day number, and the Excel number format that shows it as printed.

    `as_printed` is False where kinds of spaces, apostrophes or letters' case differ, the
    width of marks, or the grouping of thousands: then the printed text has to be kept beside it.
    """

    value: float
    number_format: str
    as_printed: bool


@dataclass(frozen=True, slots=True)
class _Column:
    """What the cells of one column may mean, by the cells' positions."""

    texts: dict[Position, str]
    readings: dict[Position, tuple[Reading, ...]]

    @property
    def votes(self) -> Counter[Convention]:
        """The conventions of the cells that allow only one, or else of those that group."""
        conventions = ({r.convention for r in found} for found in self.readings.values())
        votes = Counter(one for (one,) in (c for c in conventions if len(c) == 1) if one)
        return votes if any(votes[mark] for mark in _NUMBER_MARKS) else votes + self._groups

    @property
    def _groups(self) -> Counter[Convention]:
        """The marks that group thousands, as whole numbers below a thousand beside them say.

        "1.178" under "813" and "92" is a thousand and more: fractions would be printed alike.
        """
        whole = [
            found[0].value
            for found in self.readings.values()
            if len(found) == 1 and found[0].number_format == "0"
        ]
        if not whole or not 100 <= max(whole) < 1000:
            return Counter()
        return Counter(
            reading.convention
            for found in self.readings.values()
            for reading in found
            if len(found) > 1 and reading.convention and "#,##0" in reading.number_format
        )


def typed_values(tables: Sequence[Table]) -> list[dict[Position, TypedValue]]:
    """For each table the values of its cells that are not text, by (row, column).

    A column decides by its unambiguous cells what the others mean; where it has none, all the
    tables given decide.
    """
    columns = [_columns(table) for table in tables]
    votes = sum((column.votes for table in columns for column in table), Counter[Convention]())
    return [
        {place: value for column in table for place, value in _column_values(column, votes)}
        for table in columns
    ]


def readings(text: str) -> tuple[Reading, ...]:
    """All values that one line of text can have, none where it is no number and no date.

    Each is shown by its number format as the text itself, up to the kinds of spaces and
    apostrophes, upper and lower case, full and half width of marks, and the grouping of thousands.
    Numbers set with wide marks are read with a space behind these, "97. 76": such readings are
    weak.
    """
    text = text.translate(_FULL_WIDTH)
    if len(text) > _LONGEST or not any(c in "0123456789" for c in text):
        return ()
    found = date_readings(text) or number_readings(text)
    if not found and text != (tight := _SPACED_MARK.sub(r"\1\2", text)):
        found = [replace(reading, weak=True) for reading in number_readings(tight)]
    return tuple(reading for reading in found if _reads_back(reading, text))


def _reads_back(reading: Reading, text: str) -> bool:
    shown = display(reading.value, reading.number_format)
    return shown == text or _loosely(shown, reading) == _loosely(text, reading)


def _loosely(text: str, reading: Reading) -> str:
    group = "." if reading.convention is Convention.DECIMAL_COMMA else ","
    ignored = dict.fromkeys(map(ord, " \u00a0\u2009\u202f'’" + group))
    return text.translate(ignored).casefold()


def _columns(table: Table) -> list[_Column]:
    """The columns of the table's body, by where their cells start.

    Cells below or right of one that says "phone" or the like are left out.
    """
    headers: dict[int, list[str]] = {}
    bodies: dict[int, list[Cell]] = {}
    labelled = {
        (row, cell.column + cell.column_span)
        for cell in table.cells
        if _names_codes(cell.text)
        for row in range(cell.row, cell.row + cell.row_span)
    }
    for cell in table.cells:
        if cell.header or cell.row == 0:
            for column in range(cell.column, cell.column + cell.column_span):
                headers.setdefault(column, []).append(cell.text)
        if not cell.header and len(cell.lines) == 1 and (cell.row, cell.column) not in labelled:
            bodies.setdefault(cell.column, []).append(cell)
    return [
        _column(cells)
        for column, cells in bodies.items()
        if not any(_names_codes(text) for text in headers.get(column, ()))
    ]


def _names_codes(header: str) -> bool:
    return bool(_CODE_HEADER.fullmatch(" ".join(header.split()).strip(".:# ").replace(". ", " ")))


def _column(cells: Iterable[Cell]) -> _Column:
    texts = {(cell.row, cell.column): cell.text.strip() for cell in cells}
    has_codes = any(is_code(text) for text in texts.values())
    return _Column(
        texts,
        {
            place: () if has_codes and text.isdecimal() else readings(text)
            for place, text in texts.items()
        },
    )


def _column_values(
    column: _Column, all_votes: Counter[Convention]
) -> list[tuple[Position, TypedValue]]:
    own = column.votes
    chosen = {
        place: reading
        for place, found in column.readings.items()
        if (reading := _choose(column.texts[place], found, own, all_votes))
    }
    if all(reading.weak for reading in chosen.values()):
        return []
    return [(place, _typed(reading, column.texts[place])) for place, reading in chosen.items()]


def _choose(
    text: str, found: tuple[Reading, ...], own: Counter[Convention], others: Counter[Convention]
) -> Reading | None:
    """The reading that the votes allow, or None."""
    for reading in found:
        if reading.convention is None:
            return reading
        family = _NUMBER_MARKS if reading.convention in _NUMBER_MARKS else _DATE_ORDERS
        votes = own if any(own[one] for one in family) else others
        total = sum(votes[one] for one in family)
        if total and votes[reading.convention] >= _MAJORITY * total:
            return reading
        # Without any evidence a comma before three digits groups thousands; a point may not.
        if not total and reading.convention is Convention.DECIMAL_POINT and "," in text:
            return reading
    return None


def _typed(reading: Reading, text: str) -> TypedValue:
    shown = display(reading.value, reading.number_format)
    return TypedValue(reading.value, reading.number_format, shown == text)
