"""From a detector's maps to rectangles around text.

The post-processing of differentiable binarisation (Liao et al., 2020), with rectangles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from torch import Tensor

from gpu_ops.components import Components, find_components

Array = npt.NDArray[np.float64]
Map = npt.NDArray[np.float32]

NARROWEST = 3.0
"""Narrower rectangles, before they grow, are specks."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is text: pixels of a probability above `text`, in regions of a mean of `sure` or more.

    Maps show shrunken text, so rectangles grow on all sides by `unclip` times their area over
    their perimeter.
    """

    text: float
    sure: float
    unclip: float


def text_regions(maps: Tensor, sizes: Sequence[tuple[int, int]], rule: Rule) -> list[Array]:
    """Rectangles around text in each map, `[k, 4, 2]`, clockwise from the top left corner.

    `maps` are probabilities `[n, height, width]`, of which the first rows and columns are looked
    at, as many as `sizes` says. A rectangle is the smallest around a region of text, of any angle;
    its score is the mean of what its outline encloses, holes included; those further down come
    first. On a GPU the maps stay there: only each region's numbers and the ends of its rows are
    copied, and the rectangles are the same.
    """
    if not maps.is_cuda:
        return [
            _by_contours(np.asarray(plane[:height, :width].float().numpy()), rule)
            for plane, (height, width) in zip(maps, sizes, strict=True)
        ]
    from gpu_ops.kernels import text_regions as kernels

    ink = kernels.text(maps, sizes, rule.text)
    return by_components(find_components(ink, maps, int(NARROWEST**2)), len(maps), rule)


def by_components(components: Components, maps: int, rule: Rule) -> list[Array]:
    """`text_regions` of as many maps, from the components of their text."""
    area, weight = components.filled()
    likely = (components.rows >= 0) & (weight / area >= rule.sure)
    quads: list[list[Array]] = [[] for _ in range(maps)]
    for number in np.flatnonzero(likely)[::-1].tolist():
        quad = _rectangle(components.ends(number), rule)
        if quad is not None:
            quads[int(components.picture[number])].append(quad)
    return [_stacked(found) for found in quads]


def _by_contours(probability: Map, rule: Rule) -> Array:
    above = (probability > rule.text).astype(np.uint8)
    ink = cv2.dilate(above, np.ones((2, 2), dtype=np.uint8))
    contours, tree = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    quads = []
    for number, contour in enumerate(contours):
        if tree[0, number, 3] >= 0:
            continue  # a hole is no region
        quad = _rectangle(contour, rule)
        if quad is not None and _score(probability, contour) >= rule.sure:
            quads.append(quad)
    return _stacked(quads)


def _stacked(quads: list[Array]) -> Array:
    return np.stack(quads) if quads else np.zeros((0, 4, 2))


def _rectangle(points: npt.NDArray[Any], rule: Rule) -> Array | None:
    """The smallest rectangle around points, grown; none if it is too narrow."""
    center, (wide, high), angle = cv2.minAreaRect(points)
    if min(wide, high) < NARROWEST:
        return None
    grow = 2 * wide * high * rule.unclip / (2 * (wide + high))
    box = cv2.boxPoints((center, (wide + grow, high + grow), angle))
    return _start_top_left(np.asarray(box, dtype=np.float64))


def _score(probability: Map, contour: npt.NDArray[Any]) -> float:
    left, top, width, height = cv2.boundingRect(contour)
    mask = np.zeros((height, width), dtype=np.uint8)
    cv2.drawContours(mask, [contour], -1, 1, -1, offset=(-left, -top))
    return float(cv2.mean(probability[top : top + height, left : left + width], mask)[0])


def _start_top_left(box: Array) -> Array:
    """Corners clockwise from the one that is top left when the page is upright."""
    by_x = box[np.argsort(box[:, 0])]
    left, right = by_x[:2], by_x[2:]
    top_left, bottom_left = left[np.argsort(left[:, 1])]
    top_right, bottom_right = right[np.argsort(right[:, 1])]
    return np.array([top_left, top_right, bottom_right, bottom_left])
