"""Pages of statistical reports: prose, and tables between titles and footnotes, with their truth.

    page = generate_report(7)

The same seed gives the same page on one machine; fonts are those installed. What belongs to a
table follows what readers of such pages take for granted: titles, units, footnotes and sources
are outside, a heading stands in the rows in which its text does, and in all that rules leave it.
"""

from __future__ import annotations

from random import Random

import numpy as np
from PIL import Image, ImageDraw

from benchmarks.generated_tables.page import GeneratedPage
from benchmarks.generated_tables.pen import Pen, break_lines
from benchmarks.generated_tables.report_drawing import draw_report_table, fits
from benchmarks.generated_tables.report_style import (
    ReportStyle,
    Uprights,
    random_report_style,
    report_fonts,
)
from benchmarks.generated_tables.report_tables import random_table
from benchmarks.generated_tables.report_texts import paragraph, phrase, words
from benchmarks.generated_tables.style import Rulings, Style
from table_restore.document import Line, Table

_WIDTH, _HEIGHT = 1700, 2200
_LONGEST = 2 * _HEIGHT  # so long may a sheet be whose tables find no room on one of the usual size
_MARGIN = 150
_INK = (0, 0, 0)
_PROSE_LEADING = 1.25
_GUTTER = 50


def generate_report(seed: int) -> GeneratedPage:
    """The report page of that seed at 200 dpi, clean: letter size, longer where tables need it."""
    random = Random(seed)
    style = random_report_style(random)
    page = _Page(random, style)
    page.fill()
    lines = sorted(page.lines, key=lambda line: (line.polygon.box.top, line.polygon.box.left))
    lowest = max(line.polygon.box.bottom for line in lines)
    height = min(_LONGEST, max(_HEIGHT, round(lowest) + _MARGIN))
    pixels = np.array(page.image)[:height]
    return GeneratedPage(pixels, tuple(page.tables), tuple(lines), _as_style(style))


def _as_style(style: ReportStyle) -> Style:
    """The nearest of the styles that all generated pages have."""
    rulings = Rulings.THREE_LINE if style.rules else Rulings.NONE
    if style.uprights is Uprights.ALL:
        rulings = Rulings.COLUMNS
    elif style.row_rules:
        rulings = Rulings.HORIZONTAL
    return Style(tables=style.tables, rulings=rulings, em=style.em, wrapped_column=style.wordy)


class _Page:
    """Fills a page from the top down."""

    def __init__(self, random: Random, style: ReportStyle) -> None:
        self.random, self.style = random, style
        self.image = Image.new("RGB", (_WIDTH, _LONGEST), (255, 255, 255))
        self.draw = ImageDraw.Draw(self.image)
        self.lines: list[Line] = []
        self.tables: list[Table] = []
        self._prose_em = style.em + random.choice((0, 2, 4))
        regular, bold = report_fonts(style.family, style.em)
        prose, heading = report_fonts(random.randrange(2), self._prose_em)
        self._regular, self._bold = Pen(self.draw, regular), Pen(self.draw, bold)
        self._prose, self._heading = Pen(self.draw, prose), Pen(self.draw, heading)
        self._notes = Pen(self.draw, report_fonts(style.family, round(0.85 * style.em))[0])
        self._number = random.randint(1, 60)
        self._justified = random.random() < 0.5

    def fill(self) -> None:
        """Draw everything; a table that finds no room any more is left out, but not the first."""
        style, random = self.style, self.random
        left, right = float(_MARGIN), float(_WIDTH - _MARGIN)
        self._running_head(left, right)
        top = 200.0
        if style.side_notes:
            self._side_notes(left, top)
            left += 320
        if style.two_columns:
            self._two_columns(left, right, top)
            return
        if random.random() < 0.5:
            top = self._draw_prose(left, right, top, random.randint(2, 5))
        for _ in range(style.tables):
            top = self._table(left, right, top)
            if random.random() < 0.6:
                top = self._draw_prose(left, right, top, random.randint(2, 5))

    def _two_columns(self, left: float, right: float, top: float) -> None:
        """A table across both columns of prose, or one in each."""
        middle = (left + right) / 2
        halves = ((left, middle - _GUTTER / 2), (middle + _GUTTER / 2, right))
        if self.random.random() < 0.5:
            top = self._table(left, right, top)
            for half in halves:
                self._draw_prose(*half, top, self.random.randint(4, 12))
            return
        for half in halves:
            at = self._draw_prose(*half, top, self.random.randint(2, 8))
            at = self._table(*half, at)
            self._draw_prose(*half, at, self.random.randint(2, 8))

    def _running_head(self, left: float, right: float) -> None:
        text = phrase(self.random, 4)
        self.lines.append(self._notes.line(text, left, 110, _INK))
        number = str(self.random.randint(1, 400))
        self.lines.append(self._notes.line(number, right - 60, 110, _INK))

    def _side_notes(self, left: float, top: float) -> None:
        for y in range(round(top) + 60, _HEIGHT - 400, self.random.randint(350, 700)):
            for i, text in enumerate(break_lines(words(self.random, 7), 260, self._heading.font)):
                baseline = y + i * _PROSE_LEADING * self._prose_em
                self.lines.append(self._heading.line(text, left, round(baseline), _INK))

    def _draw_prose(self, left: float, right: float, top: float, sentences: int) -> float:
        """A paragraph from `top` on; where it ends, and some room below."""
        font, em = self._prose.font, self._prose_em
        texts = break_lines(paragraph(self.random, sentences), right - left, font)
        y = top + em
        for i, text in enumerate(texts):
            if y > _HEIGHT - _MARGIN:
                break
            gaps = text.count(" ")
            short = right - left - font.getlength(text)
            stretch = short / gaps if self._justified and gaps and i < len(texts) - 1 else 0.0
            self.lines.append(self._prose.line(text, left, round(y), _INK, stretch))
            y += _PROSE_LEADING * em
        return y + self.random.uniform(0.6, 2.0) * em

    def _table(self, left: float, right: float, top: float) -> float:
        """A table with its title and notes; where it ends, and some room below."""
        style, random = self.style, self.random
        step = 1.2 * style.em
        room = int((_HEIGHT - _MARGIN - top) / (style.leading * style.em)) - 16
        if room < 5 and self.tables:
            return top
        rows = max(4, min(style.rows, room))
        table = random_table(random, self._number, rows, style.wordy)
        while not fits(table, self._bold.font, style.em, right - left):
            table = random_table(random, self._number, rows, style.wordy)
        self._number += 1
        y = self._centred(
            self._bold,
            break_lines(table.title, right - left, self._bold.font),
            left,
            right,
            top + style.em,
        )
        if table.unit:
            unit = break_lines(table.unit, right - left, self._notes.font)
            y = self._centred(self._notes, unit, left, right, y)
        y = y - style.em + random.uniform(0.2, 0.9) * style.em
        drawn, y = draw_report_table(
            self.draw, (self._regular, self._bold), table, style, (left, right), y
        )
        self.tables.append(drawn.table)
        self.lines += drawn.lines
        y += 1.3 * style.em
        for note in table.footnotes:
            for text in break_lines(note, right - left, self._notes.font):
                self.lines.append(self._notes.line(text, left, round(y), _INK))
                y += step
        return y + random.uniform(1.0, 3.0) * style.em

    def _centred(self, pen: Pen, texts: list[str], left: float, right: float, y: float) -> float:
        """Lines at the left or, where the style has it so, in the middle; the next base line."""
        for text in texts:
            room = right - left - pen.font.getlength(text)
            x = left + max(0.0, room) / 2 if self.style.centred_title else left
            self.lines.append(pen.line(text, round(x), round(y), _INK))
            y += 1.2 * self.style.em
        return y
