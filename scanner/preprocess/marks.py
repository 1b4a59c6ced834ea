"""What on a page ought to be straight: lines of letters, margins and rulings, from its ink.

No network is asked: the ink of a picture of some 1600 pixels tells it in a few hundredths of a
second.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import torch

from gpu_ops.morphology import dilation, opening
from gpu_ops.threshold import darker
from scanner.ink_pieces import ink_pieces

Grey = npt.NDArray[np.uint8]
Array = npt.NDArray[np.float64]
Boxes = npt.NDArray[np.intp]

FEWEST = 4
"""A row of fewer letters says little about its direction."""

STRAY = 0.2
"""A foot this many letter heights off its row is a descender's, not on the baseline."""


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Traces `[n, 2]` of points (x, y): each of `rows` ought to be level, of `columns` upright.

    `letter` is the usual height of a letter in pixels, 0 where there are none. `lines` are the
    quadrilaterals `[4, 2]` around the letters of a row, clockwise from the top left.
    """

    letter: float
    rows: tuple[Array, ...]
    columns: tuple[Array, ...]
    lines: tuple[Array, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    """Feet of letters on a baseline `[n, 2]`, its two ends `[2, 2]`, and what holds its letters."""

    feet: Array
    ends: Array
    quad: Array


def find_ink(grey: Grey) -> Grey:
    """1 where a picture is darker than its surroundings, else 0."""
    smooth = np.asarray(cv2.GaussianBlur(grey, (3, 3), 0), dtype=np.uint8)
    return darker(torch.from_numpy(smooth), 31, 12).numpy().view(np.uint8)


def find_marks(ink: Grey, found: tuple[Boxes, float] | None = None) -> Marks:
    """The marks of a page whose lines run roughly from left to right, from its ink.

    `found` is what `find_letters` finds in it, if that is known.
    """
    letters, letter = found or find_letters(ink)
    if not len(letters):
        return Marks(0.0, (), (), ())
    rows = _text_rows(letters, letter, (ink.shape[0], ink.shape[1]))
    ruled = _rulings(ink, letter)
    upright = tuple(trace[:, ::-1] for trace in _rulings(ink.T.copy(), letter))
    return Marks(
        letter,
        tuple(row.feet for row in rows) + ruled,
        _margins([row.ends for row in rows], letter) + upright,
        tuple(row.quad for row in rows),
    )


def find_letters(ink: Grey) -> tuple[Boxes, float]:
    """Boxes of what may be letters, and their median height; none where there are too few."""
    found, area = ink_pieces(ink)
    width, height = (found[:, 2:] - found[:, :2]).T
    longest = max(ink.shape)
    likely = (area >= 8) & (height >= 4) & (height < longest / 12) & (width < 6 * height)
    likely &= height < 8 * width
    boxes = found[likely].astype(np.intp)
    if len(boxes) < 12:
        return boxes[:0], 0.0
    high = boxes[:, 3] - boxes[:, 1]
    letter = float(np.median(high))
    return boxes[(high > 0.5 * letter) & (high < 3 * letter)], letter


def text_direction(letters: Boxes) -> tuple[float, float]:
    """The direction of lines in degrees, -90 to 90, downwards to the right positive; and how
    clear it is, 0 to 1.

    Letters stand closer along a line than across (docstrum, O'Gorman 1993): the direction is
    that to their nearest neighbours of like height, the confidence by how much more neighbours
    lie there than across it.
    """
    if len(letters) < 12:
        return 0.0, 0.0
    centers = (letters[:, :2] + letters[:, 2:]) / 2
    high = (letters[:, 3] - letters[:, 1]).astype(np.float64)
    near = _nearest(centers, 4)
    first = np.repeat(np.arange(len(centers)), 3)
    second = near[:, 1:].ravel()
    alike = np.abs(np.log(high[first] / high[second])) < 0.7
    step = (centers[second] - centers[first])[alike]
    step = step[np.hypot(*step.T) < 4 * float(np.median(high))]
    if len(step) < 12:
        return 0.0, 0.0
    angles = np.degrees(np.arctan2(step[:, 1], step[:, 0]))
    bins = np.bincount(np.rint(angles).astype(int) % 180, minlength=180).astype(np.float64)
    spread = np.exp(-0.5 * (np.arange(-9, 10) / 4.0) ** 2)
    smooth = np.convolve(np.concatenate([bins[-9:], bins, bins[:9]]), spread, mode="valid")
    peak = int(smooth.argmax())
    off = (angles - peak + 90) % 180 - 90
    direction = peak + float(np.median(off[np.abs(off) < 8]))
    along = float((np.abs(off) < 20).sum())
    across = float((np.abs(off) > 70).sum())
    return (direction + 90) % 180 - 90, max(0.0, 1 - across / max(along, 1.0))


def _nearest(points: Array, count: int) -> npt.NDArray[np.intp]:
    """For each of the points `[n, 2]` those nearest to it, itself first: `[n, count]`.

    By a k-d tree of OpenCV's, exactly: SciPy's brings a quarter of a second of imports.
    """
    places = points.astype(np.float32)
    tree = cv2.flann.Index(places, {"algorithm": 4})  # FLANN's KDTREE_SINGLE
    near, _ = tree.knnSearch(places, count, params={"checks": -1})
    return np.asarray(near, dtype=np.intp)


def _text_rows(letters: Boxes, letter: float, size: tuple[int, int]) -> list[_Row]:
    """Rows of letters that stand on a common baseline."""
    bars = np.zeros(size, dtype=np.uint8)
    half = max(1.0, 0.35 * letter)
    middles = (letters[:, :2] + letters[:, 2:]) / 2
    for (x0, _, x1, _), y in zip(letters.tolist(), middles[:, 1].tolist(), strict=True):
        cv2.rectangle(bars, (x0, int(y - half)), (x1, int(y + half)), 255, -1)
    gap = np.ones((1, max(3, round(2.2 * letter)) | 1), dtype=np.uint8)
    joined = cv2.morphologyEx(bars, cv2.MORPH_CLOSE, gap)
    _, labels = cv2.connectedComponentsWithAlgorithm(joined, 8, cv2.CV_32S, cv2.CCL_GRANA)
    owner = labels[middles[:, 1].astype(int), middles[:, 0].astype(int)]
    order = np.lexsort((middles[:, 0], owner))
    starts = np.flatnonzero(np.diff(owner[order], prepend=-1))
    rows = []
    for members in np.split(order, starts[1:]):
        if len(members) >= FEWEST and (row := _baseline(letters[members], letter)) is not None:
            rows.append(row)
    return rows


def _baseline(letters: Boxes, letter: float) -> _Row | None:
    x = (letters[:, 0] + letters[:, 2]) / 2
    middle, foot = (letters[:, 1] + letters[:, 3]) / 2, letters[:, 3].astype(np.float64)
    length = (x[-1] - x[0]) / letter
    if length < 3:
        return None
    degree = 1 if length < 8 else 2 if length < 25 else 4
    at = (x - x.mean()) / max(float(np.ptp(x)), 1.0)
    off = foot - np.polyval(_fit(at, middle, min(degree, 2)), at)
    kept = np.abs(off - np.median(off)) < 0.35 * letter
    for _ in range(2):
        if kept.sum() < max(FEWEST, degree + 2):
            return None
        line = _fit(at[kept], foot[kept], degree)
        kept = np.abs(foot - np.polyval(line, at)) < STRAY * letter + 0.5
    if kept.mean() < 0.5 or kept.sum() < FEWEST:
        return None
    ends = np.array([[letters[0, 0], 0], [letters[-1, 2], 0]], dtype=np.float64)
    ends[:, 1] = np.polyval(line, (ends[:, 0] - x.mean()) / max(float(np.ptp(x)), 1.0))
    lean = (ends[1] - ends[0]) / max(float(ends[1, 0] - ends[0, 0]), 1.0)
    level = ends[0, 1] + lean[1] * (x - ends[0, 0])
    over, under = (letters[:, 1] - level).min(), (letters[:, 3] - level).max()
    pad = 0.15 * (under - over)
    top = ends + np.array([(-pad, over - pad), (pad, over - pad)])
    bottom = ends + np.array([(-pad, under + pad), (pad, under + pad)])
    quad = np.array([top[0], top[1], bottom[1], bottom[0]])
    return _Row(np.column_stack([x[kept], foot[kept]]), ends, quad)


def _fit(x: Array, y: Array, degree: int) -> Array:
    """`numpy.polyfit` for x between -1 and 1, in a third of the time."""
    return np.asarray(np.linalg.lstsq(np.vander(x, degree + 1), y, rcond=None)[0])


def _rulings(ink: Grey, letter: float) -> tuple[Array, ...]:
    """Traces of drawn lines that run roughly from left to right."""
    thick = dilation(torch.from_numpy(ink), (3, 1))
    shortest = max(15, round(4 * letter))
    long = opening(thick, (1, shortest)).numpy()
    if not cv2.countNonZero(long):
        return ()
    count, labels, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(
        long, connectivity=8, ltype=cv2.CV_32S, ccltype=cv2.CCL_GRANA
    )
    traces = []
    for label in range(1, count):
        left, top, width, height, area = stats[label]
        if width < 8 * letter or height > 0.3 * width or area > 8 * width:
            continue
        part = labels[top : top + height, left : left + width] == label
        columns = np.linspace(2, width - 3, min(24, max(6, width // 12))).astype(int)
        inked = part[:, columns]
        depth = inked.sum(axis=0)
        sure = (depth > 0) & (depth < 8)
        if sure.sum() >= FEWEST:
            y = (np.arange(height) @ inked)[sure] / depth[sure]
            traces.append(np.column_stack([columns[sure] + left, y + top]).astype(np.float64))
    return tuple(traces)


def _margins(ends: list[Array], letter: float) -> tuple[Array, ...]:
    """Traces of ends of rows that stand below each other."""
    found = []
    for side in (0, 1):
        found += _stacks(np.array([pair[side] for pair in ends]).reshape(-1, 2), letter)
    return tuple(found)


def _stacks(ends: Array, letter: float) -> list[Array]:
    """Chains of at least five points, each about below the one before and a few rows down."""
    chains: list[list[int]] = []
    for index in np.argsort(ends[:, 1]):
        x, y = ends[index]
        best, nearest = None, 0.8
        for chain in chains:
            before = ends[chain[-1]]
            down = (y - before[1]) / letter
            if not 0.5 < down < 12:
                continue
            lean = 0.0
            if len(chain) > 2:
                first = ends[chain[max(0, len(chain) - 6)]]
                lean = (before[0] - first[0]) / max(before[1] - first[1], letter)
            off = abs(x - before[0] - lean * (y - before[1])) / letter
            # The first steps of a chain may lean by a fifth.
            allowed = 0.6 + (0.2 * down if len(chain) < 3 else 0.0)
            if off < allowed and off < nearest + 0.2 * down:
                best, nearest = chain, off
        if best is None:
            chains.append([int(index)])
        else:
            best.append(int(index))
    traces = []
    for chain in chains:
        trace = ends[chain]
        if len(trace) < 5:
            continue
        line = np.polyfit(trace[:, 1], trace[:, 0], 1 if len(trace) < 8 else 2)
        kept = np.abs(trace[:, 0] - np.polyval(line, trace[:, 1])) < 0.5 * letter
        if kept.sum() >= 5:
            traces.append(trace[kept])
    return traces
