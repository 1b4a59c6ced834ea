"""Sets lines of text on a picture and reports where every character went."""

from __future__ import annotations

from PIL import ImageDraw, ImageFont

from benchmarks.generated_tables.style import Script
from table_restore.document import Character, Line, Word
from table_restore.geometry import Box

Colour = tuple[int, int, int]


class Pen:
    """Draws with one font; words of a line may be drawn wider apart than by a space."""

    def __init__(self, draw: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont) -> None:
        self.draw, self.font = draw, font

    def line(
        self, text: str, x: float, baseline: float, colour: Colour, stretch: float = 0.0
    ) -> Line:
        """Draw `text` from `x` on, `stretch` pixels more between words; its height is its ink's."""
        left, top, right, bottom = self.font.getbbox(text, anchor="ls")
        y0, y1 = baseline + top, baseline + bottom
        found: list[Word] = []
        start = 0
        for count, word in enumerate(text.split(" ")):
            shift = x + count * stretch
            stops = [
                shift + self.font.getlength(text[:i]) for i in range(start, start + len(word) + 1)
            ]
            characters = tuple(
                Character(glyph, Box(a, y0, max(a, b), y1).polygon(), 1.0)
                for glyph, a, b in zip(word, stops, stops[1:], strict=False)
            )
            if stretch:
                self.draw.text((stops[0], baseline), word, fill=colour, font=self.font, anchor="ls")
            found.append(Word(word, Box(stops[0], y0, stops[-1], y1).polygon(), 1.0, characters))
            start += len(word) + 1
        if not stretch:
            self.draw.text((x, baseline), text, fill=colour, font=self.font, anchor="ls")
        ink = Box(x + left, y0, x + right + stretch * text.count(" "), y1)
        return Line(tuple(found), ink.polygon())


def break_lines(
    text: str, width: float, font: ImageFont.FreeTypeFont, script: Script = Script.LATIN
) -> list[str]:
    """Lines of at most `width` pixels where that can be; Chinese breaks anywhere."""
    joint = "" if script is Script.CHINESE else " "
    lines: list[str] = []
    for piece in text if script is Script.CHINESE else text.split(" "):
        longer = f"{lines[-1]}{joint}{piece}" if lines else piece
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(piece)
    return lines
