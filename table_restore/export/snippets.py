"""Pictures of what should be looked at again, cut from the scan while its pixels are at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import cv2
import numpy as np
import numpy.typing as npt

from table_restore.document import Block, Line, Page, Word
from table_restore.export.doubts import doubtful_word
from table_restore.export.measures import direction, extent
from table_restore.geometry import Box, Polygon

# In heights of the doubtful word: the paper shown around a cell, and the most that is shown.
_MARGIN, _MOST_ACROSS, _MOST_DOWN = 0.5, 28.0, 8.0
_WIDEST, _HIGHEST = 600, 400  # pixels


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of the scan as a PNG file, and its size in pixels."""

    png: bytes
    width: int
    height: int


Place = tuple[int, Polygon]
"""A page's number and the outline of a cell or of a line of running text on it."""

Snippets = Mapping[Place, Snippet]


def cut_snippets(pixels: npt.NDArray[np.uint8], page: Page, most: int) -> dict[Place, Snippet]:
    """Pictures of the page's first `most` cells and lines that have a doubtful word.

    `pixels` is `[height, width, 3]` uint8 RGB in the page's own coordinates. A picture shows the
    cell and a margin, or of large ones the part around the doubtful word; upright, at most
    600 x 400 pixels.
    """
    found = islice(_doubtful(page), max(most, 0))
    return {(page.number, outline): _cut(pixels, outline, word) for outline, word in found}


def _doubtful(page: Page) -> Iterator[tuple[Polygon, Word]]:
    """The outlines of cells and lines to look at, tables first as in the workbook's review."""
    places: list[tuple[Polygon, tuple[Line, ...]]] = []
    for table in page.tables:
        places += [(cell.polygon, cell.lines) for cell in table.cells]
    for item in page.items:
        if isinstance(item, Block):
            places += [(line.polygon, (line,)) for line in item.lines]
    for outline, lines in places:
        word = doubtful_word(lines)
        if word:
            yield outline, word


def _cut(pixels: npt.NDArray[np.uint8], outline: Polygon, word: Word) -> Snippet:
    height, width = pixels.shape[:2]
    box = _window(outline, word)
    left, right = _range(box.left, box.right, width)
    top, bottom = _range(box.top, box.bottom, height)
    picture = np.rot90(pixels[top:bottom, left:right], _quarter_turns(word.polygon))
    scale = min(1.0, _WIDEST / picture.shape[1], _HIGHEST / picture.shape[0])
    size = tuple(max(1, round(scale * picture.shape[axis])) for axis in (1, 0))
    if scale < 1:
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
    _, data = cv2.imencode(".png", np.ascontiguousarray(picture[:, :, ::-1]))
    return Snippet(data.tobytes(), picture.shape[1], picture.shape[0])


def _window(outline: Polygon, word: Word) -> Box:
    """What to show: the cell and a margin, but not so much that the word gets lost in it."""
    unit = max(extent(word.polygon)[1], 1.0)
    box = outline.box.grow(_MARGIN * unit)
    across, down = _MOST_ACROSS * unit, _MOST_DOWN * unit
    if _quarter_turns(word.polygon) % 2:
        across, down = down, across
    ink = word.polygon.box.grow(_MARGIN * unit)
    left, right = _shortened(box.left, box.right, ink.left, ink.right, across)
    top, bottom = _shortened(box.top, box.bottom, ink.top, ink.bottom, down)
    return Box(left, top, right, bottom)


def _shortened(
    start: float, end: float, ink_start: float, ink_end: float, most: float
) -> tuple[float, float]:
    """The range, or the `most` of it that has the ink in its middle; never less than the ink."""
    most = max(most, ink_end - ink_start)
    if end - start <= most:
        return start, end
    first = min(max((ink_start + ink_end - most) / 2, start), end - most)
    return first, first + most


def _range(start: float, end: float, size: int) -> tuple[int, int]:
    """Whole pixels within 0 and `size`, at least one of them."""
    first = min(max(int(start), 0), size - 1)
    return first, min(max(round(end), first + 1), size)


def _quarter_turns(polygon: Polygon) -> int:
    """How often to turn the picture by 90 degrees, anticlockwise, for the text to be upright."""
    x, y = direction(polygon)
    if abs(x) >= abs(y):
        return 0 if x >= 0 else 2
    return 1 if y > 0 else 3
