"""Headings, told from other lines by their size, their place, capitals and numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, median

from scanner.layout.evidence import count_words
from scanner.layout.page_frame import Piece, Row
from table_restore.document import Line

LARGE = 1.3
"""Text this many times higher than the page's is that of a heading."""

DOUBTFUL = 0.8
"""Words read with less confidence are handwriting, a signature mostly, and no heading."""

_NUMBERED = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2})*\.?|[IVX]+\.|[A-Z]\.|(?:chapter|section|part|appendix)\s\w+\.?:?)"
    r"\s+[^\W\d_]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one block; `opens` where white parts them from the rows above.

    They are `alone` where white parts them from those below too.
    """

    rows: tuple[Row, ...]
    opens: bool
    alone: bool

    @property
    def text(self) -> str:
        return " ".join(row.text for row in self.rows)


def is_heading(group: Group, following: Group | None, height: float, capitals: bool) -> bool:
    """Whether a block is a heading; `following` is the next one in its column.

    `height` is that of the page's text, `capitals` says that most of it is in capitals.
    """
    text = group.text
    letters = sum(character.isalpha() for character in text)
    pieces = [piece for row in group.rows for piece in row.pieces]
    if len(group.rows) > 3 or len(pieces) > len(group.rows) or any(p.across for p in pieces):
        return False
    if letters < 3 or 2 * letters < len(text.replace(" ", "")) or text.endswith((",", ";")):
        return False
    if text[:1].islower() or _confidence(pieces) < DOUBTFUL:
        return False
    if median(row.box.height for row in group.rows) > LARGE * height:
        return True
    if not group.opens or len(group.rows) > 2 or len(text) > 80 or text.endswith((".", ":", "?")):
        return False
    if is_numbered(text):
        return group.alone or (following is not None and not is_numbered(following.text))
    if not group.alone:
        return False
    if text.isupper():
        return not capitals
    return text[:1].isupper() and following is not None and _is_section(group, following)


def is_numbered(text: str) -> bool:
    """Whether a text begins with the number of a section, as "2.1 Methods"."""
    return _NUMBERED.match(text) is not None


def mostly_capitals(rows: Sequence[Row]) -> bool:
    """Whether most rows are in capitals, so that capitals mark no heading."""
    return 2 * sum(row.text.isupper() for row in rows) > len(rows)


def _confidence(pieces: Sequence[Piece]) -> float:
    """The mean over the words of lines, 1 where there are none."""
    lines = [piece.content for piece in pieces if isinstance(piece.content, Line)]
    words = [word.confidence for line in lines for word in line.words]
    return mean(words) if words else 1.0


def _is_section(group: Group, following: Group) -> bool:
    """Whether a paragraph of full lines follows a line that begins and is as wide as half of it."""
    if len(group.rows) > 1 or len(following.rows) < 3:
        return False
    title, body = group.rows[0].box, [row.box for row in following.rows]
    wide = title.width > 0.5 * max(box.width for box in body)
    flush = abs(title.left - min(box.left for box in body)) < title.height
    wordy = mean(count_words(row.text) for row in following.rows) >= 3
    return flush and not wide and wordy
