"""Even, white light on a photographed or yellowed page; a clean scan is left as it is.

The paper's colour under the ink is taken from a small copy of the page by a closing, which fills
letters and lines. What the paper's light explains changes gently; printed areas, pictures,
highlighter and the table under the page end at edges. So paper is what can be reached from
the page's largest bright area without crossing an edge, and folded paper beyond one; where
something else covers it, its colour is guessed from around. The page is divided by that.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import torch

from gpu_ops.illumination import flatten
from gpu_ops.morphology import closing
from scanner.images import Step

Pixels = npt.NDArray[np.uint8]
Map = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.int32]
Colour = npt.NDArray[np.float64]

LONGEST = 1000
"""Pixels of the small copy's longer side: text of 10 points has strokes of 1 to 2 pixels there."""

STROKE = 9
"""Pixels of the small copy; ink thinner than this is filled."""

CELL = 4
"""The paper's colour is known in cells of so many pixels of the small copy."""

EDGE, FOLD, BUSY = 0.06, 0.12, 3.0
"""Where brightness changes by more over two pixels of the small copy (as a logarithm), something
ends. On wrinkled paper it must change by up to twice that: by so many times the page's median."""

FOLDED = 0.7
"""Paper behind a fold is not darker than this beside the paper around it."""

PRINTED = 0.03
"""Printed shades are more even than this, relative to the paper around; folded paper is not."""

COLOURED = 0.15
"""Light does not change the paper's colour by more than this; ink does."""

UNEVEN, DIM, TINTED, GRAINY = 0.08, 0.07, 0.06, 0.025
"""From here on paper asks for cleaning: how much its darkest part lacks, how much all of it, how
much its weakest channel, and the spread of its grain; all as shares of white."""

CONVINCED = 0.5

DRAWN = 0.9
"""A page of which so much has one of eight levels was drawn by a program or has two levels only:
no light has fallen on it."""

DEEPEST = 0.2
"""Ink that gives back more light than this is not made black: it may be grey."""

_MEAN = cv2.INTER_AREA

_LEAST_GRAIN, _MOST_GRAIN = 16, 80
"""Levels that paper may be above and below what was taken for its light."""


@dataclass(frozen=True, slots=True, eq=False)
class Light:
    """What the paper of a page looks like.

    `surface` is the colour of bare paper in cells `[h, w, 3]`, also under what covers it, less
    the paper's grain; `black` is the share of it that ink gives back. `step` says whether
    the page asks for cleaning; where it does not, the others mean nothing.
    """

    surface: Pixels
    black: float
    step: Step


def find_light(pixels: torch.Tensor) -> Light:
    """The light on a page `[height, width, 3]`, and whether it needs to be evened.

    The confidence is that the picture shows a page: twice the share of it that is paper.
    """
    page = pixels.numpy()
    sample = _sample(page)
    if _is_drawn(sample):
        return _untouched(1.0)
    small = torch.from_numpy(_shrink(page, min(1.0, LONGEST / max(page.shape))))
    closed = closing(small, (STROKE, STROKE))
    cells = _shrink(closed.numpy(), 1 / CELL)
    labels, main = _smooth_areas(closed.numpy(), cells)
    paper = labels == main
    colour = np.median(cells[paper], axis=0) / 255 if paper.any() else np.zeros(3)
    confidence = min(1.0, 2 * float(paper.mean())) if colour.max() > 0.25 else 0.0
    if confidence < CONVINCED or not _asks_for_cleaning(cells[paper], colour, sample):
        return _untouched(confidence)
    surface = _fill(cells, _covered(cells, labels, main))
    surface = _without_grain(surface, sample)
    return Light(surface, _ink(surface, sample), Step("light", confidence, True))


def even_light(pixels: torch.Tensor, light: Light) -> torch.Tensor:
    """The page on even white paper; its own pixels where `find_light` saw no need."""
    if not light.step.taken:
        return pixels
    return flatten(pixels, torch.from_numpy(light.surface).to(pixels.device), light.black)


def _untouched(confidence: float) -> Light:
    return Light(np.full((1, 1, 3), 255, np.uint8), 0.0, Step("light", confidence, False))


def _is_drawn(sample: Pixels) -> bool:
    counts = np.bincount(sample[:, :, 1].ravel(), minlength=256)
    return bool(np.sort(counts)[-8:].sum() >= DRAWN * counts.sum())


def _shrink(picture: Pixels, factor: float) -> Pixels:
    width, height = (max(2, round(side * factor)) for side in (picture.shape[1], picture.shape[0]))
    small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8)


def _sample(page: Pixels) -> Pixels:
    """Every n-th pixel of every n-th row, some half a million, with their grain as it is."""
    stride = max(1, round((page.shape[0] * page.shape[1] / 500_000) ** 0.5))
    return page[::stride, ::stride]


def _smooth_areas(closed: Pixels, cells: Pixels) -> tuple[Labels, int]:
    """Areas without edges, numbered from 1 (0: edges), and the number of the paper's.

    That is the one with the most light, so large and bright.
    """
    level = np.log(np.maximum(cv2.blur(closed, (3, 3)), 8).astype(np.float32))
    square = np.ones((3, 3), dtype=np.uint8)
    edges = (cv2.dilate(level, square) - cv2.erode(level, square)).max(axis=2)
    height, width = cells.shape[:2]
    edges = cv2.dilate(edges, np.ones((CELL, CELL), dtype=np.uint8))
    edges = cv2.resize(edges, (width, height), interpolation=cv2.INTER_NEAREST)
    limit = min(max(EDGE, BUSY * float(np.median(edges))), FOLD)
    _, found = cv2.connectedComponents((edges <= limit).astype(np.uint8), connectivity=4)
    labels = np.asarray(found, dtype=np.int32)
    light = np.bincount(labels.ravel(), cells.max(axis=2).ravel().astype(np.float64))
    light[0] = 0
    return labels, int(light.argmax()) or 1


def _asks_for_cleaning(paper: Pixels, colour: Colour, sample: Pixels) -> bool:
    """Whether paper (cells `[n, 3]` of median `colour`) is not even, white and without grain."""
    darkest, brightest = np.percentile(paper.max(axis=1), (2, 98))
    if 1 - darkest / brightest > UNEVEN or 1 - np.median(paper.max(axis=1)) / 255 > DIM:
        return True
    if 1 - colour.min() / colour.max() > TINTED:
        return True
    counts = np.bincount(sample[:, :, 1].ravel(), minlength=256)[:127:-1]
    return bool(_grain(counts)[1] > GRAINY * 255)


def _covered(cells: Pixels, labels: Labels, main: int) -> Mask:
    """Cells where something other than light makes the paper look as it does.

    An area beyond an edge is paper behind a fold if it is not much darker than the paper around
    it, not coloured, and not as even beside it as print. Edges belong to what they bound.
    """
    around = _fill(cells, labels != main).astype(np.float32)
    ratio = cells.astype(np.float32) / around
    level, colour = ratio.mean(axis=2), np.ptp(ratio, axis=2)
    flat = labels.ravel()
    area = np.maximum(np.bincount(flat), 1)
    mean = np.bincount(flat, level.ravel()) / area
    spread = np.sqrt(np.maximum(np.bincount(flat, level.ravel() ** 2) / area - mean**2, 0))
    other = (mean < FOLDED) | ((np.abs(mean - 1) > 2 * PRINTED) & (spread < PRINTED))
    other |= np.bincount(flat, colour.ravel()) / area > COLOURED
    other[[0, main]] = False
    typical = np.median(cells[labels == main], axis=0).astype(np.float32)
    tint = cells / typical
    things = other[labels] | ((labels == 0) & ((level < FOLDED) | (colour > COLOURED)))
    things |= np.ptp(tint / np.maximum(tint.max(axis=2, keepdims=True), 1e-3), axis=2) > COLOURED
    grown = cv2.dilate(things.astype(np.uint8), np.ones((5, 5), dtype=np.uint8)) > 0
    return np.asarray(things | (grown & (labels != main)), dtype=np.bool_)


def _fill(cells: Pixels, covered: Mask) -> Pixels:
    """The cells, covered ones guessed from around by averages over ever larger areas.

    The pull-push algorithm (Gortler et al., "The Lumigraph", 1996).
    """
    weight = (~covered).astype(np.float32)
    filled = _pull_push(np.asarray(cells * weight[:, :, None], dtype=np.float32), weight)
    return np.clip(np.rint(filled), 1, 255).astype(np.uint8)


def _pull_push(colour: Map, weight: Map) -> Map:
    """Colours where their weights are 1 or more; `colour` is multiplied by `weight`."""
    height, width = weight.shape
    share = np.minimum(weight, 1.0)[:, :, None]
    known = np.asarray(colour / np.maximum(weight, 1e-6)[:, :, None], dtype=np.float32)
    if weight.min() >= 1.0 or max(height, width) == 1:
        return known
    half = ((width + 1) // 2, (height + 1) // 2)
    parts = cv2.resize(np.concatenate([known * share, share], axis=2), half, interpolation=_MEAN)
    # A cell knows its colour if one of its four parts does.
    parts = 4 * np.asarray(parts, dtype=np.float32).reshape(*half[::-1], 4)
    coarse = _pull_push(parts[:, :, :3], parts[:, :, 3])
    guess = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(known * share + guess * (1 - share), dtype=np.float32)


def _without_grain(surface: Pixels, sample: Pixels) -> Pixels:
    """The surface lowered to where the paper's grain reaches: what is above will be white.

    Grain is taken to be of one strength everywhere, so that dark corners, which are brightened
    most, come out as clean as the rest.
    """
    height, width = sample.shape[:2]
    paper = cv2.resize(surface, (width, height), interpolation=cv2.INTER_LINEAR)
    below = paper[:, :, 1].astype(np.int16) - sample[:, :, 1]
    counts = np.bincount(np.clip(below + _LEAST_GRAIN, 0, 255).ravel(), minlength=256)
    depth, grain = _grain(counts[:_MOST_GRAIN])
    lowered = surface.astype(np.float32) - min(depth - _LEAST_GRAIN + 2 * grain, _MOST_GRAIN)
    return np.asarray(np.clip(np.maximum(lowered, 0.7 * surface), 1, 255), dtype=np.uint8)


def _ink(surface: Pixels, sample: Pixels) -> float:
    """The share of the paper's light that ink gives back; 0 where there is next to none."""
    height, width = sample.shape[:2]
    paper = cv2.resize(surface[:, :, 1], (width, height), interpolation=cv2.INTER_LINEAR)
    ratio = cv2.divide(sample[:, :, 1], paper, scale=200.0)
    ink = np.cumsum(np.bincount(ratio.ravel(), minlength=256)[:120])
    if ink[-1] < 0.001 * ratio.size:
        return 0.0
    return min(float(np.searchsorted(ink, 0.1 * ink[-1])) / 200, DEEPEST)


def _grain(counts: npt.NDArray[np.int64]) -> tuple[int, int]:
    """The most frequent darkness, and its spread (about a standard deviation) below.

    `counts` is a histogram from bright to dark; ink is on the far side of it.
    """
    smooth = np.convolve(counts, np.ones(3) / 3, mode="same")
    mode = int(smooth.argmax())
    brighter = np.cumsum(smooth[mode::-1])
    return mode, int(np.searchsorted(brighter, 0.68 * brighter[-1]))
