"""Marks that stand for a value in a cell and that recognition overlooks: dashes and dots.

They are too small for a text detector, but in an empty cell their shape says what they are.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from table_restore.document import Character, Line, Word
from table_restore.geometry import Box
from table_restore.grid import Grid
from table_restore.tokens import Token
from table_restore.upright import Upright

_CONFIDENCE = 0.6  # of a mark read by its shape alone
_REPEATED = 0.95  # where another cell of the table has one of the same shape
_ALIKE = 0.25  # marks of one shape differ by no more in width and height, in their larger one
_CONTRAST = 60  # grey levels between a mark and its ground


def read_marks(
    grey: npt.NDArray[np.uint8],
    grid: Grid,
    tokens: Sequence[Token],
    upright: Upright,
    text_height: float,
) -> list[Line]:
    """A line for every mark in an empty cell of `grid`; `grey` is the upright page [h, w]."""
    filled = {int(grid.owner[grid.slot(*t.box.center)]) for t in tokens}
    marks = []
    for number, (top, left, bottom, right) in sorted(grid.spans().items()):
        if number in filled:
            continue
        cell = Box(grid.xs[left], grid.ys[top], grid.xs[right], grid.ys[bottom])
        mark = _mark(grey, cell, text_height)
        if mark and not any(t.box.intersection(mark[1].grow(1)) for t in tokens):
            marks.append(mark)
    return [
        _line(text, box, _REPEATED if _is_repeated(number, marks) else _CONFIDENCE, upright)
        for number, (text, box) in enumerate(marks)
    ]


def _is_repeated(number: int, marks: Sequence[tuple[str, Box]]) -> bool:
    """Whether a mark has its like in another cell: dirt seldom falls twice in one shape."""
    text, box = marks[number]
    others = (other for n, (same, other) in enumerate(marks) if n != number and same == text)
    return any(_alike(box.width, o.width) and _alike(box.height, o.height) for o in others)


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= max(1.0, _ALIKE * max(one, other))


def _mark(grey: npt.NDArray[np.uint8], cell: Box, text_height: float) -> tuple[str, Box] | None:
    """The one mark in a cell and its box, or None where there is none or something else."""
    inset = 0.2 * text_height
    x0, y0 = int(cell.left + inset) + 1, int(cell.top + inset) + 1
    part = grey[max(0, y0) : int(cell.bottom - inset), max(0, x0) : int(cell.right - inset)]
    if min(part.shape) < 0.5 * text_height or part.max() - int(part.min()) < _CONTRAST:
        return None
    ground, darkest = float(np.median(part)), float(part.min())
    ink = np.asarray(part < (ground + darkest) / 2, np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    least = max(2.0, (0.06 * text_height) ** 2)
    blobs = [stats[i] for i in range(1, count) if stats[i][cv2.CC_STAT_AREA] >= least]
    text = _reading([(int(w), int(h), int(x), int(y)) for x, y, w, h, _ in blobs], text_height)
    if text is None:
        return None
    left = min(int(b[0]) for b in blobs) + max(0, x0)
    top = min(int(b[1]) for b in blobs) + max(0, y0)
    right = max(int(b[0] + b[2]) for b in blobs) + max(0, x0)
    bottom = max(int(b[1] + b[3]) for b in blobs) + max(0, y0)
    return text, Box(left, top, right, bottom)


def _reading(blobs: Sequence[tuple[int, int, int, int]], text_height: float) -> str | None:
    """What blobs (width, height, left, top) of ink in one cell are: a dash, dots, or neither."""
    if len(blobs) == 1:
        width, height, _, _ = blobs[0]
        if width < 1.8 * height or not 0.04 * text_height < height <= 0.25 * text_height:
            return None
        if 0.2 * text_height <= width <= 0.5 * text_height:
            return "-"
        return "–" if width <= 1.3 * text_height else None
    if not 2 <= len(blobs) <= 3 or any(max(b[:2]) > 0.3 * text_height for b in blobs):
        return None
    near = 0.12 * text_height
    lefts, tops = [b[2] for b in blobs], [b[3] for b in blobs]
    if max(tops) - min(tops) <= near and max(lefts) - min(lefts) <= 1.2 * text_height:
        return "." * len(blobs)
    if len(blobs) == 2 and max(lefts) - min(lefts) <= near:
        return ":" if max(tops) - min(tops) <= 0.8 * text_height else None
    return None


def _line(text: str, box: Box, confidence: float, upright: Upright) -> Line:
    width = box.width / len(text)
    parts = [
        Box(box.left + i * width, box.top, box.left + (i + 1) * width, box.bottom)
        for i in range(len(text))
    ]
    characters = tuple(
        Character(letter, upright.polygon(part), confidence)
        for letter, part in zip(text, parts, strict=True)
    )
    outline = upright.polygon(box)
    return Line((Word(text, outline, confidence, characters),), outline)
