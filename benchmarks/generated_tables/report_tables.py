"""Tables as statistical offices print them: what they say, and how columns and rows are grouped."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from random import Random

from benchmarks.generated_tables.report_texts import (
    PLACES,
    SUBJECTS,
    UNITS,
    phrase,
    sentence,
    words,
)


class RowKind(StrEnum):
    """What a row of a table's body is."""

    DATA = "data"
    HEADING = "heading"
    """A name in the stub without values, for the rows indented below it."""
    SECTION = "section"
    """A heading centred over the whole table."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A row of the body: its name, indented by `level`, and a value for every column."""

    kind: RowKind
    label: str
    level: int = 0
    values: tuple[str, ...] = ()
    bold: bool = False


@dataclass(frozen=True, slots=True)
class HeadCell:
    """A heading in the boxhead: its place on the grid, rows counted from the top."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table's texts: those around it are no part of its grid."""

    title: str
    unit: str
    head: tuple[HeadCell, ...]
    head_rows: int
    columns: int
    rows: tuple[ReportRow, ...]
    wordy: bool
    """Columns hold sentences, which wrap."""
    footnotes: tuple[str, ...]


def random_table(random: Random, number: int, rows: int, wordy: bool) -> ReportTable:
    """A table with about so many rows in its body; the first column is the stub."""
    head, head_rows, columns = _wordy_head(random) if wordy else _head(random)
    body = _wordy_rows(random, rows, columns) if wordy else _rows(random, rows, columns)
    title = f"{random.choice(('Table', 'Table', 'TABLE', 'No.'))} {number}. {_title(random)}"
    if random.random() < 0.1:
        title += "—Continued"
    return ReportTable(
        title,
        random.choice((*UNITS, "", "")),
        head,
        head_rows,
        columns,
        body,
        wordy,
        _footnotes(random),
    )


def _title(random: Random) -> str:
    by = ", ".join(random.sample(SUBJECTS, random.randint(1, 3)))
    first = random.randint(1980, 2003)
    return f"{phrase(random, 3)} by {by}: {first} to {first + random.randint(1, 9)}"


def _head(random: Random) -> tuple[tuple[HeadCell, ...], int, int]:
    """Headings in one to three levels, the deeper ones under groups of columns."""
    depth = random.choice((1, 1, 2, 2, 2, 3))
    if depth == 1:
        columns = random.randint(2, 8)
        leaves = _leaves(random, columns)
        names = ((0, c, 1, 1, leaf) for c, leaf in enumerate(leaves, 1))
        return (
            (HeadCell(0, 0, 1, 1, _stub_head(random)), *(HeadCell(*n) for n in names)),
            1,
            columns + 1,
        )
    widths = [random.choice((1, 2, 2, 3)) for _ in range(random.randint(2, 4))]
    if all(width == 1 for width in widths):
        widths[-1] = 3
    columns = sum(widths)
    top = depth - 2
    cells = [HeadCell(0, 0, depth, 1, _stub_head(random))]
    if top:
        cells.append(HeadCell(0, 1, 1, columns, phrase(random, 2)))
    column = 1
    for width in widths:
        if width == 1:
            cells.append(HeadCell(top, column, 2, 1, _leaves(random, 1)[0]))
        else:
            cells.append(HeadCell(top, column, 1, width, phrase(random, random.randint(1, 2))))
            leaves = _leaves(random, width)
            cells += [HeadCell(top + 1, column + i, 1, 1, t) for i, t in enumerate(leaves)]
        column += width
    return tuple(cells), depth, columns + 1


def _stub_head(random: Random) -> str:
    return random.choice(("", random.choice(SUBJECTS).capitalize(), phrase(random, 2)))


def _leaves(random: Random, count: int) -> list[str]:
    """Headings of single columns: years, short names or names of several words."""
    kind = random.choice(("years", "short", "long", "percent"))
    first = random.randint(1985, 2000)
    if kind == "years":
        return [str(first + i) for i in range(count)]
    if kind == "short":
        return random.sample(
            ("Total", "Male", "Female", "Urban", "Rural", "Public", "Private", "Other"), count
        )
    if kind == "percent":
        return [("Number", "Percent", "Rate")[i % 3] for i in range(count)]
    return [phrase(random, random.randint(2, 4)) for _ in range(count)]


def _wordy_head(random: Random) -> tuple[tuple[HeadCell, ...], int, int]:
    columns = random.randint(3, 4)
    names = [phrase(random, random.randint(1, 2)) for _ in range(columns)]
    return tuple(HeadCell(0, c, 1, 1, name) for c, name in enumerate(names)), 1, columns


def _wordy_rows(random: Random, rows: int, columns: int) -> tuple[ReportRow, ...]:
    """Rows of sentences; the last column may hold a year or an amount."""
    counted = random.random() < 0.5
    made = []
    for _ in range(max(3, rows // 3)):
        texts = [words(random, random.randint(4, 14)) for _ in range(columns - 1)]
        if counted:
            texts[-1] = f"{random.randint(1, 99):,}.{random.randint(0, 9)}"
        made.append(ReportRow(RowKind.DATA, words(random, random.randint(1, 4)), 0, tuple(texts)))
    return tuple(made)


def _rows(random: Random, count: int, columns: int) -> tuple[ReportRow, ...]:
    """Rows in groups: a total, names with indented ones below, sections between."""
    writer = _Values(random, columns - 1)
    years = random.random() < 0.2
    sections = not years and random.random() < 0.3
    headings = not years and random.random() < 0.5
    made: list[ReportRow] = []
    if random.random() < 0.6 and not sections and not years:
        label = random.choice(("Total", "United States", "All industries"))
        made.append(ReportRow(RowKind.DATA, label, random.choice((0, 0, 2)), writer.row(), True))
    year = random.randint(1960, 1990)
    while len(made) < count:
        if sections:
            made.append(
                ReportRow(
                    RowKind.SECTION, random.choice((phrase(random, 2), phrase(random, 1).upper()))
                )
            )
        level = 0
        if headings:
            made.append(ReportRow(RowKind.HEADING, f"{words(random, random.randint(1, 2))}:"))
            level = 1
        for _ in range(random.randint(3, 6)):
            label = str(year) if years else _label(random)
            year += 1
            made.append(ReportRow(RowKind.DATA, label, level, writer.row()))
            if not years and random.random() < 0.15:
                made += [
                    ReportRow(RowKind.DATA, _label(random), level + 1, writer.row())
                    for _ in range(random.randint(1, 3))
                ]
    return tuple(made)


def _label(random: Random) -> str:
    kind = random.random()
    if kind < 0.4:
        text = random.choice(PLACES)
    elif kind < 0.5:
        low = 5 * random.randint(1, 16)
        text = f"{low} to {low + 4} years"
    elif kind < 0.9:
        text = words(random, random.randint(1, 4))
    else:
        text = sentence(random, 9)[:-1]
    return text + random.choice(("",) * 9 + ("¹", "²", " 3/"))


class _Values:
    """Values of one table: every column of a kind, marks where there is none."""

    def __init__(self, random: Random, columns: int) -> None:
        self._random = random
        common = random.choice(("count", "count", "percent", "money"))
        mixed = random.random() < 0.4
        kinds = ("count", "percent", "money", "change")
        self._kinds = [random.choice(kinds) if mixed else common for _ in range(columns)]
        self._scale = [10 ** random.randint(2, 6) for _ in range(columns)]
        self._marks = random.choice(
            (("-", "(NA)"), ("–", "X"), ("—", "NA"), ("(D)", "(X)"), ("...", "(Z)"))
        )
        self._missing = random.choice((0.0, 0.03, 0.12))

    def row(self) -> tuple[str, ...]:
        return tuple(map(self._value, self._kinds, self._scale))

    def _value(self, kind: str, scale: int) -> str:
        random = self._random
        if random.random() < self._missing:
            return random.choice(self._marks)
        noted = random.choice(("",) * 40 + ("¹", "r "))
        amount = random.uniform(0.05, 1) * scale
        match kind:
            case "count":
                return f"{noted}{int(amount):,}"
            case "percent":
                return f"{noted}{random.uniform(0, 99):.1f}"
            case "money":
                return f"{noted}{amount / 10:,.2f}"
        return f"{random.uniform(-20, 20):+.1f}".replace("-", "–")


def _footnotes(random: Random) -> tuple[str, ...]:
    """What stands below a table, each of one line or more."""
    notes = []
    if random.random() < 0.4:
        notes.append("- Represents zero.   NA Not available.   X Not applicable.")
    for mark in ("¹", "²")[: random.randint(0, 2)]:
        notes.append(f"{mark} {sentence(random, random.randint(4, 30))}")
    if random.random() < 0.3:
        notes.append(f"NOTE: {sentence(random, random.randint(8, 40))}")
    if random.random() < 0.8:
        notes.append(f"Source: {sentence(random, random.randint(5, 16))}")
    return tuple(notes)
