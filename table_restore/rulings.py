"""Rulings: the straight lines that a table is drawn with, found in a page's pixels.

Three kinds of evidence are read from one grey page: runs of ink longer than a letter's strokes,
rows of dots or dashes, and long edges of a shaded ground. Everything is scaled by the height of
the page's text, so a resolution need not be known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from table_restore.geometry import Box

Grey = npt.NDArray[np.uint8]

_WORKING_HEIGHT = 16  # text height, in pixels, that rulings are looked for at
_CONTRAST = 14  # grey levels that ink is darker than the ground around it
_SAME_LINE = 0.4  # parallel lines closer than this many text heights are one
_SAME_EDGE = 0.8  # the same for edges of shades: no text stands in so narrow a strip
_HALO = 0.15  # blurred letters darken the paper around their boxes by so many text heights
_STROKE = 2.0  # shorter lines beside words, in text heights, are letters' strokes
_EDGE_CONTRAST = 7  # grey levels between the two sides of a shade's edge


@dataclass(frozen=True, slots=True)
class Ruling:
    """A horizontal or vertical line: `position` across it, `start` to `end` along it, in pixels.

    `strength` is the share of its length that is really there, 0 to 1. A line that is not
    `drawn` is the edge of a shaded ground.
    """

    horizontal: bool
    position: float
    start: float
    end: float
    thickness: float = 1.0
    strength: float = 1.0
    drawn: bool = True

    @property
    def length(self) -> float:
        return self.end - self.start

    @property
    def box(self) -> Box:
        half = self.thickness / 2
        low, high = self.position - half, self.position + half
        if self.horizontal:
            return Box(self.start, low, self.end, high)
        return Box(low, self.start, high, self.end)


def darkest_channel(pixels: npt.NDArray[np.uint8]) -> Grey:
    """The least of red, green and blue [h, w]: coloured lines and grounds stand out from white."""
    red, green, blue = cv2.split(pixels)
    return np.asarray(cv2.min(cv2.min(red, green), blue), np.uint8)


def find_rulings(
    grey: Grey, words: Sequence[Box], characters: Sequence[Box], text_height: float
) -> list[Ruling]:
    """All rulings of an upright page, in its pixels.

    `grey` is [h, w] with 0 black, `words` and `characters` the boxes of what was recognised
    (letters are no rulings), `text_height` the usual height of a line of text in pixels.
    """
    factor = max(1, round(text_height / _WORKING_HEIGHT))
    small = _shrink(grey, factor)
    em = text_height / factor
    boxes = [_shrunk(b, factor) for b in words]
    letters_at = [_shrunk(b, factor) for b in characters]
    ground = _ground(small, 0.8 * em)
    shades = _ground(_without_words(small, boxes), 0.5 * em)
    ink = np.asarray(cv2.subtract(ground, small) >= _CONTRAST, np.uint8)
    letters = _mask(small.shape, [b.grow(_HALO * em) for b in boxes])
    found: list[Ruling] = []
    for horizontal in (True, False):
        if not horizontal:
            small, ink, letters, shades = (
                np.ascontiguousarray(m.T) for m in (small, ink, letters, shades)
            )
        drawn = [r for r in _solid(ink, em) if _stands_out(r, small, em)]
        drawn += _dashed(ink, letters, em)
        edges = _edges(shades, em)
        lines = _join(drawn, _SAME_LINE * em, em)
        edges = [e for e in edges if not any(_same_place(e, r, em) for r in lines)]
        lines += _join(edges, _SAME_EDGE * em, em)
        found += [replace(line, horizontal=horizontal) for line in lines]
    found = _without_letters(found, boxes, em)
    found = [r for r in found if r.horizontal or not _cuts_letters(r, letters_at, em)]
    return [_enlarge(ruling, factor) for ruling in found]


def _shrunk(b: Box, factor: int) -> Box:
    return Box(b.left / factor, b.top / factor, b.right / factor, b.bottom / factor)


def _shrink(grey: Grey, factor: int) -> Grey:
    """Every `factor`-th pixel, dark ones winning so that hairlines survive."""
    if factor == 1:
        return grey
    dark = cv2.erode(grey, np.ones((factor, factor), np.uint8), anchor=(0, 0))
    return np.ascontiguousarray(dark[::factor, ::factor])


def _enlarge(r: Ruling, factor: int) -> Ruling:
    return replace(
        r,
        position=r.position * factor,
        start=r.start * factor,
        end=r.end * factor,
        thickness=max(1.0, (r.thickness - 1) * factor + 1),
    )


def _ground(grey: Grey, width: float) -> Grey:
    """The page without its ink: strokes up to `width` are filled with what is around them."""
    size = max(3, int(width)) | 1
    return np.asarray(cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8)))


def _without_words(grey: Grey, words: Sequence[Box]) -> Grey:
    """The page with every word painted over in the shade around it."""
    if not words:
        return grey
    clean = grey.copy()
    height, width = grey.shape
    edges = np.array([(w.left - 2, w.top - 2, w.right + 1, w.bottom + 1) for w in words]).astype(
        int
    )
    left, right = np.clip(edges[:, [0, 2]], 0, width - 1).T
    top, bottom = np.clip(edges[:, [1, 3]], 0, height - 1).T
    x, y = (left + right) // 2, (top + bottom) // 2
    around = ((left, top), (x, top), (right, top), (left, bottom), (x, bottom), (right, bottom))
    samples = np.stack([grey[b, a] for a, b in (*around, (left, y), (right, y))])
    for a, b, c, d, shade in zip(left, top, right, bottom, np.median(samples, axis=0), strict=True):
        clean[b : d + 1, a : c + 1] = shade
    return clean


def _mask(shape: tuple[int, ...], boxes: Sequence[Box]) -> Grey:
    mask = np.zeros(shape, np.uint8)
    for b in boxes:
        mask[int(b.top) : int(np.ceil(b.bottom)), int(b.left) : int(np.ceil(b.right))] = 1
    return mask


def _runs(mask: Grey, length: int) -> Grey:
    """The horizontal runs of at least `length` pixels."""
    kernel = np.ones((1, max(length, 3)), np.uint8)
    return np.asarray(cv2.morphologyEx(np.ascontiguousarray(mask), cv2.MORPH_OPEN, kernel))


def _solid(ink: Grey, em: float) -> list[Ruling]:
    runs = _runs(ink, int(1.3 * em))
    # A line one pixel thick that climbs a pixel breaks into runs; bridging rows joins them.
    return _components(runs, runs, em, max_thickness=0.6 * em)


def _stands_out(line: Ruling, grey: Grey, em: float) -> bool:
    """Whether a horizontal line is darker than its ground, on one side at least.

    The dark ground between white letters is not.
    """
    offset = line.thickness / 2 + max(2.0, 0.15 * em)
    columns = slice(int(line.start), max(int(line.start) + 1, int(line.end)))

    def row(position: float) -> npt.NDArray[np.int16]:
        y = min(max(int(position), 0), len(grey) - 1)
        return grey[y, columns].astype(np.int16)

    reach = max(1, round(line.thickness / 2))
    own = np.minimum.reduce([row(line.position + d) for d in range(-reach, reach + 1)])
    lighter = [
        float((row(line.position + side * offset) - own >= _CONTRAST).mean()) for side in (-1, 1)
    ]
    return max(lighter) >= 0.6


def _dashed(ink: Grey, letters: Grey, em: float) -> list[Ruling]:
    """Lines of dots or dashes: marks outside the words that close up to a long thin run."""
    rest = ink * (1 - letters)
    # Marks of a dashed line are thin: what is taller than a third of the text is something else.
    tall = cv2.morphologyEx(rest, cv2.MORPH_OPEN, np.ones((max(3, int(0.35 * em)), 1), np.uint8))
    rest = rest - np.asarray(tall, np.uint8)
    bridge = np.ones((1, max(3, int(0.7 * em))), np.uint8)
    closed = np.asarray(cv2.morphologyEx(rest, cv2.MORPH_CLOSE, bridge), np.uint8)
    return [
        r
        for r in _components(_runs(closed, int(4 * em)), rest, em, max_thickness=0.35 * em)
        if r.strength >= 0.25
    ]


def _components(runs: Grey, ink: Grey, em: float, max_thickness: float) -> list[Ruling]:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    found = []
    for index in range(1, count):
        left, top, width, height, area = (int(v) for v in stats[index])
        thickness = area / width
        if thickness > max_thickness or height > thickness + 0.3 * em + 0.03 * width:
            # Not one line: a blot, or lines that touch; take it apart by rows.
            found += _split_component(
                labels[top : top + height, left : left + width] == index,
                left,
                top,
                em,
                max_thickness,
            )
            continue
        part = labels[top : top + height, left : left + width] == index
        rows = np.nonzero(part)[0]
        there = ink[top : top + height, left : left + width].any(axis=0)
        found.append(
            Ruling(
                True,
                top + float(rows.mean()) + 0.5,
                left,
                left + width,
                thickness,
                float(there.mean()),
            )
        )
    return found


def _split_component(
    part: npt.NDArray[np.bool_], left: int, top: int, em: float, max_thickness: float
) -> list[Ruling]:
    """The lines in a component of several: rows much longer than their neighbours."""
    lengths = part.sum(axis=1)
    long = lengths >= max(2.5 * em, 0.5 * float(lengths.max()))
    edges = np.flatnonzero(np.diff(np.concatenate(([0], long.astype(np.int8), [0]))))
    found = []
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        if last - first > max_thickness:
            continue
        columns = np.flatnonzero(part[first:last].any(axis=0))
        start, end = int(columns[0]), int(columns[-1]) + 1
        strength = len(columns) / (end - start)
        if strength < 0.5:
            continue
        found.append(
            Ruling(True, top + (first + last) / 2, left + start, left + end, last - first, strength)
        )
    return found


def _edges(ground: Grey, em: float) -> list[Ruling]:
    """Where the ground changes its shade along a long straight line."""
    step = max(2, int(0.12 * em))
    if len(ground) <= 2 * step:
        return []
    change = np.zeros(ground.shape, np.int16)
    change[step:-step] = cv2.subtract(ground[2 * step :], ground[: -2 * step], dtype=cv2.CV_16S)
    found = []
    for sign in (1, -1):
        steep = np.asarray(sign * change >= _EDGE_CONTRAST, np.uint8)
        runs = _runs(steep, int(2 * em))
        found += _components(runs, runs, em, max_thickness=2.5 * step + 2)
    return [replace(r, thickness=1.0, drawn=False) for r in found]


def _same_place(a: Ruling, b: Ruling, em: float) -> bool:
    """Whether an edge lies on or right beside a line for most of its length."""
    common = min(a.end, b.end) - max(a.start, b.start)
    near = abs(a.position - b.position) <= _SAME_EDGE * em + b.thickness / 2
    return near and common >= 0.5 * a.length


def _join(lines: Sequence[Ruling], same: float, em: float) -> list[Ruling]:
    """Unite pieces of one broken line, and the strokes of a double one."""
    pending = sorted(lines, key=lambda r: (r.start, r.position))
    joined: list[Ruling] = []
    for line in pending:
        for index, other in enumerate(joined):
            gap = max(line.start, other.start) - min(line.end, other.end)
            apart = abs(line.position - other.position)
            overlap = gap < 0
            if (overlap and apart <= same) or (
                not overlap
                and gap <= _bridgeable(line, other, em)
                and apart <= max(2.0, 0.15 * em, 0.01 * (line.length + other.length))
            ):
                joined[index] = _union(other, line)
                break
        else:
            joined.append(line)
    return joined if len(joined) == len(lines) else _join(joined, same, em)


def _bridgeable(a: Ruling, b: Ruling, em: float) -> float:
    """The gap to close between two pieces: a break in a line, or the space between dashes."""
    shorter = min(a.length, b.length)
    return 0.45 * em if shorter > 3 * em else max(0.45 * em, min(0.7 * shorter, 1.2 * em))


def _union(a: Ruling, b: Ruling) -> Ruling:
    total = a.length + b.length
    start, end = min(a.start, b.start), max(a.end, b.end)
    position = (a.position * a.length + b.position * b.length) / total
    covered = min(end - start, a.strength * a.length + b.strength * b.length)
    side_by_side = max(a.start, b.start) >= min(a.end, b.end)
    thickness = max(a.thickness, b.thickness)
    if not side_by_side:
        thickness = max(thickness, abs(a.position - b.position) + (a.thickness + b.thickness) / 2)
    return Ruling(a.horizontal, position, start, end, thickness, covered / (end - start), a.drawn)


def _without_letters(rulings: Sequence[Ruling], words: Sequence[Box], em: float) -> list[Ruling]:
    """Drop lines that lie inside words: strokes of large letters, dashes, struck-out text."""
    if not words:
        return list(rulings)
    boxes = np.array([(w.left, w.top, w.right, w.bottom) for w in words])
    kept = []
    for r in rulings:
        along, across = ((0, 2), (1, 3)) if r.horizontal else ((1, 3), (0, 2))
        # A line may touch the words' boxes, a long one even cut into loose ones; the edge of a
        # shade keeps away from words.
        whole = r.horizontal and r.length > 8 * em and r.strength > 0.97
        margin = ((0.2 if whole else 0.08) if r.drawn else -0.3) * em
        if r.length < _STROKE * em:
            margin = min(margin, -_HALO * em)
        inner = (boxes[:, across[0]] + margin < r.position) & (
            r.position < boxes[:, across[1]] - margin
        )
        low = np.maximum(boxes[inner, along[0]] - 0.1 * em, r.start)
        high = np.minimum(boxes[inner, along[1]] + 0.1 * em, r.end)
        covered = float(np.clip(high - low, 0, None).sum())
        if covered < (0.6 if r.drawn else 0.8) * r.length:
            kept.append(r)
    return kept


def _cuts_letters(line: Ruling, characters: Sequence[Box], em: float) -> bool:
    """Whether an upright line goes through letters in several lines of text.

    It is made of stems that stand one above the other where lines begin alike.
    """
    cut = [
        c
        for c in characters
        if c.left - 0.02 * em <= line.position <= c.right + 0.02 * em
        and min(c.bottom, line.end) > max(c.top, line.start)
    ]
    covered = sum(min(c.bottom, line.end) - max(c.top, line.start) for c in cut)
    return len(cut) >= 2 and covered >= 0.3 * line.length
