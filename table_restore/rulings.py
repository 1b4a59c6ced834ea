"""Rulings: the straight lines that a table is drawn with, found in a page's pixels.

Three kinds of evidence are read from one grey page: runs of ink longer than a letter's strokes,
rows of dots or dashes, and long edges of a shaded ground. Everything is scaled by the height of
the page's text, so a resolution need not be known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import cv2
import numpy as np
import numpy.typing as npt

from table_restore.geometry import Box
from table_restore.letters import HALO, cuts_letters, without_letters
from table_restore.ruling import Ruling
from table_restore.strokes import Runs, find_pieces, find_runs, ranges, same_group

Grey = npt.NDArray[np.uint8]

_WORKING_HEIGHT = 16  # text height, in pixels, that rulings are looked for at
_CONTRAST = 14  # grey levels that ink is darker than the ground around it
_NOISE = 2.5  # how much more, in usual differences from the ground, where a page is noisy
_SAME_LINE = 0.4  # parallel lines closer than this many text heights are one
_SAME_EDGE = 0.8  # the same for edges of shades: no text stands in so narrow a strip
_DASH_GAP = 1.0  # the widest gap between the dashes of a line, in text heights
_WEAK = 0.5  # the strength of a drawn line that leaves the edge of a shade its place
_ISOLATED = 0.2  # the share of the marks of a dashed line that touch no other ink
_DENSE = 0.65  # or of its length that they cover: letters in a row have wider gaps
_BESIDE_WORDS = 0.2  # the share of an upright dashed line that stands between lines of text
_EDGE_CONTRAST = 7  # grey levels between the two sides of a shade's edge


def ink_channel(pixels: npt.NDArray[np.uint8]) -> Grey:
    """Half the least of red, green and blue, half their brightness [h, w].

    Coloured lines and grounds stand out from white; the blocks that JPEG leaves beside them in
    their colour alone do not.
    """
    red, green, blue = cv2.split(pixels)
    least = cv2.min(cv2.min(red, green), blue)
    return np.asarray(
        cv2.addWeighted(least, 0.5, cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), 0.5, 0), np.uint8
    )


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
    depth = np.asarray(cv2.subtract(_ground(small, 0.8 * em), small), np.uint8)
    shades = _ground(_without_words(small, boxes), 0.5 * em)
    ink = np.asarray(depth >= _least_contrast(depth), np.uint8)
    letters = _mask(small.shape, boxes)
    halos = _mask(small.shape, [b.grow(HALO * em) for b in boxes])
    flat, narrow = _pieces_up_to(max(3, int(0.35 * em)), ink)
    found: list[Ruling] = []
    for horizontal in (True, False):
        if not horizontal:
            small, ink, letters, halos, flat, shades = (
                np.ascontiguousarray(m.T) for m in (small, ink, letters, halos, narrow, shades)
            )
        solid = [
            replace(r, horizontal=horizontal)
            for r in _solid(ink, letters, em)
            if _stands_out(r, small, em)
        ]
        whole = _join(solid, _SAME_LINE * em, em)
        drawn = without_letters(whole, boxes, em)
        drawn = [r for r in drawn if horizontal or not cuts_letters(r, letters_at, em)]
        least = 0.5 if horizontal else _BESIDE_WORDS
        dashed = [replace(r, horizontal=horizontal) for r in _dashed(ink, flat, halos, em, least)]
        drawn = _join([*drawn, *dashed], _SAME_LINE * em, em)
        edges = [replace(e, horizontal=horizontal) for e in _edges(shades, em)]
        edges = [e for e in edges if not any(_same_place(e, r, em) for r in [*whole, *drawn])]
        found += drawn + without_letters(_join(edges, _SAME_EDGE * em, em), boxes, em)
    return [_enlarge(ruling, factor) for ruling in found]


def _least_contrast(depth: Grey) -> float:
    """The grey levels that part ink from the noise of a page, whose `depth` below the ground
    is noise in most places."""
    noise = float(np.median(depth[::3, ::3]))
    return max(_CONTRAST, _NOISE * noise)


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


def _solid(ink: Grey, letters: Grey, em: float) -> list[Ruling]:
    """Runs of ink longer than the strokes of letters; short ones within words are such strokes."""
    runs = find_runs(ink).longer(max(3, int(1.3 * em)))
    across = np.cumsum(letters, axis=1, dtype=np.int32)
    lettered = across[runs.row, runs.end - 1] - across[runs.row, runs.start]
    runs = runs.where((runs.length > 3 * em) | (lettered < 0.9 * runs.length))
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


def _pieces_up_to(size: int, ink: Grey) -> tuple[Grey, Grey]:
    """The ink of pieces that are at most so many pixels high, and of those that are so wide."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    least = stats[:, cv2.CC_STAT_AREA] > 1  # lone pixels are noise
    least[0] = False
    low, narrow = stats[:, cv2.CC_STAT_HEIGHT] <= size, stats[:, cv2.CC_STAT_WIDTH] <= size
    return (least & low).astype(np.uint8)[labels], (least & narrow).astype(np.uint8)[labels]


def _dashed(ink: Grey, flat: Grey, letters: Grey, em: float, outside: float) -> list[Ruling]:
    """Lines of dots or dashes: thin marks that close up to a long thin run.

    Most of them are pieces of ink by themselves (`flat`), not parts of letters, and at least the
    share `outside` stands outside the words: words read over a line have boxes that hide it.
    """
    tall = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((max(3, int(0.35 * em)) | 1, 1), np.uint8))
    thin = np.asarray((flat | (1 - letters)) & ink & (1 - np.asarray(tall, np.uint8)), np.uint8)
    marks = find_runs(thin)
    marks = marks.where(marks.length <= 3 * em)  # longer ones are whole lines
    if not len(marks):
        return []
    pieces = find_pieces(marks, marks)
    marks = marks.where(pieces.area[pieces.label] > 1)  # lone pixels are noise
    closed = marks.bridged(max(3, int(_DASH_GAP * em))).longer(int(_DASH_GAP * em))
    lines = [
        r
        for r in _components(closed, marks, em, max_thickness=0.35 * em)
        if r.strength >= 0.25
        and (r.strength >= _DENSE or _share(r, thin, flat) >= _ISOLATED)
        and _share(r, thin, 1 - letters) >= outside
        and not _of_a_pattern(r, thin, em)
    ]
    long = [r for r in lines if r.length >= 4 * em]
    short = [r for r in lines if r.length < 4 * em and _share(r, thin, 1 - letters) >= 0.5]
    # A short piece, between merged cells, is like the longer one that it goes on from.
    near = 0.1 * em + 1
    return long + [
        r
        for r in short
        if any(
            abs(r.position - o.position) <= near
            and abs(r.thickness - o.thickness) <= 1
            and abs(r.strength - o.strength) <= 0.2
            for o in long
        )
    ]


def _share(line: Ruling, marks: Grey, kind: Grey) -> float:
    """The share of the marks along a line that are of a kind."""
    half = max(1.0, line.thickness)
    rows = slice(max(0, int(line.position - half)), int(line.position + half) + 1)
    columns = slice(int(line.start), int(line.end))
    own = marks[rows, columns]
    there = int(own.any(axis=0).sum())
    return int((own & kind[rows, columns]).any(axis=0).sum()) / there if there else 0.0


def _of_a_pattern(line: Ruling, marks: Grey, em: float) -> bool:
    """Whether a line of dots has dots as dense on both its sides: the hatching of a chart."""
    columns = slice(int(line.start), int(line.end))

    def dense(low: float, high: float) -> bool:
        strip = marks[max(0, round(low)) : max(0, round(high)), columns]
        return bool(strip.any(axis=0).mean() >= 0.5 * line.strength)

    near, far = 0.3 * em + line.thickness / 2, em + line.thickness / 2
    at = line.position
    return dense(at - far, at - near) and dense(at + near, at + far)


def _components(runs: Runs, ink: Runs, em: float, max_thickness: float) -> list[Ruling]:
    """The lines that runs make, those of several lines taken apart; `ink` is what is there."""
    if not len(runs):
        return []
    pieces = find_pieces(runs, ink)
    width, height = pieces.right - pieces.left, pieces.bottom - pieces.top
    thickness = pieces.area / width
    # Not one line, be it a leaning one: a blot, or lines that touch.
    crooked = pieces.spread > 0.3 * thickness + 0.08 * em
    mixed = (thickness > max_thickness) | crooked | (height > thickness + 0.3 * em + 0.1 * width)
    found = [
        Ruling(
            True,
            float(pieces.middle[i]),
            int(pieces.left[i]),
            int(pieces.right[i]),
            float(thickness[i]),
            float(pieces.there[i]),
        )
        for i in np.flatnonzero(~mixed)
    ]
    for i in np.flatnonzero(mixed):
        found += _split(runs.where(pieces.label == i), em, max_thickness)
    return found


def _split(runs: Runs, em: float, max_thickness: float) -> list[Ruling]:
    """The lines in a piece of several: rows much longer than their neighbours."""
    top = int(runs.row[0])
    lengths = np.bincount(runs.row - top, weights=runs.length)
    long = lengths >= max(2.5 * em, 0.5 * float(lengths.max()))
    edges = np.flatnonzero(np.diff(np.concatenate(([0], long.astype(np.int8), [0])))).tolist()
    found = []
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        if last - first > max_thickness:
            continue
        low, high = np.searchsorted(runs.row, (top + first, top + last))
        there = np.zeros(int(runs.end.max()), np.bool_)
        for start, end in zip(runs.start[low:high], runs.end[low:high], strict=True):
            there[start:end] = True
        columns = np.flatnonzero(there)
        start, end = int(columns[0]), int(columns[-1]) + 1
        strength = len(columns) / (end - start)
        if strength >= 0.5:
            found.append(Ruling(True, top + (first + last) / 2, start, end, last - first, strength))
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
        runs = find_runs(steep).longer(max(3, int(2 * em)))
        found += _components(runs, runs, em, max_thickness=2.5 * step + 2)
    paper = float(np.percentile(ground[::4, ::4], 90))
    return [
        replace(r, thickness=1.0, drawn=False) for r in found if not _is_seam(r, ground, em, paper)
    ]


def _is_seam(edge: Ruling, ground: Grey, em: float, paper: float) -> bool:
    """Whether the shade is the same on both sides of an edge, unless paper parts two grounds:
    where a printer's bands meet, or what painting a word over has left.
    """
    place = int(edge.position)
    columns = slice(int(edge.start), int(edge.end))

    def shade(rows: slice) -> float:
        part = ground[rows, columns]
        return float(np.median(part)) if part.size else paper

    reach, width = max(2, int(0.4 * em)), max(1, int(0.2 * em))
    above = shade(slice(max(0, place - reach - width), max(1, place - reach)))
    below = shade(slice(place + reach, place + reach + width))
    middle = max(shade(slice(y, y + 1)) for y in range(max(0, place - 2), place + 3))
    parted = above < paper - _EDGE_CONTRAST <= middle
    return abs(above - below) < _EDGE_CONTRAST and not parted


def _same_place(a: Ruling, b: Ruling, em: float) -> bool:
    """Whether an edge lies on or right beside a line for most of its length."""
    if b.strength < _WEAK:
        return False  # dots that an edge has swallowed here and there
    common = min(a.end, b.end) - max(a.start, b.start)
    near = abs(a.position - b.position) <= _SAME_EDGE * em + b.thickness / 2
    return near and common >= 0.5 * a.length


def _join(lines: Sequence[Ruling], same: float, em: float) -> list[Ruling]:
    """Unite pieces of one broken line, and the strokes of a double one."""
    if len(lines) < 2:
        return list(lines)
    lines = sorted(lines, key=lambda r: r.position)
    position, start, end = np.array([(r.position, r.start, r.end) for r in lines]).T
    length = end - start
    reach = np.maximum(max(same, 2.0, 0.15 * em), 0.01 * (length + length.max()))
    a, b = ranges(
        np.arange(1, len(lines) + 1), np.searchsorted(position, position + reach, side="right")
    )
    apart = position[b] - position[a]
    gap = np.maximum(start[a], start[b]) - np.minimum(end[a], end[b])
    in_line = apart <= np.maximum(max(2.0, 0.15 * em), 0.01 * (length[a] + length[b]))
    bridge = _bridgeable(np.minimum(length[a], length[b]), em)
    one = np.where(gap < 0, apart <= same, in_line & (gap <= bridge))
    groups = same_group(len(lines), a[one], b[one])
    joined = [reduce(_union, sorted((lines[i] for i in g), key=lambda r: r.start)) for g in groups]
    return joined if len(joined) == len(lines) else _join(joined, same, em)


def _bridgeable(shorter: npt.NDArray[np.float64], em: float) -> npt.NDArray[np.float64]:
    """The gap to close beside a piece: a break in a line, or the space between dashes."""
    dashes = np.clip(0.7 * shorter, 0.45 * em, 1.2 * em)
    return np.where(shorter > 3 * em, 0.45 * em, dashes)


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
