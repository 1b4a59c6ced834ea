"""The logical side of a generated table: which cells there are, and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from benchmarks.generated_tables.style import Rulings, Style
from benchmarks.generated_tables.texts import VALUE_KINDS, value, words


class Justify(StrEnum):
    """How a column's text stands; DECIMAL lines up the decimal marks."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    DECIMAL = "decimal"


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell and its text, which may still have to be broken into lines."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    justify: Justify
    header: bool

    @property
    def slots(self) -> Iterator[tuple[int, int]]:
        for row in range(self.row, self.row + self.row_span):
            for column in range(self.column, self.column + self.column_span):
                yield row, column


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells that tile `rows` x `columns`, ordered by row and column."""

    rows: int
    columns: int
    header_rows: int
    cells: tuple[GridCell, ...]
    wrapped_column: int | None

    def owners(self) -> dict[tuple[int, int], GridCell]:
        """The cell that covers each (row, column) slot."""
        return {slot: cell for cell in self.cells for slot in cell.slots}


Span = tuple[int, int, int, int]


def random_grid(random: Random, style: Style) -> Grid:
    """A table whose structure a person can tell from what `style` will have drawn.

    Every row and column has a cell that starts in it. Where rulings do not show every edge,
    only headings span, each body row has texts in its first two columns (with one alone it might
    be a section's heading), and each column has a heading and a last text.
    """
    spans = {(s[0], s[1]): s for s in _spans(random, style)}
    taken = {slot for s in spans.values() for slot in _slots(s)}
    for row in range(style.rows):
        for column in range(style.columns):
            if (row, column) not in taken:
                spans[row, column] = (row, column, 1, 1)

    wrapped = random.randrange(style.columns) if style.wrapped_column else None
    empty = random.randrange(1, style.columns) if style.empty_column else None
    writer = _Writer(random, style, wrapped, empty)
    cells = tuple(writer.cell(spans[key]) for key in sorted(spans))
    return Grid(style.rows, style.columns, style.header_rows, cells, wrapped)


def _spans(random: Random, style: Style) -> list[Span]:
    """The cells that span more than a slot, as (row, column, row span, column span)."""
    chosen: list[Span] = []
    if style.header_rows == 2:
        chosen += _header_groups(random, style)
    body = range(style.header_rows + 1, style.rows - 1)
    for row in random.sample(body, min(style.section_rows, len(body) // 3)):
        if not any(abs(row - s[0]) < 2 for s in chosen if s[3] == style.columns):
            chosen.append((row, 0, 1, style.columns))
    if style.rulings.shows_every_edge:
        if style.row_groups:
            for row in range(style.header_rows, style.rows - 1, 3):
                _add_if_possible((row, 0, random.choice((2, 3)), 1), chosen, style)
        if style.merged:
            for _ in range(random.randint(1, 5)):
                row = random.randrange(style.header_rows, style.rows)
                column = random.randrange(style.columns)
                shape = random.choice(((1, 2), (2, 1), (2, 2), (1, 3), (3, 1)))
                _add_if_possible((row, column, *shape), chosen, style)
    return chosen


def _header_groups(random: Random, style: Style) -> list[Span]:
    """Group headings over two or three columns; other columns' headings span both rows."""
    groups: list[Span] = [(0, 0, 2, 1)]
    column = 1
    while column < style.columns:
        left = style.columns - column
        width = random.choice((1, 2, 2, 3))
        if width == 1 or left == 1:
            groups.append((0, column, 2, 1))
            width = 1
        else:
            width = min(width, left)
            groups.append((0, column, 1, width))
        column += width
    if all(s[2] == 2 for s in groups):
        groups = [*groups[:-2], (0, style.columns - 2, 1, 2)] if style.columns > 2 else []
    return groups


def _add_if_possible(span: Span, chosen: list[Span], style: Style) -> None:
    """Append `span` unless it leaves the grid, overlaps, or hides a row's or column's edge."""
    row, column, row_span, column_span = span
    if row + row_span > style.rows or column + column_span > style.columns:
        return
    taken = {slot for s in chosen for slot in _slots(s)}
    if taken & set(_slots(span)):
        return
    inside = {slot: s[:2] for s in (*chosen, span) for slot in _slots(s)}
    starts = [inside.get((r, c), (r, c)) for r in range(style.rows) for c in range(style.columns)]
    if len({r for r, _ in starts}) == style.rows and len({c for _, c in starts}) == style.columns:
        chosen.append(span)


def _slots(span: Span) -> Iterator[tuple[int, int]]:
    row, column, row_span, column_span = span
    for r in range(row, row + row_span):
        for c in range(column, column + column_span):
            yield r, c


class _Writer:
    """Puts texts into cells, one kind of value and one alignment a column."""

    def __init__(
        self, random: Random, style: Style, wrapped: int | None, empty: int | None
    ) -> None:
        self._random, self._style = random, style
        self._wrapped, self._empty = wrapped, empty
        self._kinds = ["words"]
        for _ in range(1, style.columns):
            self._kinds.append(random.choice(("words", *VALUE_KINDS)))
        if wrapped is not None:
            self._kinds[wrapped] = "words"
        self._justify = [self._justify_for(kind) for kind in self._kinds]
        self._justify[0] = Justify.LEFT

    def _justify_for(self, kind: str) -> Justify:
        if kind == "decimal":
            return self._random.choice((Justify.DECIMAL, Justify.RIGHT))
        if kind == "words":
            return self._random.choice((Justify.LEFT, Justify.LEFT, Justify.CENTER))
        return self._random.choice((Justify.RIGHT, Justify.RIGHT, Justify.CENTER, Justify.LEFT))

    def cell(self, span: Span) -> GridCell:
        row, column, row_span, column_span = span
        header = row < self._style.header_rows
        justify = self._justify[column]
        if column_span > 1 or (header and self._style.rulings is not Rulings.NONE):
            justify = Justify.CENTER
        elif header and justify is Justify.DECIMAL:
            justify = Justify.RIGHT
        text = self._text(span, header)
        return GridCell(row, column, row_span, column_span, text, justify, header)

    def _text(self, span: Span, header: bool) -> str:
        row, column, _, column_span = span
        random, style = self._random, self._style
        if header:
            return (
                ""
                if column == self._empty
                else words(random, style.script, random.choice((1, 1, 2)))
            )
        if column_span == style.columns:
            # A short one in the middle column, with no line around it, might be that column's.
            within = style.columns % 2 and not style.rulings.shows_every_edge
            return words(random, style.script, 5 if within else 2)
        if column == self._empty:
            return ""
        shown = style.rulings.shows_every_edge
        must_speak = column < 2 or column == self._wrapped or row + 1 == style.rows
        if random.random() < style.empty_share and (shown or not must_speak):
            return ""
        if column == self._wrapped:
            return words(random, style.script, random.randint(3, 9))
        if self._kinds[column] == "words" or column_span > 1:
            return words(random, style.script, random.choice((1, 1, 2)))
        return value(random, self._kinds[column])
