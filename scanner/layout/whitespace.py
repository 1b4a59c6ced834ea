"""White rectangles between the pieces of text on a page."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from table_restore.geometry import Box


def white_strips(pieces: Sequence[Box], least: float, height: float) -> list[Box]:
    """Maximal white rectangles at least `least` wide with text at both sides, the tallest first.

    A sweep down the page: each white interval goes on, shrinks or splits at every edge of a
    piece, and is a maximal rectangle where it cannot go on as wide as it is. `height` is that of
    the text; pieces may reach into a rectangle by a fraction of it.
    """
    boxes = [_core(box, height) for box in pieces]
    if not boxes:
        return []
    page = Box.around(boxes)
    edges = sorted({y for box in boxes for y in (box.top, box.bottom)})
    by_top = sorted(boxes, key=lambda box: box.top)
    alive: list[Box] = []
    following = 0
    active: dict[tuple[float, float], float] = {}
    found: list[Box] = []
    for top, _bottom in pairwise(edges):
        while following < len(by_top) and by_top[following].top <= top:
            alive.append(by_top[following])
            following += 1
        alive = [box for box in alive if box.bottom > top]
        if not alive:
            continue
        gaps = [(a, b) for a, b in _gaps(alive, page) if b - a >= least]
        ends = [right for _, right in gaps]
        going: dict[tuple[float, float], float] = dict.fromkeys(gaps, top)
        for (left, right), start in active.items():
            whole = False
            for gap_left, gap_right in gaps[bisect_right(ends, left) :]:
                if gap_left >= right:
                    break
                low, high = max(left, gap_left), min(right, gap_right)
                if high - low < least:
                    continue
                whole = whole or (low, high) == (left, right)
                going[low, high] = min(start, going.get((low, high), top))
            if not whole and page.left < left and right < page.right:
                found.append(Box(left, start, right, top))
        active = _undominated(going)
    found += [
        Box(left, start, right, page.bottom)
        for (left, right), start in active.items()
        if page.left < left and right < page.right
    ]
    found = [box for box in found if box.height >= 0.5 * height]
    return sorted(found, key=lambda box: (-box.height, box.left, box.top))


def _core(box: Box, height: float) -> Box:
    """The box without its rim, so that slightly slanted or touching lines do not overlap."""
    x, y = min(0.1 * height, 0.2 * box.width), 0.2 * box.height
    return Box(box.left + x, box.top + y, box.right - x, box.bottom - y)


def _gaps(boxes: Sequence[Box], page: Box) -> list[tuple[float, float]]:
    """The white intervals across the page beside and between boxes."""
    gaps = []
    at = page.left
    for box in sorted(boxes, key=lambda box: box.left):
        if box.left > at:
            gaps.append((at, box.left))
        at = max(at, box.right)
    if at < page.right:
        gaps.append((at, page.right))
    return gaps


def _undominated(active: dict[tuple[float, float], float]) -> dict[tuple[float, float], float]:
    """Only the intervals that no wider one with as early a start holds."""
    kept: dict[tuple[float, float], float] = {}
    # Of those that begin no further right, the right ends that an earlier start goes with than with
    # all further right, in ascending order, and these starts.
    ends: list[float] = []
    starts: list[float] = []
    for (left, right), start in sorted(active.items(), key=lambda item: (item[0][0], -item[0][1])):
        at = bisect_left(ends, right)
        if at < len(ends) and starts[at] <= start:
            continue
        kept[left, right] = start
        first = at
        while first and starts[first - 1] >= start:
            first -= 1
        ends[first:at], starts[first:at] = [right], [start]
    return kept
