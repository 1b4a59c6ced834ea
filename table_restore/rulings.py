"""Rulings: the straight lines that a table is drawn with, found in a page's pixels.

Three kinds of evidence are read from one grey page: runs of ink longer than a letter's strokes,
rows of dots or dashes, and long edges of a shaded ground. Everything is scaled by the height of
the page's text, so a resolution need not be known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import reduce
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from table_restore.dark_grounds import find_dark, on_paper
from table_restore.geometry import Box, Edges
from table_restore.letters import HALO, cuts_letters, without_letters
from table_restore.pieces import find_lines
from table_restore.ruling import Ruling
from table_restore.shades import (
    SAME_EDGE,
    beyond_lines,
    find_edges,
    find_ground,
    median_level,
    without_words,
)
from table_restore.stretches import by_stretches
from table_restore.strokes import find_pieces, find_runs, ranges, same_group

Grey = npt.NDArray[np.uint8]

_WORKING_HEIGHT = 16  # text height, in pixels, that rulings are looked for at
_CONTRAST = 14  # grey levels that ink is darker than the ground around it
_NOISE = 2.5  # how much more, in usual differences from the ground, where a page is noisy
_THICKEST = 0.6  # the greatest thickness of a line drawn whole, in text heights
_SAME_LINE = 0.4  # parallel lines closer than this many text heights are one
_DASH_GAP = 1.0  # the widest gap between the dashes of a line, in text heights
_ISOLATED = 0.2  # the share of the marks of a dashed line that touch no other ink
_DENSE = 0.65  # or of its length that they cover: letters in a row have wider gaps
_BESIDE_WORDS = 0.2  # the share of an upright dashed line that stands between lines of text
_STRAIGHT = 6.0  # so many text heights of a line are straight and level enough
_LEAN = 0.008  # the share of its length that a line may be off its middle at its ends
_ECHO = 0.15  # the depth, as a share of that of ink near by, of what JPEG leaves around it
_ECHO_REACH = 0.9  # the width and height, in text heights, of what is near by


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
    grey: Grey,
    words: Sequence[Box],
    characters: Edges,
    text_height: float,
    bright: Callable[[], Grey] | None = None,
) -> list[Ruling]:
    """All rulings of an upright page, in its pixels.

    `grey` is [h, w] with 0 black, `words` and `characters` the boxes of what was recognised
    (letters are no rulings), `text_height` the usual height of a line of text in pixels.
    `bright` gives the page's `bright_channel`, for lines on dark grounds; `grey` by default.
    """
    factor = max(1, round(text_height / _WORKING_HEIGHT))
    small = _shrink(grey, factor)
    em = text_height / factor
    boxes = [_shrunk(b, factor) for b in words]
    words_at = np.array([(b.left, b.top, b.right, b.bottom) for b in boxes]).reshape(-1, 4)
    letters_at = characters / factor
    plain = without_words(small, boxes)
    shades = find_ground(plain, 0.5 * em)
    paper = float(np.percentile(shades[::4, ::4], 90))
    letters = _mask(small.shape, boxes)
    halos = _mask(small.shape, [b.grow(HALO * em) for b in boxes])
    dark = find_dark(shades, halos, em)
    if dark is not None:

        def planes() -> tuple[Grey, ...]:
            light = [_shrink(255 - p, factor) for p in (grey, bright() if bright else grey)]
            return plain, *(without_words(255 - p, boxes) for p in light)

        small = on_paper(small, planes, dark, em)
    depth = np.asarray(cv2.subtract(find_ground(small, 0.8 * em), small), np.uint8)
    ink = np.asarray(depth >= _least_contrast(depth), np.uint8)
    marks = _without_echoes(ink, depth, em)
    thickest = _THICKEST * em + 1 - 1 / factor  # dark pixels win where a page is made smaller
    flat, narrow = _pieces_up_to(max(3, int(0.35 * em)), ink)
    found: list[Ruling] = []
    for horizontal in (True, False):
        if not horizontal:
            small, ink, marks, letters, halos, flat, shades = (
                np.asarray(cv2.transpose(m), np.uint8)
                for m in (small, ink, marks, letters, halos, narrow, shades)
            )
        solid = [
            replace(r, horizontal=horizontal)
            for r in _solid(ink, letters, em, thickest)
            if _stands_out(r, small, em)
        ]
        whole = _join(solid, _SAME_LINE * em, em)
        drawn = without_letters(whole, words_at, em)
        drawn = [r for r in drawn if horizontal or not cuts_letters(r, letters_at, em)]
        least = 0.5 if horizontal else _BESIDE_WORDS
        dashed = [replace(r, horizontal=horizontal) for r in _dashed(marks, flat, halos, em, least)]
        drawn = _join([*drawn, *dashed], _SAME_LINE * em, em)
        edges = [replace(e, horizontal=horizontal) for e in find_edges(shades, em, paper)]
        edges = beyond_lines(edges, [*whole, *drawn], em)
        found += drawn + without_letters(_join(edges, SAME_EDGE * em, em), words_at, em)
    found = by_stretches(found, ink.T, boxes, em)
    return [_enlarge(ruling, factor) for ruling in found]


def _least_contrast(depth: Grey) -> float:
    """The grey levels that part ink from the noise of a page, whose `depth` below the ground
    is noise in most places."""
    noise = float(median_level(depth[::3, ::3].ravel()))
    return max(_CONTRAST, _NOISE * noise)


def _without_echoes(ink: Grey, depth: Grey, em: float) -> Grey:
    """The ink without the faint specks that JPEG leaves around strong strokes."""
    reach = max(3, int(_ECHO_REACH * em)) | 1
    near = cv2.dilate(depth, np.ones((reach, reach), np.uint8))
    least = np.ceil(_ECHO * np.arange(256, dtype=np.float32)).astype(np.uint8)
    return np.asarray(ink & (depth >= cv2.LUT(near, least)), np.uint8)


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


def _mask(shape: tuple[int, ...], boxes: Sequence[Box]) -> Grey:
    mask = np.zeros(shape, np.uint8)
    for b in boxes:
        mask[int(b.top) : int(np.ceil(b.bottom)), int(b.left) : int(np.ceil(b.right))] = 1
    return mask


def _solid(ink: Grey, letters: Grey, em: float, thickest: float) -> list[Ruling]:
    """Runs of ink longer than the strokes of letters; short ones within words are such strokes."""
    runs = find_runs(ink).longer(max(3, int(1.3 * em)))
    short = np.flatnonzero(runs.length <= 3 * em)
    run, column = ranges(runs.start[short] + 1, runs.end[short])
    lettered = np.bincount(run, letters[runs.row[short][run], column], len(short))
    kept = np.ones(len(runs), np.bool_)
    kept[short] = lettered < 0.9 * runs.length[short]
    runs = runs.where(kept)
    # A line one pixel thick that climbs a pixel breaks into runs; bridging rows joins them.
    return find_lines(runs, runs, em, max_thickness=thickest)


def _stands_out(line: Ruling, grey: Grey, em: float) -> bool:
    """Whether a horizontal line is darker than its ground, on one side at least.

    The dark ground between white letters is not. A long line may lean, so it is followed.
    """
    start, end = int(line.start), max(int(line.start) + 1, int(line.end))
    pieces = max(1, round(line.length / (_STRAIGHT * em)))
    edges = np.linspace(start, end, pieces + 1).astype(int).tolist() if pieces > 1 else [start, end]
    lean = round(_LEAN * line.length) if pieces > 1 else 0
    reach = max(1, round(line.thickness / 2))
    offset = line.thickness / 2 + max(2.0, 0.15 * em)
    lighter = [0, 0]

    def row(position: float) -> int:
        return min(max(int(position), 0), len(grey) - 1)

    for left, right in pairwise(edges):
        part = grey[:, left:right]
        at = line.position + (_darkest(part, int(line.position), lean) if lean else 0)

        own = part[row(at - reach) : row(at + reach) + 1].min(axis=0)
        least = own.astype(np.int16) + _CONTRAST
        for side in (0, 1):
            beside = part[row(at + (2 * side - 1) * offset)]
            lighter[side] += int(np.count_nonzero(beside >= least))
    return max(lighter) >= 0.6 * (end - start)


def _darkest(part: Grey, row: int, reach: int) -> int:
    """How far below a row, or above it, the darkest one within reach is."""
    rows = np.clip(np.arange(row - reach, row + reach + 1), 0, len(part) - 1)
    return int(np.argmin(part[rows].mean(axis=1))) - reach


def _pieces_up_to(size: int, ink: Grey) -> tuple[Grey, Grey]:
    """The ink of pieces that are at most so many pixels high, and of those that are so wide."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    least = stats[:, cv2.CC_STAT_AREA] > 1  # lone pixels are noise
    least[0] = False
    low, narrow = stats[:, cv2.CC_STAT_HEIGHT] <= size, stats[:, cv2.CC_STAT_WIDTH] <= size
    kinds = np.asarray(least * (low + 2 * narrow), np.uint8)[labels]
    return kinds & 1, kinds >> 1


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
        for r in find_lines(closed, marks, em, max_thickness=0.35 * em)
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
