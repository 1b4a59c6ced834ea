"""Frames: rulings that cross and part what they enclose into cells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from table_restore.geometry import Box
from table_restore.graph import RulingGraph
from table_restore.ruling import Ruling


def find_frames(
    graph: RulingGraph, texts: Sequence[Box], prose: Sequence[Box], text_height: float
) -> list[Box]:
    """The boxes of a page's frames, none within another.

    `texts` are the boxes of all phrases, `prose` of those that are running text.
    """
    groups = _over_headings(graph, texts, text_height)
    frames = [box for group in groups if (box := _frame(graph, group, text_height))]
    frames = _largest([f for f in frames if not _page_frame(f, frames, prose)])
    return _stacked(frames, graph, texts, text_height)


def find_boxes(graph: RulingGraph, text_height: float) -> list[Box]:
    """Rectangles drawn on all four sides, around figures, legends, notes, or tables."""
    boxes = []
    for group in graph.groups:
        rulings = [graph.rulings[i] for i in group]
        around = Box.around(r.box for r in rulings)
        sides = [
            any(
                r.length >= 0.9 * (around.width if horizontal else around.height)
                and abs(r.position - place) <= 0.5 * text_height + r.thickness
                for r in rulings
                if r.drawn and r.horizontal == horizontal
            )
            for horizontal, place in (
                (True, around.top),
                (True, around.bottom),
                (False, around.left),
                (False, around.right),
            )
        ]
        if all(sides):
            boxes.append(around)
    return boxes


def _over_headings(
    graph: RulingGraph, texts: Sequence[Box], text_height: float
) -> list[frozenset[int]]:
    """Groups of rulings, those made one that a section's heading parts.

    Where sides are open, rows hang together by the lines between their columns alone, and a
    heading across the table has none.
    """
    near = 0.5 * text_height
    crossed: list[frozenset[int]] = []
    others: list[frozenset[int]] = []
    for group in sorted(graph.groups, key=lambda g: graph.box(g).top):
        if len({graph.rulings[i].horizontal for i in group}) < 2:
            others.append(group)
            continue
        box, walls = graph.box(group), _walls(graph, group)
        for index, before in enumerate(crossed):
            above = graph.box(before)
            if not (
                abs(box.left - above.left) < near
                and abs(box.right - above.right) < near
                and 0 < box.top - above.bottom < 4 * text_height
            ):
                continue
            between = [
                t
                for t in texts
                if above.bottom < t.center[1] < box.top and above.left < t.center[0] < above.right
            ]
            few, many = sorted((walls, _walls(graph, before)), key=len)
            if (
                len(between) == 1
                and abs(between[0].center[0] - box.center[0]) < text_height
                and all(any(abs(x - y) < near for y in many) for x in few)
                and box.left + near < few[0]
                and few[-1] < box.right - near
            ):
                crossed[index] = before | group
                break
        else:
            crossed.append(group)
    return crossed + others


def _walls(graph: RulingGraph, group: frozenset[int]) -> list[float]:
    """Where the upright rulings of a group stand, left to right."""
    return sorted(graph.rulings[i].position for i in group if not graph.rulings[i].horizontal)


def _frame(graph: RulingGraph, group: frozenset[int], text_height: float) -> Box | None:
    """The box of crossing rulings that part it into cells, or None."""
    rulings = [graph.rulings[i] for i in group]
    across = sorted((r for r in rulings if r.horizontal), key=lambda r: r.position)
    down = [r for r in rulings if not r.horizontal]
    if len(across) < 2 or not down or len(across) + len(down) < 5:
        return None
    top, bottom = min(r.position for r in across), max(r.position for r in across)
    left, right = min(r.position for r in down), max(r.position for r in down)
    inner = sum(r.length for r in down if left + text_height < r.position < right - text_height)
    drawn = any(_drawn_beside(r, down, text_height) > 0.5 * (bottom - top) for r in down)
    if inner < 0.5 * (bottom - top) and not drawn:
        return None  # stripes, a shaded header, or strokes of letters on them
    # Open sides: most lines, or two drawn ones that end together, run past the outermost upright.
    drawn_across = [r for r in across if r.drawn]
    starts = _agreed([r.start for r in drawn_across], text_height)
    ends = _agreed([r.end for r in drawn_across], text_height)
    starts.append(float(np.median([r.start for r in across])))
    ends.append(float(np.median([r.end for r in across])))
    left = min([left, *(x for x in starts if x < left - text_height)])
    right = max([right, *(x for x in ends if x > right + text_height)])
    # Uprights that stick out of the lines across belong to an open top or bottom.
    head = float(np.median([r.start for r in down]))
    foot = float(np.median([r.end for r in down]))
    top = head if head < top - text_height else top
    bottom = foot if foot > bottom + text_height else bottom
    return Box(left, top, right, bottom) if left < right and top < bottom else None


def _agreed(places: Sequence[float], text_height: float) -> list[float]:
    """Those of the places that another one is near to."""
    return [p for p in places if sum(abs(p - q) < text_height for q in places) > 1]


def _drawn_beside(ruling: Ruling, rulings: Sequence[Ruling], text_height: float) -> float:
    """How much of the line that a ruling is a part of is drawn."""
    near = 0.5 * text_height
    return sum(o.length for o in rulings if o.drawn and abs(o.position - ruling.position) < near)


def _page_frame(frame: Box, frames: Sequence[Box], prose: Sequence[Box]) -> bool:
    """Whether a frame goes around a page, or a figure, and not around one table.

    It holds another frame and lines of running text beside that.
    """
    inner = [f for f in frames if f.area < 0.9 * frame.area and frame.contains(f.center)]
    return bool(inner) and any(
        frame.contains(b.center) and not any(f.contains(b.center) for f in inner) for b in prose
    )


def _largest(frames: Sequence[Box]) -> list[Box]:
    """Frames that are not within another one."""
    return [
        f
        for i, f in enumerate(frames)
        if not any(g.contains(f.center) and g.area > f.area for j, g in enumerate(frames) if i != j)
    ]


def _stacked(
    frames: Sequence[Box], graph: RulingGraph, texts: Sequence[Box], text_height: float
) -> list[Box]:
    """Frames as wide as one another with no more than a section's heading between made one."""
    stacked: list[Box] = []
    for frame in sorted(frames, key=lambda f: f.top):
        for index, above in enumerate(stacked):
            gap = frame.top - above.bottom
            between = [
                t
                for t in texts
                if above.bottom < t.center[1] < frame.top and above.left < t.center[0] < above.right
            ]
            open_rows = (
                open_sides(above, graph, text_height)
                and open_sides(frame, graph, text_height)
                and _same_columns(above, frame, graph, text_height)
            )
            centered = len(between) == 1 and (
                abs(between[0].center[0] - above.center[0]) < text_height
            )
            reach = 4.0 if open_rows and centered else 2.5
            if (
                abs(frame.left - above.left) < 0.5 * text_height
                and abs(frame.right - above.right) < 0.5 * text_height
                and -text_height < gap < reach * text_height
                and (gap < 0.5 * text_height or len(between) == 1)
                and not any(t.left < above.left + 0.5 * text_height for t in between)
            ):
                stacked[index] = above.union(frame)
                break
        else:
            stacked.append(frame)
    return stacked


def open_sides(frame: Box, graph: RulingGraph, text_height: float) -> bool:
    """Whether no line runs down the left and right of a frame.

    Then nothing ties a section's heading, a row without upright lines, to the rows beside it.
    """
    return not any(
        min(abs(r.position - frame.left), abs(r.position - frame.right)) < 0.5 * text_height
        and frame.top < r.box.center[1] < frame.bottom
        for r in graph.rulings
        if not r.horizontal and r.drawn
    )


def _same_columns(above: Box, below: Box, graph: RulingGraph, text_height: float) -> bool:
    """Whether the upright rulings of one frame all go on in the other."""
    places = [
        sorted(
            r.position
            for r in graph.rulings
            if not r.horizontal and frame.grow(text_height).contains(r.box.center)
        )
        for frame in (above, below)
    ]
    few, many = sorted(places, key=len)
    return bool(few) and all(any(abs(x - y) < 0.5 * text_height for y in many) for x in few)
