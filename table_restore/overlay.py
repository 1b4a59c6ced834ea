"""What was found, drawn on the scan: the quickest way to see a wrong cell or a missed line."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from table_restore.document import Block, Line, Page, Word
from table_restore.geometry import Polygon

Picture = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]

WORD: Colour = (255, 150, 0)
UNCERTAIN: Colour = (255, 0, 160)
LINE: Colour = (30, 110, 255)
BLOCK: Colour = (40, 160, 60)
TABLE: Colour = (120, 40, 190)
CELL: Colour = (215, 20, 30)

# Words read with less than this are drawn in a colour of their own.
SURE = 0.8


def draw_overlay(pixels: Picture, page: Page) -> Picture:
    """Draw a page's words, lines, blocks and cells on a copy of its picture.

    `pixels` is `[height, width, 3]` uint8 RGB in the page's own coordinates: the source picture
    for a finished page. Items carry their number in reading order, counted from 1. Words are
    orange (pink where confidence is below 0.8), lines blue, blocks green, tables purple, cells
    red.
    """
    drawn = np.array(pixels, dtype=np.uint8, order="C")
    pen = max(1, round(min(drawn.shape[:2]) / 900))
    for line in page.lines:
        _draw_line(drawn, line, pen)
    for number, item in enumerate(page.items, start=1):
        if isinstance(item, Block):
            colour = BLOCK
            _outline(drawn, item.polygon, colour, 2 * pen)
        else:
            colour = TABLE
            for cell in item.cells:
                _outline(drawn, cell.polygon, CELL, 2 * pen)
            _outline(drawn, item.polygon, colour, 2 * pen)
        _tag(drawn, item.polygon, str(number), colour, pen)
    return drawn


def _draw_line(drawn: Picture, line: Line, pen: int) -> None:
    _outline(drawn, line.polygon, LINE, pen)
    for word in line.words:
        _outline(drawn, word.polygon, _word_colour(word), pen)


def _word_colour(word: Word) -> Colour:
    return WORD if word.confidence >= SURE else UNCERTAIN


def _outline(drawn: Picture, polygon: Polygon, colour: Colour, thickness: int) -> None:
    points = np.rint(np.array(polygon.points)).astype(np.int32)
    cv2.polylines(drawn, [points], isClosed=True, color=colour, thickness=thickness)


def _tag(drawn: Picture, polygon: Polygon, text: str, colour: Colour, pen: int) -> None:
    """A filled label left of the outline's top, kept inside the picture."""
    font, scale, margin = cv2.FONT_HERSHEY_SIMPLEX, 0.6 * pen, 2 * pen
    (width, height), base = cv2.getTextSize(text, font, scale, 2 * pen)
    left = max(0, round(polygon.box.left) - width - 3 * margin)
    top = max(0, round(polygon.box.top))
    corner = (left + width + 2 * margin, top + height + base + margin)
    cv2.rectangle(drawn, (left, top), corner, colour, cv2.FILLED)
    origin = (left + margin, top + height + margin)
    cv2.putText(drawn, text, origin, font, scale, (255, 255, 255), 2 * pen, cv2.LINE_AA)
