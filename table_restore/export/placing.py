"""How a page's blocks stand on the paper, so that a word processor can set them alike.

Everything is measured along and across the reading direction, so that a page scanned sideways or
leaning measures right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from table_restore.document import Alignment, Block, Page
from table_restore.export.measures import mean_direction, upright
from table_restore.geometry import Box

LEADING = 0.3
"""The white between the ink of two lines of running text, as a share of the letters' size."""

INDENT = 0.8
"""Less than this many line heights is no indent."""

EDGE = 1.5
"""What ends within so many line heights of a column's edge ends at it."""

CENTRED = 0.7
"""Middles of lines or of columns that are so many line heights apart are one."""

FEW = 3
"""Fewer items between two heads of columns are no column."""


@dataclass(frozen=True, slots=True)
class Place:
    """How a block stands in its column; all lengths are in pixels.

    `left` is the indent of its lines, `first` that of the first line beyond it (below 0 where the
    others hang), `above` the white over it beyond what lines of running text leave between them,
    None at the head of a column. `stops` are where the pieces of its only row begin but for the
    first one, from the column's left edge; `pitch` is the way from line to line, 0 for one line.
    """

    alignment: Alignment = Alignment.LEFT
    left: float = 0.0
    first: float = 0.0
    above: float | None = None
    stops: tuple[float, ...] = ()
    pitch: float = 0.0


def place_items(page: Page, size: float) -> tuple[Place, ...]:
    """Where each of the page's items stands; `size` is that of running text's letters in pixels.

    Of tables only the indent and the white above are told.
    """
    turn = upright(mean_direction(page.lines))
    lines = [
        [turn(line.polygon) for line in item.lines] if isinstance(item, Block) else []
        for item in page.items
    ]
    boxes = [
        Box.around(own) if own else turn(item.polygon)
        for own, item in zip(lines, page.items, strict=True)
    ]
    starts = [True, *(below.center[1] < above.top for above, below in pairwise(boxes))]
    sheet = turn(Box(0, 0, page.width, page.height).polygon())
    places = []
    for number, own in enumerate(lines):
        above = None
        if not starts[number]:
            white = boxes[number].top - boxes[number - 1].bottom
            above = max(white - LEADING * size, 0.0)
        column = _column(boxes, starts, number)
        near = [line for k in (number - 1, number + 1) if 0 <= k < len(lines) for line in lines[k]]
        if own:
            places.append(_place(own, near, column, sheet, above))
        else:
            indent = _indent(boxes[number].left - column[0], size)
            places.append(Place(left=indent, above=above))
    return tuple(places)


def _column(boxes: Sequence[Box], starts: Sequence[bool], number: int) -> tuple[float, float]:
    """The left and right edge of the text column that an item stands in.

    Reading goes down a column and up again to the next: the items between are of one column, but
    for what is set across several at their ends.
    """
    first = max(k for k in range(number + 1) if starts[k])
    last = next((k for k in range(number + 1, len(starts)) if starts[k]), len(starts))
    own, run = boxes[number], boxes[first:last]
    if len(run) < FEW:
        run = boxes
    elif sum(starts) > 1:
        run = [box for box in run if box.left < own.right and own.left < box.right]
    return min(box.left for box in run), max(box.right for box in run)


def _place(
    lines: Sequence[Box],
    near: Sequence[Box],
    column: tuple[float, float],
    sheet: Box,
    above: float | None,
) -> Place:
    left, right = column
    height = median(box.height for box in lines)
    is_row = len(lines) > 1 and all(a.right <= b.left for a, b in pairwise(lines))
    if is_row:
        stops = tuple(box.left - left for box in lines[1:])
        return Place(Alignment.LEFT, _indent(lines[0].left - left, height), 0.0, above, stops)
    tops = [box.center[1] for box in lines]
    pitch = median(b - a for a, b in pairwise(tops)) if len(tops) > 1 else 0.0
    if _is_centred(lines, near, column, sheet, height):
        return Place(Alignment.CENTER, above=above, pitch=pitch)
    start = min(box.left for box in lines) - left
    if start > 0.4 * (right - left) and all(right - box.right < EDGE * height for box in lines):
        return Place(Alignment.RIGHT, above=above, pitch=pitch)
    others = [box.left - left for box in lines[1:]]
    first = 0.0
    if others and max(others) - min(others) < INDENT * height:
        start = median(others)
        first = _indent(lines[0].left - left - start, height)
    return Place(Alignment.LEFT, _indent(start, height), first, above, pitch=pitch)


def _is_centred(
    lines: Sequence[Box],
    near: Sequence[Box],
    column: tuple[float, float],
    sheet: Box,
    height: float,
) -> bool:
    """Whether the lines stand in the middle of their column or, the widest one, of the sheet.

    `near` are the lines of the items before and after: a line that begins where one of them does,
    and ends elsewhere, stands at an indent.
    """
    left, right = column
    middles = [box.center[0] for box in lines]
    if max(middles) - min(middles) > CENTRED * height:
        return False
    starts = [box.left for box in lines]
    middle = median(middles)
    if len(lines) > 1 and max(starts) - min(starts) > EDGE * height:
        return True
    if any(
        abs(box.left - starts[0]) < INDENT * height < abs(box.center[0] - middle) for box in near
    ):
        return False
    room = min(min(starts) - left, right - max(box.right for box in lines))
    if room > 2 * height:
        return abs(middle - (left + right) / 2) < max(2 * CENTRED * height, 0.02 * (right - left))
    inside = min(min(starts) - sheet.left, sheet.right - max(box.right for box in lines))
    fills = right - left < 1.2 * (max(box.right for box in lines) - min(starts))
    return (
        len(lines) == 1
        and fills
        and inside > 0.15 * sheet.width
        and abs(middle - sheet.center[0]) < 0.03 * sheet.width
    )


def _indent(width: float, height: float) -> float:
    return width if abs(width) >= INDENT * height else 0.0
