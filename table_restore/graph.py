"""The graph of a page's rulings: crossings are nodes, the stretches between them edges."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from table_restore.geometry import Box, Edges, Point
from table_restore.ruling import Ruling
from table_restore.strokes import same_group

_REACH = 0.6  # how far a line may miss its neighbour, in text heights
_LONG_UNDERLINE = 6.0  # a line under words that is longer than this may be a cell's edge
_LONE = 3.0  # the least length of a line that touches no other, in text heights


@dataclass(frozen=True, slots=True)
class RulingGraph:
    """Rulings tidied up, and how they meet.

    `stretches` are the pieces of rulings from one crossing or end to the next. `groups` are the
    sets of rulings that hang together, by index.
    """

    rulings: tuple[Ruling, ...]
    stretches: tuple[tuple[Point, Point], ...]
    groups: tuple[frozenset[int], ...]

    def box(self, group: frozenset[int]) -> Box:
        return Box.around(self.rulings[i].box for i in group)


def build_graph(rulings: Sequence[Ruling], words: Sequence[Box], text_height: float) -> RulingGraph:
    """Close near-misses, drop what is no part of a drawing of lines, and find the crossings."""
    edges = np.array([(w.left, w.top, w.right, w.bottom) for w in words]).reshape(-1, 4)
    rulings = [
        r
        for r in rulings
        if not _leads_on(r, edges, text_height) or _crossings_of(r, rulings, text_height)
    ]
    lines = [r for r in rulings if not _underlines(r, words, text_height)]
    underlines = [r for r in rulings if r not in lines]
    lines += [
        r
        for r in underlines
        if r.length > _LONG_UNDERLINE * text_height and _crossings_of(r, rulings, text_height) >= 2
    ]
    lines = _without_barcodes(lines, text_height)
    while True:
        kept = [
            r
            for r in lines
            if r.length >= _LONE * text_height or _crossings_of(r, lines, text_height) >= 2
        ]
        if len(kept) == len(lines):
            break
        lines = kept
    lines = [_snapped(r, lines, text_height) for r in lines]
    return _graph(lines, text_height)


def meet(a: Ruling, b: Ruling, text_height: float) -> bool:
    """Whether two perpendicular rulings cross, touch or nearly touch."""
    if a.horizontal == b.horizontal:
        return False
    reach_a = _REACH * text_height + b.thickness / 2
    reach_b = _REACH * text_height + a.thickness / 2
    return (
        a.start - reach_a <= b.position <= a.end + reach_a
        and b.start - reach_b <= a.position <= b.end + reach_b
    )


def _crossings_of(ruling: Ruling, others: Sequence[Ruling], text_height: float) -> int:
    """How many different places along a ruling others meet it at."""
    places = sorted(o.position for o in others if meet(ruling, o, text_height))
    count, last = 0, float("-inf")
    for place in places:
        if place - last > 0.5 * text_height:
            count += 1
        last = place
    return count


def _underlines(ruling: Ruling, words: Sequence[Box], text_height: float) -> bool:
    """Whether a horizontal line runs right under words and no further than they do."""
    if not ruling.horizontal or not ruling.drawn:
        return False
    above = [
        w
        for w in words
        if -0.35 * text_height <= ruling.position - w.bottom <= 0.2 * text_height
        and w.right > ruling.start
        and w.left < ruling.end
    ]
    if not above:
        return False
    reach = 0.5 * text_height
    left, right = min(w.left for w in above), max(w.right for w in above)
    covered = sum(min(w.right, ruling.end) - max(w.left, ruling.start) for w in above)
    return (
        left - reach <= ruling.start
        and ruling.end <= right + reach
        and covered >= 0.6 * ruling.length
    )


def _leads_on(ruling: Ruling, words: Edges, text_height: float) -> bool:
    """Whether a horizontal line begins behind a word on its base line: leader dots, a blank."""
    if not ruling.horizontal:
        return False
    left, top, right, bottom = words.T
    behind = ((left + right) / 2 <= ruling.start) & (ruling.start <= right + 1.5 * text_height)
    low = (top + bottom) / 2 + 0.15 * (bottom - top) < ruling.position
    return bool((behind & low & (ruling.position < bottom + 0.05 * text_height)).any())


def _without_barcodes(lines: Sequence[Ruling], text_height: float) -> list[Ruling]:
    """Drop verticals that stand closer than any column can, many in a row."""
    upright = sorted((r for r in lines if not r.horizontal), key=lambda r: r.position)
    crowded: set[int] = set()
    for index, line in enumerate(upright):
        near = [
            o
            for o in upright[max(0, index - 8) : index + 9]
            if abs(o.position - line.position) <= 2.0 * text_height
            and min(o.end, line.end) - max(o.start, line.start) > 0.6 * line.length
        ]
        if len(near) >= 6 and line.length < 12 * text_height:
            crowded.add(id(line))
    return [r for r in lines if id(r) not in crowded]


def _snapped(ruling: Ruling, lines: Sequence[Ruling], text_height: float) -> Ruling:
    """The ruling with each end moved onto the line it nearly reaches or just passes."""
    ends = [ruling.start, ruling.end]
    for side in (0, 1):
        near = [
            o.position
            for o in lines
            if meet(ruling, o, text_height) and abs(o.position - ends[side]) <= _REACH * text_height
        ]
        if near:
            ends[side] = min(near, key=lambda place: abs(place - ends[side]))
    start, end = ends
    return replace(ruling, start=start, end=end) if start < end else ruling


def _graph(lines: Sequence[Ruling], text_height: float) -> RulingGraph:
    stretches: list[tuple[Point, Point]] = []
    touching: list[tuple[int, int]] = []
    for index, line in enumerate(lines):
        places = {line.start, line.end}
        for number, other in enumerate(lines):
            if meet(line, other, text_height):
                touching.append((index, number))
                places.add(other.position)
        ordered = sorted(places)
        points = [
            (place, line.position) if line.horizontal else (line.position, place)
            for place in ordered
        ]
        stretches += itertools.pairwise(points)
    first, second = np.array(touching, np.intp).reshape(-1, 2).T
    groups = tuple(frozenset(group) for group in same_group(len(lines), first, second))
    return RulingGraph(tuple(lines), tuple(stretches), groups)
