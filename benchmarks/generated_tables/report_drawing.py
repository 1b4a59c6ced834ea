"""Draws a statistical report's table across a measure and keeps where every text went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate

from PIL import ImageDraw, ImageFont

from benchmarks.generated_tables.pen import Colour, Pen, break_lines
from benchmarks.generated_tables.report_style import Colours, ReportStyle, Uprights
from benchmarks.generated_tables.report_tables import HeadCell, ReportRow, ReportTable, RowKind
from table_restore.document import Alignment, Cell, Line, Table
from table_restore.geometry import Box

_INK: Colour = (0, 0, 0)
_PALE: Colour = (226, 232, 240)
_DARK: Colour = (40, 60, 100)
_WHITE: Colour = (255, 255, 255)
_LINE = 1.15  # from line to line within a cell, in em
_INDENT = 0.9
_GAP = 0.9  # the least room between columns, in em


@dataclass(frozen=True, slots=True)
class DrawnTable:
    """A table's truth, and its lines with the leaders that fill the stub."""

    table: Table
    lines: list[Line]


def draw_report_table(
    draw: ImageDraw.ImageDraw,
    pens: tuple[Pen, Pen],
    table: ReportTable,
    style: ReportStyle,
    measure: tuple[float, float],
    top: float,
) -> tuple[DrawnTable, float]:
    """The table from `top` on between the ends of `measure`, and the place where it ends."""
    drawing = _Drawing(draw, *pens, table, style, _columns(pens, table, style, measure), top)
    drawing.rules_above()
    drawing.head()
    drawing.body()
    return drawing.finish()


def _columns(
    pens: tuple[Pen, Pen], table: ReportTable, style: ReportStyle, measure: tuple[float, float]
) -> list[float]:
    """The edges of the columns: as wide as values and words of headings need, then stretched."""
    font, em = pens[1].font, style.em
    left, right = measure
    if table.wordy:
        shares = _longest_words(table, font, em)
        whole = max(right - left, sum(shares)) / (1.6 * table.columns - 0.6)
        shares = [max(s, (1.6 if c else 1.0) * whole) for c, s in enumerate(shares)]
    else:
        shares = _needs(table, font, em)
        stub = max(font.getlength(r.label) + r.level * _INDENT * em for r in table.rows)
        shares[0] = min(
            max(stub + em, 6 * em), max(0.35 * (right - left), right - left - sum(shares[1:]))
        )
        rest = right - left - sum(shares)
        shares = [
            s + max(0.0, rest) * (0.25 if c == 0 else 0.75 / (table.columns - 1))
            for c, s in enumerate(shares)
        ]
    scale = (right - left) / sum(shares)
    return [left, *(left + scale * s for s in accumulate(shares))]


def _needs(table: ReportTable, font: ImageFont.FreeTypeFont, em: int) -> list[float]:
    """How wide the columns must be for their values and the words of their headings."""
    needs = [0.0] * table.columns
    for row in table.rows:
        for c, value in enumerate(row.values, 1):
            needs[c] = max(needs[c], font.getlength(value))
    for cell in table.head:
        if cell.column_span == 1 and cell.column:
            longest = max(font.getlength(w) for w in cell.text.split(" "))
            needs[cell.column] = max(needs[cell.column], longest)
    return [need + _GAP * em for need in needs]


def _longest_words(table: ReportTable, font: ImageFont.FreeTypeFont, em: int) -> list[float]:
    """How wide columns of wrapped texts must be for their longest words."""
    columns = zip(*((row.label, *row.values) for row in table.rows), strict=True)
    return [max(font.getlength(w) for t in texts for w in t.split()) + em for texts in columns]


def fits(table: ReportTable, font: ImageFont.FreeTypeFont, em: int, width: float) -> bool:
    """Whether a table's columns find room beside its stub."""
    if table.wordy:
        return sum(_longest_words(table, font, em)) < 0.9 * width
    return sum(_needs(table, font, em)[1:]) < 0.75 * width


@dataclass(slots=True)
class _Drawing:
    """A table while it is being drawn, from the top down; `y` is how far it got."""

    draw: ImageDraw.ImageDraw
    regular: Pen
    bold: Pen
    table: ReportTable
    style: ReportStyle
    xs: list[float]
    y: float
    top: float = 0.0
    head_foot: float = 0.0
    ys: list[float] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    breaks: list[float] = field(default_factory=list)
    """Where sections' headings begin and end, which no upright line runs through."""
    leaders: dict[Line, Line] = field(default_factory=dict)
    """Names as they stand in cells, and the lines that they are with their leaders."""

    def rules_above(self) -> None:
        self.top = self.y
        for _ in range(self.style.top_rules):
            self._rule(self.xs[0], self.xs[-1], self.y)
            self.y += 6 if self.style.top_rules > 1 else 0

    def head(self) -> None:
        """The boxhead, its short rules, and the rule below it."""
        style, table = self.style, self.table
        step = _LINE * style.em
        pad = 0.35 * style.em
        texts = {cell: self._broken(cell) for cell in table.head}
        heights = [step + 2 * pad] * table.head_rows
        for cell in sorted(table.head, key=lambda c: c.row_span):
            need = len(texts[cell]) * step + 2 * pad
            missing = need - sum(heights[cell.row : cell.row + cell.row_span])
            heights[cell.row] += max(0.0, missing)
        starts = [self.y, *(self.y + h for h in accumulate(heights))]
        bar = style.colours in (Colours.BAR, Colours.BAR_AND_ROWS)
        if bar:
            self.draw.rectangle((self.xs[0], self.y, self.xs[-1], starts[-1]), fill=_DARK)
        for cell in table.head:
            self._head_cell(cell, texts[cell], starts, bar)
        self.ys = starts[:-1]
        self.y = self.head_foot = starts[-1]
        if style.rules:
            self._rule(self.xs[0], self.xs[-1], self.y)

    def _broken(self, cell: HeadCell) -> list[str]:
        room = self.xs[cell.column + cell.column_span] - self.xs[cell.column] - 0.5 * self.style.em
        return break_lines(cell.text, room, self.bold.font) if cell.text else []

    def _head_cell(self, cell: HeadCell, texts: list[str], starts: list[float], bar: bool) -> None:
        style = self.style
        step, right = _LINE * style.em, cell.column + cell.column_span
        x0, x1 = self.xs[cell.column], self.xs[right]
        y0, y1 = starts[cell.row], starts[cell.row + cell.row_span]
        low = style.head_low and cell.row_span > 1
        room = y1 - y0 - len(texts) * step
        first = y1 - 0.35 * style.em - len(texts) * step if low else y0 + room / 2
        lines = []
        for i, text in enumerate(texts):
            width = self.bold.font.getlength(text)
            flush = self.table.wordy or (cell.column == 0 and style.head_low)
            x = x0 + 0.2 * style.em if flush else (x0 + x1 - width) / 2
            baseline = first + style.em * (0.92 + _LINE * i)
            lines.append(self.bold.line(text, round(x), round(baseline), _WHITE if bar else _INK))
        row, span = cell.row, cell.row_span
        if lines and style.uprights is Uprights.NONE:
            # Without lines around it, a heading is in the rows in which it stands: a descender
            # that is over their edge tells nobody anything.
            little = 0.3 * style.em
            while span > 1 and lines[0].polygon.box.top > starts[row + 1] - little:
                row, span = row + 1, span - 1
            while span > 1 and lines[-1].polygon.box.bottom < starts[row + span - 1] + little:
                span -= 1
        self._add(
            Cell(
                row,
                cell.column,
                Box(x0, y0, x1, y1).polygon(),
                tuple(lines),
                span,
                cell.column_span,
                True,
            )
        )
        grouped = cell.column_span > 1 and cell.row + cell.row_span < self.table.head_rows
        if grouped and style.rules:
            inset = 0.0 if style.uprights is not Uprights.NONE else 0.4 * style.em
            self._rule(x0 + inset, x1 - (inset if right < self.table.columns else 0), y1)
        if style.uprights is not Uprights.NONE and cell.column:
            self._upright(x0, y0, y1)

    def body(self) -> None:
        """The rows, with blank lines and shades."""
        style = self.style
        self.y += 0.3 * style.em
        shaded = style.colours in (Colours.ROWS, Colours.BAR_AND_ROWS)
        for number, row in enumerate(self.table.rows):
            blank = style.blank_every and number and number % style.blank_every == 0
            if number and (blank or row.kind is RowKind.SECTION):
                self.y += 0.7 * style.em
            start = self.y
            self.ys.append(start)
            if shaded and number % 2:
                self._shade(row, start)
            if row.kind is RowKind.SECTION:
                self._section(row)
            elif self.table.wordy:
                self._wordy_row(row)
            else:
                self._row(row)
            if style.row_rules and number + 1 < len(self.table.rows):
                self._rule(self.xs[0], self.xs[-1], self.y)

    def _shade(self, row: ReportRow, start: float) -> None:
        lines = max(len(self._wrapped(text, c)) for c, text in enumerate((row.label, *row.values)))
        lines = lines if self.table.wordy else len(self._label_lines(row))
        end = start + self._height(lines)
        self.draw.rectangle((self.xs[0], start, self.xs[-1], end), fill=_PALE)

    def _height(self, lines: int) -> float:
        """Of a row with so many lines; rows of wrapped texts stand farther apart than lines."""
        parting = 0.55 if self.table.wordy else 0.0
        return self.style.em * (self.style.leading + _LINE * (lines - 1) + parting)

    def _baseline(self, start: float, line: int) -> float:
        ahead = (self.style.leading - 1) / 2 + (0.27 if self.table.wordy else 0.0)
        return start + self.style.em * (ahead + 0.88 + _LINE * line)

    def _section(self, row: ReportRow) -> None:
        text = row.label
        x = (self.xs[0] + self.xs[-1] - self.bold.font.getlength(text)) / 2
        line = self.bold.line(text, round(x), round(self._baseline(self.y, 0)), _INK)
        end = self.y + self._height(1)
        box = Box(self.xs[0], self.y, self.xs[-1], end)
        self.breaks += [self.y, end]
        self._add(Cell(len(self.ys) - 1, 0, box.polygon(), (line,), 1, self.table.columns))
        self.y = end

    def _label_lines(self, row: ReportRow) -> list[str]:
        em = self.style.em
        room = self.xs[1] - self.xs[0] - (row.level * _INDENT + 1.2) * em
        font = (self.bold if row.bold else self.regular).font
        if row.kind is RowKind.HEADING:
            room += 0.7 * em
        return break_lines(row.label, room, font)

    def _row(self, row: ReportRow) -> None:
        em, pen = self.style.em, self.bold if row.bold else self.regular
        labels = self._label_lines(row)
        end = self.y + self._height(len(labels))
        stub = []
        for i, text in enumerate(labels):
            x = self.xs[0] + em * (0.1 + row.level * _INDENT + (0.6 if i else 0))
            baseline = round(self._baseline(self.y, i))
            stub.append(pen.line(text, round(x), baseline, _INK))
        led = self.style.leaders and row.kind is RowKind.DATA
        dots = self._leader(labels[-1], pen, x) if led else ""
        if dots:
            self.leaders[stub[-1]] = pen.line(f"{labels[-1]} {dots}", round(x), baseline, _INK)
        number = len(self.ys) - 1
        self._add(Cell(number, 0, Box(self.xs[0], self.y, self.xs[1], end).polygon(), tuple(stub)))
        level = len(labels) - 1 if self.style.values_last else 0
        baseline = round(self._baseline(self.y, level))
        for c in range(1, self.table.columns):
            lines: tuple[Line, ...] = ()
            if row.values:
                text = row.values[c - 1]
                x = self._right(c) - pen.font.getlength(text)
                lines = (pen.line(text, round(x), baseline, _INK),)
            box = Box(self.xs[c], self.y, self.xs[c + 1], end)
            self._add(Cell(number, c, box.polygon(), lines, alignment=Alignment.RIGHT))
        self.y = end

    def _leader(self, text: str, pen: Pen, x: float) -> str:
        """Dots from a name up to the end of the stub."""
        room = self.xs[1] - 0.4 * self.style.em - x - pen.font.getlength(f"{text} ")
        dots = int(room / pen.font.getlength("."))
        return "." * dots if dots > 2 else ""

    def _right(self, column: int) -> float:
        """Where the values of a column end: its widest stands in the middle of the column."""
        font = self.bold.font
        widest = max(
            (font.getlength(r.values[column - 1]) for r in self.table.rows if r.values), default=0.0
        )
        return (self.xs[column] + self.xs[column + 1] + widest) / 2

    def _wrapped(self, text: str, column: int) -> list[str]:
        room = self.xs[column + 1] - self.xs[column] - 0.9 * self.style.em
        return break_lines(text, room, self.regular.font)

    def _wordy_row(self, row: ReportRow) -> None:
        texts = [self._wrapped(text, c) for c, text in enumerate((row.label, *row.values))]
        end = self.y + self._height(max(map(len, texts)))
        number = len(self.ys) - 1
        for c, parts in enumerate(texts):
            x = self.xs[c] + 0.2 * self.style.em
            lines = tuple(
                self.regular.line(part, round(x), round(self._baseline(self.y, i)), _INK)
                for i, part in enumerate(parts)
            )
            box = Box(self.xs[c], self.y, self.xs[c + 1], end)
            self._add(Cell(number, c, box.polygon(), lines))
        self.y = end

    def finish(self) -> tuple[DrawnTable, float]:
        """The rules below and down the table, and its truth."""
        self.y += 0.3 * self.style.em
        if self.style.rules:
            self._rule(self.xs[0], self.xs[-1], self.y)
        if self.style.uprights is Uprights.ALL:
            stops = [self.head_foot, *self.breaks, self.y]
            for x in self.xs[1:-1]:
                for top, bottom in zip(stops[::2], stops[1::2], strict=True):
                    self._upright(x, top, bottom)
        outline = Box(self.xs[0], self.top, self.xs[-1], self.y).polygon()
        table = Table(
            len(self.ys),
            self.table.columns,
            tuple(_tiled(self.cells, self.table.head_rows)),
            outline,
        )
        return DrawnTable(table, [self.leaders.get(line, line) for line in self.lines]), self.y

    def _add(self, cell: Cell) -> None:
        self.cells.append(cell)
        self.lines += cell.lines

    def _rule(self, left: float, right: float, y: float) -> None:
        self.draw.line((round(left), round(y), round(right), round(y)), fill=_INK, width=2)

    def _upright(self, x: float, top: float, bottom: float) -> None:
        self.draw.line((round(x), round(top), round(x), round(bottom)), fill=_INK, width=1)


def _tiled(cells: Iterable[Cell], head_rows: int) -> list[Cell]:
    """The cells, and blank ones above headings that stand only in the lower rows of theirs."""
    made = list(cells)
    taken = {
        (r, c)
        for cell in made
        for r in range(cell.row, cell.row + cell.row_span)
        for c in range(cell.column, cell.column + cell.column_span)
    }
    for cell in [cell for cell in made if cell.header]:
        for row in range(head_rows):
            for column in range(cell.column, cell.column + cell.column_span):
                if (row, column) not in taken:
                    taken.add((row, column))
                    made.append(Cell(row, column, cell.polygon, header=True))
    return sorted(made, key=lambda cell: (cell.row, cell.column))
