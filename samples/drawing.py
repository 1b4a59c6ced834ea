"""A sheet of paper to draw on, which remembers where every word's ink went.

Positions and widths are in millimetres from the top left corner, type sizes, leadings and the
widths of rules in points. The truth is kept in pixels of the clean, upright sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from samples import fonts
from table_restore.document import Alignment, Block, BlockKind, Item, Line, Word
from table_restore.geometry import Box, Polygon

Colour = tuple[int, int, int]

A4 = (210.0, 297.0)
BLACK: Colour = (24, 24, 28)
MM_PER_POINT = 25.4 / 72
# Antialiased pixels count as ink from this coverage on (0 to 255).
_INK = 96


@dataclass(frozen=True, slots=True)
class Style:
    """How text is set."""

    family: str = "sans"
    size: float = 10.0
    bold: bool = False
    italic: bool = False
    colour: Colour = BLACK

    def but(self, **changes: object) -> Style:
        return replace(self, **changes)  # type: ignore[arg-type]


class Sheet:
    """A blank page of `width` x `height` millimetres at `dpi` pixels an inch."""

    def __init__(
        self,
        width: float = A4[0],
        height: float = A4[1],
        dpi: int = 200,
        paper: Colour = (255, 255, 255),
    ) -> None:
        self.dpi = dpi
        self.image = Image.new("RGB", (round(self.px(width)), round(self.px(height))), paper)
        self.items: list[Item] = []
        self._draw = ImageDraw.Draw(self.image)

    def px(self, millimetres: float) -> float:
        return millimetres * self.dpi / 25.4

    def mm(self, pixels: float) -> float:
        return pixels * 25.4 / self.dpi

    # Text

    def measure(self, text: str, style: Style) -> float:
        """The advance width of `text` in millimetres."""
        return self.mm(self._font(style).getlength(text))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        style: Style,
        align: Alignment = Alignment.LEFT,
        word_space: float | None = None,
    ) -> Line:
        """Set one line with its base line at `y`; `x` is its left edge, centre or right edge."""
        space = self.measure(" ", style) if word_space is None else word_space
        words = text.split()
        widths = [self.measure(word, style) for word in words]
        total = sum(widths) + space * (len(words) - 1)
        x -= {Alignment.LEFT: 0.0, Alignment.CENTER: total / 2, Alignment.RIGHT: total}[align]
        set_words = []
        for word, width in zip(words, widths, strict=True):
            ink = self._print(self.px(x), self.px(y), word, style, "ls")
            set_words.append(Word(word, ink.polygon(), 1.0))
            x += width + space
        return line_of(set_words)

    def vertical(self, x: float, y: float, text: str, style: Style, pitch: float = 1.12) -> Line:
        """Set one column of upright characters downwards from `y`, centred on `x`."""
        step = style.size * MM_PER_POINT * pitch
        inks = [
            self._print(self.px(x), self.px(y + (i + 0.5) * step), character, style, "mm")
            for i, character in enumerate(text)
        ]
        ink = Box.around(inks)
        # In reading direction the column's right edge is the top of the line.
        outline = Polygon(
            (
                (ink.right, ink.top),
                (ink.right, ink.bottom),
                (ink.left, ink.bottom),
                (ink.left, ink.top),
            )
        )
        return Line((Word(text, outline, 1.0),), outline)

    def wrap(self, text: str, style: Style, width: float) -> list[str]:
        """Break `text` at spaces so that no line is wider than `width` millimetres."""
        lines: list[str] = []
        for word in text.split():
            if lines and self.measure(f"{lines[-1]} {word}", style) <= width:
                lines[-1] += f" {word}"
            else:
                lines.append(word)
        return lines

    def wrap_characters(self, text: str, style: Style, width: float) -> list[str]:
        """Break Chinese or Japanese text so that no line is wider than `width`."""
        lines = [""]
        for character in text:
            closing = character in "、。，．：；）」』！？"
            if self.measure(lines[-1] + character, style) > width and not closing:
                lines.append("")
            lines[-1] += character
        return lines

    # Rules and grounds

    def rule(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        weight: float = 0.5,
        colour: Colour = BLACK,
    ) -> None:
        """An upright or level rule `weight` points thick, centred on its position."""
        half = max(self.px(weight * MM_PER_POINT), 1.0) / 2
        x0, x1 = sorted((self.px(start[0]), self.px(end[0])))
        y0, y1 = sorted((self.px(start[1]), self.px(end[1])))
        self._fill(Box(x0 - half, y0 - half, x1 + half, y1 + half), colour)

    def ground(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """A filled rectangle."""
        self._fill(Box(self.px(x), self.px(y), self.px(x + width), self.px(y + height)), colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """A filled circle around (x, y)."""
        left, top = self.px(x - radius), self.px(y - radius)
        self._draw.ellipse((left, top, self.px(x + radius), self.px(y + radius)), fill=colour)

    # Truth

    def add(self, kind: BlockKind, lines: Sequence[Line]) -> None:
        """Note the lines as the next block in reading order."""
        outline = Box.around(line.polygon.box for line in lines).polygon()
        self.items.append(Block(kind, tuple(lines), outline))

    def _font(self, style: Style) -> ImageFont.FreeTypeFont:
        pixels = style.size * self.dpi / 72
        return fonts.load(style.family, style.bold, style.italic, pixels)

    def _print(self, x: float, y: float, text: str, style: Style, anchor: str) -> Box:
        """Print `text` at pixel (x, y) and return the box of its ink."""
        font = self._font(style)
        left, top, right, bottom = font.getbbox(text, anchor=anchor)
        margin = 3
        x0, y0 = int(x + left) - margin, int(y + top) - margin
        size = (int(right - left) + 2 * margin + 2, int(bottom - top) + 2 * margin + 2)
        mask = Image.new("L", size, 0)
        ImageDraw.Draw(mask).text((x - x0, y - y0), text, fill=255, font=font, anchor=anchor)
        self.image.paste(style.colour, (x0, y0), mask)
        ys, xs = np.nonzero(np.asarray(mask) >= _INK)
        if not len(xs):
            raise ValueError(f"{text!r} leaves no ink")
        return Box(
            float(x0 + xs.min()),
            float(y0 + ys.min()),
            float(x0 + xs.max() + 1),
            float(y0 + ys.max() + 1),
        )

    def _fill(self, box: Box, colour: Colour) -> None:
        left, top = round(box.left), round(box.top)
        right, bottom = max(round(box.right), left + 1), max(round(box.bottom), top + 1)
        self._draw.rectangle((left, top, right - 1, bottom - 1), fill=colour)


class Column:
    """Running text set from the top of a column downwards; `y` is where the next line goes."""

    def __init__(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        self.sheet = sheet
        self.x = x
        self.y = y
        self.width = width

    def gap(self, millimetres: float) -> None:
        self.y += millimetres

    def block(
        self,
        kind: BlockKind,
        text: str | Iterable[str],
        style: Style,
        *,
        leading: float | None = None,
        align: Alignment = Alignment.LEFT,
        justify: bool = False,
        after: float = 0.0,
    ) -> None:
        """Set a block: a string is broken into lines, a list of strings is lines as they are.

        `leading` is the distance of base lines in points (1.25 times the size by default).
        """
        broken = isinstance(text, str)
        texts = self.sheet.wrap(text, style, self.width) if isinstance(text, str) else list(text)
        step = (leading or style.size * 1.25) * MM_PER_POINT
        x = (
            self.x
            + {
                Alignment.LEFT: 0.0,
                Alignment.CENTER: self.width / 2,
                Alignment.RIGHT: self.width,
            }[align]
        )
        lines = []
        for number, line in enumerate(texts, 1):
            self.y += step
            fill = justify and broken and number < len(texts) and " " in line
            space = self._filling_space(line, style) if fill else None
            lines.append(self.sheet.text(x, self.y, line, style, align, space))
        self.sheet.add(kind, lines)
        self.y += after

    def heading(self, text: str | Iterable[str], style: Style, **options: object) -> None:
        self.block(BlockKind.HEADING, text, style, **options)  # type: ignore[arg-type]

    def paragraph(self, text: str | Iterable[str], style: Style, **options: object) -> None:
        self.block(BlockKind.PARAGRAPH, text, style, **options)  # type: ignore[arg-type]

    def _filling_space(self, line: str, style: Style) -> float:
        """The word space that makes a line as wide as the column."""
        words = line.split()
        ink = sum(self.sheet.measure(word, style) for word in words)
        return (self.width - ink) / (len(words) - 1)


def line_of(words: Sequence[Word]) -> Line:
    """A level line around its words."""
    return Line(tuple(words), Box.around(word.polygon.box for word in words).polygon())
