"""What one printed text may mean as a value; shared by the modules on numbers and dates."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Convention(StrEnum):
    """How marks that people use in more than one way are meant."""

    DECIMAL_POINT = "decimal point"
    DECIMAL_COMMA = "decimal comma"
    DAY_FIRST = "day, month, year"
    MONTH_FIRST = "month, day, year"
    YEAR_FIRST = "year, month, day"


@dataclass(frozen=True, slots=True)
class Reading:
    """One value that a printed text can have, and the number format that shows it as printed.

    `convention` is None where the text means the same under all of them. A `weak` reading
    counts only beside stronger ones in the same column: "(1)" is as often a number in a list
    as it is -1.
    """

    value: float
    number_format: str
    convention: Convention | None = None
    weak: bool = False
