"""A sheet to draw small tables on: every word drawn is also a line as recognition would give it."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from table_restore.document import Character, Line, Table, Word
from table_restore.geometry import Box, Point, Polygon
from table_restore.restore import Restoration, restore_tables

EM = 20  # the height of the letters' boxes, in pixels
ADVANCE = 12  # from one letter to the next
WORDS = "of the valley where the river turns and old stones lie under a grey sky of late autumn"


class Paper:
    """A white page with a pen; `lines` are what was written so far."""

    def __init__(self, width: int = 900, height: int = 700) -> None:
        self.pixels: npt.NDArray[np.uint8] = np.full((height, width, 3), 255, np.uint8)
        self.lines: list[Line] = []
        self.outlines: list[Polygon] = []

    def write(self, x: float, y: float, text: str, anchor: str = "left") -> Box:
        """Write one line whose left end, middle or right end is at x and whose middle is at y."""
        width = len(text) * ADVANCE
        left = x - {"left": 0.0, "middle": width / 2, "right": float(width)}[anchor]
        words, place = [], 0
        for part in text.split(" "):
            characters = []
            for offset, letter in enumerate(part):
                at = left + (place + offset) * ADVANCE
                box = Box(at + 1, y - EM / 2, at + ADVANCE - 1, y + EM / 2)
                characters.append(Character(letter, box.polygon(), 0.99))
                origin = (round(at), round(y + EM / 4))
                cv2.putText(
                    self.pixels, letter, origin, cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1
                )
            place += len(part) + 1
            if characters:
                outline = Box.around(c.polygon.box for c in characters).polygon()
                words.append(Word(part, outline, 0.99, tuple(characters)))
        outline = Box.around(w.polygon.box for w in words)
        self.lines.append(Line(tuple(words), outline.polygon()))
        return outline

    def rule(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        width: int = 2,
        colour: tuple[int, int, int] = (0, 0, 0),
    ) -> None:
        """Draw a straight line."""
        ends = (round(x0), round(y0)), (round(x1), round(y1))
        cv2.line(self.pixels, *ends, colour, width)

    def shade(self, x0: int, y0: int, x1: int, y1: int, colour: tuple[int, int, int]) -> None:
        """Fill a rectangle; what is written there before disappears."""
        self.pixels[y0:y1, x0:x1] = colour

    def join_lines(self) -> None:
        """Make all lines of one height one line, as a detector does that overlooks gutters."""
        rows: dict[float, list[Line]] = {}
        for line in self.lines:
            rows.setdefault(line.polygon.box.top, []).append(line)
        self.lines = []
        for row in rows.values():
            row.sort(key=lambda line: line.polygon.box.left)
            outline = Box.around(line.polygon.box for line in row).polygon()
            self.lines.append(Line(tuple(w for line in row for w in line.words), outline))

    def turned(self, degrees: float) -> Paper:
        """The page turned clockwise about its middle, its lines with it."""
        height, width = self.pixels.shape[:2]
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)

        def move(point: Point) -> Point:
            x, y = matrix @ (*point, 1.0)
            return float(x), float(y)

        paper = Paper(width, height)
        paper.pixels = np.asarray(
            cv2.warpAffine(self.pixels, matrix, (width, height), borderValue=(255, 255, 255)),
            np.uint8,
        )
        paper.lines = [line.map(move) for line in self.lines]
        return paper

    def paste(self, other: Paper, x: int, y: int, turns: int) -> None:
        """Put another page on this one, its top left corner at (x, y), turned by quarters."""
        height, width = other.pixels.shape[:2]

        def move(point: Point) -> Point:
            at = [point, (height - point[1], point[0]), (width - point[0], height - point[1]),
                  (point[1], width - point[0])][turns]  # fmt: skip
            return x + at[0], y + at[1]

        picture = np.rot90(other.pixels, -turns)
        self.pixels[y : y + picture.shape[0], x : x + picture.shape[1]] = picture
        self.lines += [line.map(move) for line in other.lines]

    def unlearn(self, some: Callable[[Line], bool]) -> None:
        """Make some lines ones that a detector saw and nobody could read."""
        self.outlines += [line.polygon.box.grow(3).polygon() for line in self.lines if some(line)]
        self.lines = [line for line in self.lines if not some(line)]

    def restored(self) -> Restoration:
        return restore_tables(self.pixels, self.lines, self.outlines)

    def table(self) -> Table:
        """The one table on the page."""
        (table,) = self.restored().tables
        return table


def texts(table: Table) -> list[list[str]]:
    """The text of every slot, row by row; a slot that a cell only reaches over has '<' or '^'."""
    grid = [[""] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                grid[row][column] = "<" if column > cell.column else "^"
        grid[cell.row][cell.column] = cell.text
    return grid


def prose(paper: Paper, left: float, top: float, lines: int, words: int, seed: int = 0) -> None:
    """Lines of running text, each of `words` words, ragged as words fall."""
    pool = WORDS.split(" ")
    for number in range(lines):
        first = (seed + number * words) % len(pool)
        line = " ".join((pool * 3)[first : first + words])
        paper.write(left, top + 26 * number, line)


def ruled_grid(
    paper: Paper,
    xs: list[int],
    ys: list[int],
    width: int = 2,
    colour: tuple[int, int, int] = (0, 0, 0),
) -> None:
    for x in xs:
        paper.rule(x, ys[0], x, ys[-1], width, colour)
    for y in ys:
        paper.rule(xs[0], y, xs[-1], y, width, colour)


def filled_grid(paper: Paper, xs: list[int], ys: list[int]) -> list[list[str]]:
    """Write a name into every cell, and return what stands where."""
    expected = []
    for r in range(len(ys) - 1):
        expected.append([f"r{r}c{c}" for c in range(len(xs) - 1)])
        for c in range(len(xs) - 1):
            paper.write(xs[c] + 10, (ys[r] + ys[r + 1]) / 2, expected[-1][c])
    return expected
