"""What a scan became: words in lines, lines in blocks and cells, cells in tables, pages.

Polygons are in float pixels of one image, the same for a whole page: the rectified page while
a page is being worked on, the source image in a finished `Document`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from table_restore.geometry import Point, Polygon
from table_restore.svg import Shape, draw_svg


class BlockKind(StrEnum):
    """What a block of running text is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    HEADER = "header"
    FOOTER = "footer"
    PAGE_NUMBER = "page_number"


class Alignment(StrEnum):
    """How a cell's text stands between its left and right edges."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Character:
    """One recognised character (one code point or a ligature) and its place in the image."""

    text: str
    polygon: Polygon
    confidence: float

    def __post_init__(self) -> None:
        _check_confidence(self.confidence)


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without a space; a Chinese or Japanese line is often one word.

    `characters` spell `text` when present; documents read back from a file have none.
    """

    text: str
    polygon: Polygon
    confidence: float
    characters: tuple[Character, ...] = ()

    def __post_init__(self) -> None:
        _check_confidence(self.confidence)
        if self.characters and "".join(c.text for c in self.characters) != self.text:
            raise ValueError(f"the characters do not spell the word {self.text!r}")


@dataclass(frozen=True, slots=True)
class Line:
    """Words that stand on one base line, in reading order."""

    words: tuple[Word, ...]
    polygon: Polygon

    def __post_init__(self) -> None:
        if not self.words:
            raise ValueError("a line needs a word")

    def map(self, convert: Callable[[Point], Point]) -> Line:
        """The line with every point of its polygons moved."""
        words = tuple(
            replace(
                word,
                polygon=word.polygon.map(convert),
                characters=tuple(
                    replace(c, polygon=c.polygon.map(convert)) for c in word.characters
                ),
            )
            for word in self.words
        )
        return Line(words, self.polygon.map(convert))

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def confidence(self) -> float:
        """The mean over the characters, 0 to 1."""
        total = sum(len(word.text) for word in self.words)
        if not total:
            return 0.0
        return sum(word.confidence * len(word.text) for word in self.words) / total


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together: a paragraph, a heading, a running header."""

    kind: BlockKind
    lines: tuple[Line, ...]
    polygon: Polygon

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError("a block needs a line")


@dataclass(frozen=True, slots=True)
class Borders:
    """Which edges of a cell are drawn on the paper."""

    top: bool = False
    right: bool = False
    bottom: bool = False
    left: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table's grid; rows and columns count from 0.

    `shade` is the colour of the cell's ground as (red, green, blue), 0 to 255, where it
    differs from the paper. `page` is the number of the page whose pixels the polygons are in,
    where that is another one than the table's: in tables joined over pages.
    """

    row: int
    column: int
    polygon: Polygon
    lines: tuple[Line, ...] = ()
    row_span: int = 1
    column_span: int = 1
    header: bool = False
    borders: Borders = Borders()
    alignment: Alignment = Alignment.LEFT
    shade: tuple[int, int, int] | None = None
    page: int | None = None

    def __post_init__(self) -> None:
        if self.row < 0 or self.column < 0 or self.row_span < 1 or self.column_span < 1:
            raise ValueError(f"bad cell position: {self.row, self.column}")

    @property
    def text(self) -> str:
        """The lines of the cell, one a printed line."""
        return "\n".join(line.text for line in self.lines)

    @property
    def confidence(self) -> float | None:
        """The least confident line's, or None for an empty cell."""
        return min((line.confidence for line in self.lines), default=None)


@dataclass(frozen=True, slots=True)
class Table:
    """A grid of `rows` x `columns` slots, each covered by exactly one cell."""

    rows: int
    columns: int
    cells: tuple[Cell, ...]
    polygon: Polygon

    def __post_init__(self) -> None:
        if self.rows < 1 or self.columns < 1:
            raise ValueError("a table needs a row and a column")
        covered: set[tuple[int, int]] = set()
        for cell in self.cells:
            for slot in slots_of(cell):
                if slot in covered:
                    raise ValueError(f"two cells cover row {slot[0]}, column {slot[1]}")
                if slot[0] >= self.rows or slot[1] >= self.columns:
                    raise ValueError(f"a cell reaches beyond the grid at {slot}")
                covered.add(slot)
        if len(covered) != self.rows * self.columns:
            raise ValueError("the cells do not cover the whole grid")


Item = Block | Table


@dataclass(frozen=True, slots=True)
class Page:
    """One page; `items` stand in reading order, `width` and `height` are in source pixels.

    `number` counts from 1 within the file; `dpi` is what the file declares, if it does. Where
    the file's pictures were split, since they show two pages each, `picture` is the number of
    the one that the page is on, and all pixels are that picture's.
    """

    number: int
    width: int
    height: int
    dpi: float | None
    items: tuple[Item, ...]
    picture: int | None = None

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(item for item in self.items if isinstance(item, Table))

    @property
    def lines(self) -> Iterator[Line]:
        """Every line in reading order, those of tables cell by cell."""
        for item in self.items:
            if isinstance(item, Block):
                yield from item.lines
            else:
                for cell in item.cells:
                    yield from cell.lines

    def _repr_svg_(self) -> str:
        """The page as notebooks show it: blocks, tables, cells and the text of the lines."""
        shapes: list[Shape] = []
        for item in self.items:
            if isinstance(item, Block):
                shapes.append(Shape("block", item.polygon))
            else:
                shapes += [Shape("cell", cell.polygon) for cell in item.cells]
                shapes.append(Shape("table", item.polygon))
        shapes += [Shape("line", line.polygon, line.text) for line in self.lines]
        return draw_svg(self.width, self.height, shapes)


@dataclass(frozen=True, slots=True)
class PageFailure:
    """A page that could not be read, the stage it failed in, and why."""

    source: str
    page: int | None
    stage: str
    error: str
    message: str


@dataclass(frozen=True, slots=True)
class Document:
    """All pages of one file that could be read, and what failed of the others."""

    source: str
    pages: tuple[Page, ...]
    failures: tuple[PageFailure, ...] = ()


def slots_of(cell: Cell) -> Iterator[tuple[int, int]]:
    """The (row, column) slots that a cell covers."""
    for row in range(cell.row, cell.row + cell.row_span):
        for column in range(cell.column, cell.column + cell.column_span):
            yield row, column


def _check_confidence(value: float) -> None:
    if not 0.0 <= value <= 1.0:
        raise ValueError(f"a confidence lies between 0 and 1, not {value}")
