"""The frame in which a page's text runs from left to right and from top to bottom."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from table_restore.document import Line, Table, Word
from table_restore.geometry import Box, Point, Polygon
from table_restore.upright import Upright, find_upright

_VERTICAL_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Frame:
    """Turns page points so that lines lie level and the first line read is on top.

    Vertical writing, whose lines run down and follow each other from right to left, becomes
    horizontal by a quarter turn, so that everything after needs to know one direction only.
    """

    upright: Upright
    quarter: bool
    width: int

    def box(self, polygon: Polygon) -> Box:
        """The box around a page polygon in this frame."""
        return polygon.map(self._turn).box if self.quarter else self.upright.box(polygon)

    def polygon(self, box: Box) -> Polygon:
        """The page polygon of a box of this frame."""
        if self.quarter:
            return box.polygon().map(self._turn_back)
        return self.upright.polygon(box)

    def _turn(self, point: Point) -> Point:
        return point[1], self.width - point[0]

    def _turn_back(self, point: Point) -> Point:
        return self.width - point[1], point[0]


@dataclass(frozen=True, slots=True)
class Piece:
    """A line or a table in the frame of its page; `box` is in that frame.

    `across` says of a line that it runs up or down in the frame.
    """

    box: Box
    content: Line | Table
    across: bool = False

    @property
    def text(self) -> str:
        return self.content.text if isinstance(self.content, Line) else ""


def place(frame: Frame, content: Line | Table) -> Piece:
    """A line or a table of the page in the frame."""
    across = isinstance(content, Line) and is_vertical(content) != frame.quarter
    return Piece(frame.box(content.polygon), content, across)


def find_frame(lines: Sequence[Line], width: int, height: int) -> Frame:
    """The frame of a page of `width` x `height` pixels."""
    vertical = sum(len(line.text) for line in lines if is_vertical(line) and has_cjk(line.text))
    total = sum(len(line.text) for line in lines)
    quarter = vertical > _VERTICAL_SHARE * total
    return Frame(find_upright(lines, width, height), quarter, width)


def is_vertical(line: Line) -> bool:
    """Whether a line's text runs up or down the page."""
    (x0, y0), (x1, y1) = line.polygon.points[:2]
    return abs(y1 - y0) > abs(x1 - x0)


def has_cjk(text: str) -> bool:
    """Whether half of a text or more is Chinese characters or kana."""
    return 2 * sum(is_cjk(character) for character in text) >= len(text) > 0


def is_cjk(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def join(frame: Frame, pieces: Sequence[Piece]) -> Piece:
    """One line of the words of several, in the order given."""
    words: list[Word] = []
    for piece in pieces:
        if isinstance(piece.content, Line):
            words += piece.content.words
    box = Box.around(piece.box for piece in pieces)
    return Piece(box, Line(tuple(words), frame.polygon(box)))
