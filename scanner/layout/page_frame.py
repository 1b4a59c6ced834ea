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


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A line or a table in the frame of its page; `box` is in that frame.

    `across` says of a line that it runs up or down in the frame; `whole` is the line that it
    is a part of, where it is one.
    """

    box: Box
    content: Line | Table
    across: bool = False
    whole: Line | None = None

    @property
    def text(self) -> str:
        return self.content.text if isinstance(self.content, Line) else ""


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """Pieces on one base line that are read from left to right, and the box around them."""

    pieces: tuple[Piece, ...]
    box: Box

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)


def row_of(pieces: Sequence[Piece]) -> Row:
    return Row(tuple(pieces), Box.around(piece.box for piece in pieces))


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


def take_apart(piece: Piece, frame: Frame, gap: float) -> list[Piece]:
    """The parts of a line between blanks of at least `gap` pixels, each as high as the line.

    A detector sometimes takes the cells of a row, or level lines of two columns, for one line.
    """
    line = piece.content
    if not isinstance(line, Line) or piece.across:
        return [piece]
    runs: list[list[tuple[Word, Box]]] = []
    for word in line.words:
        box = frame.box(word.polygon)
        if runs and box.left - runs[-1][-1][1].right < gap:
            runs[-1].append((word, box))
        else:
            runs.append([(word, box)])
    if len(runs) == 1:
        return [piece]
    parts = []
    for run in runs:
        left, right = min(box.left for _, box in run), max(box.right for _, box in run)
        box = Box(left, piece.box.top, right, piece.box.bottom)
        parts.append(Piece(box, _line(frame, [word for word, _ in run], box), whole=line))
    return parts


def join(frame: Frame, pieces: Sequence[Piece]) -> Piece:
    """One line of the words of several, in the order given; a line taken apart is whole again."""
    words: list[Word] = []
    for piece in pieces:
        if isinstance(piece.content, Line):
            words += piece.content.words
    box = Box.around(piece.box for piece in pieces)
    whole = pieces[0].whole
    if whole is not None and whole.words == tuple(words):
        return Piece(box, whole)
    return Piece(box, _line(frame, words, box))


def _line(frame: Frame, words: Sequence[Word], box: Box) -> Line:
    return Line(tuple(words), frame.polygon(box))
