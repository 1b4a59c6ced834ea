"""Which recognised text should be looked at again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from table_restore.document import Line, Word
from table_restore.geometry import Polygon

# Words below this are marked. On clean scans right words lie above 0.95, wrong ones far below;
# a line's mean would hide one wrong character among many right ones.
LOW_CONFIDENCE = 0.9


@dataclass(frozen=True, slots=True)
class Doubt:
    """A cell of the workbook, where it is, and the word in it that is least certain.

    `outline` is that of the cell, or of the line of running text, on its page.
    """

    sheet: str
    place: str
    page: int
    text: str
    word: Word
    outline: Polygon


def doubtful_word(lines: Iterable[Line]) -> Word | None:
    """The least certain word of the lines, None where all are certain enough."""
    words = (word for line in lines for word in line.words if word.text.strip())
    least = min(words, key=lambda word: word.confidence, default=None)
    return least if least and least.confidence < LOW_CONFIDENCE else None
