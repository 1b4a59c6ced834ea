"""The fonts of a Word file: of the kind and the size that the scan is printed in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from table_restore.document import Block, BlockKind, Document, Line, Page
from table_restore.export.characters import display_width, is_east_asian
from table_restore.export.measures import extent

TYPEWRITER = "Courier New"
TIMES = "Times New Roman"

SLENDER = 0.9
"""Digits of Times are so wide beside Arial's."""

INK_SHARE = 0.9
"""Of a font's size, that the ink of a line is high; without one that goes below the line it is
`RISE`, without one that is tall `DROP`, and with neither `LOW`."""

RISE, DROP, LOW = 0.7, 0.68, 0.48

_BELOW = frozenset("gjpqyçQJ,;()[]{}|@§/$")
_LOW = frozenset("acemnorsuvwxzgpqy.,:;-–—~…")

SMALLEST, LARGEST = 7.0, 14.0
"""The sizes in points that running text is given."""

EVEN = 0.015
"""Letters of one width, a typewriter's, differ by less than this share from line to line."""

NARROW = 0.425
"""Letters of a narrower mean width than this share of their size are those of a book."""

LONG_LINE = 15
"""Lines of so many letters tell how wide letters are."""

FEW_LINES = 5
"""Fewer such lines tell no font."""


@dataclass(frozen=True, slots=True)
class Font:
    """A font, its size in points, and the mean width of its letters as a share of the size.

    `printed` is the size in points that the height of the scan's letters tells.

    The fonts are everywhere at hand, or Liberation's of the same widths in their place.
    """

    name: str
    size: float
    letter: float
    printed: float

    @property
    def in_tables(self) -> float:
        """How wide letters and digits of tables are beside Arial's, which typewriters' get too."""
        return SLENDER if self.name == TIMES else 1.0


def body_font(document: Document, scale: Callable[[Page], float]) -> Font:
    """The font of most of the running text; `scale` is a page's points in a pixel.

    Typewritten text gets a font that takes the width it took; other text is told by how wide its
    letters are for their height.
    """
    paragraphs = [
        (line, scale(page))
        for page in document.pages
        for item in page.items
        if isinstance(item, Block) and item.kind is BlockKind.PARAGRAPH
        for line in item.lines
    ]
    sizes = [letter_size(line, points) for line, points in paragraphs]
    printed = median(sizes) if sizes and median(sizes) > 0 else 11.0
    size = min(max(printed, SMALLEST), LARGEST)
    widths = _letter_widths(paragraphs)
    if len(widths) < FEW_LINES:
        return Font("Arial", size, 0.5, printed)
    width = median(widths)
    if median(abs(each - width) for each in widths) < EVEN * width:
        return Font(TYPEWRITER, min(max(width / 0.6, SMALLEST), LARGEST), 0.6, printed)
    if width < NARROW * printed:
        return Font(TIMES, size, 0.43, printed)
    return Font("Arial", size, 0.5, printed)


def letter_size(line: Line, scale: float) -> float:
    """The size in points that the height of a line's ink tells; `scale` is points in a pixel."""
    below = any(character in _BELOW or is_east_asian(character) for character in line.text)
    tall = any(character not in _LOW for character in line.text if not character.isspace())
    share = (INK_SHARE if below else RISE) if tall else (DROP if below else LOW)
    return extent(line.polygon)[1] * scale / share


def east_asian_font(lines: Iterable[Line]) -> tuple[str, str]:
    """Font and language for wide characters: Japanese where there is kana, else Chinese."""
    if any("\u3041" <= c <= "\u30ff" for line in lines for c in line.text):
        return "Yu Gothic", "ja-JP"
    return "Microsoft YaHei", "zh-CN"


def _letter_widths(lines: Sequence[tuple[Line, float]]) -> list[float]:
    """The mean width in points of each long line's letters, lines with wide ones left out."""
    return [
        extent(line.polygon)[0] * points / len(line.text)
        for line, points in lines
        if len(line.text) >= LONG_LINE and display_width(line.text) == len(line.text)
    ]
