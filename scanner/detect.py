"""Where the text lines of a page are: a page to line quadrilaterals."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scanner.coverage import extend_to_ink, find_ink, join_fragments, overlooked
from scanner.plate import Edges, Plate, factors, polygons
from table_restore.geometry import Box, Point, Polygon

Pixels = npt.NDArray[np.uint8]
Quad = npt.NDArray[np.float64]

GLYPH = 12.0
"""The detector looks at a page at the scale that makes its letters about this high."""

LONGEST = 2560
"""The detector's picture is no longer than this."""

FIRST_LOOK = 0.65
"""Lines read with less mean confidence are specks, handwriting or drawings, not print."""

SECOND_LOOK = 0.92
"""The same for what was overlooked at first: mostly small print, but also seals and figures."""


@dataclass(frozen=True, slots=True)
class Outline:
    """Where a line is, and the mean confidence from which what it says is believed."""

    polygon: Polygon
    trust: float


def detect(page: Plate) -> list[Outline]:
    """The text lines of a page, quadrilaterals in its pixels.

    Each begins at the corner where its text begins when the page is upright; vertical lines
    (taller than wide) begin at their top left. Ink that the first look leaves uncovered, such
    as small print on a page of larger type, gets another one at its own scale.
    """
    ink = find_ink(page.small, page.size)
    first = page.find(choose_scale(page.size, ink.letter_height()))
    known = [np.asarray(line.points) for line in first]
    second = [
        line
        for region, letter in overlooked(known, ink)
        for line in _look_again(page, _inside(region, page.size), letter, known)
        if not any(_holds(quad, line.center) for quad in known)
    ]
    centers = np.array([line.center for line in first]).reshape(-1, 2)
    return [
        Outline(line, FIRST_LOOK if _holds_any(line, centers) else SECOND_LOOK)
        for line in extend_to_ink(join_fragments(first + second), ink)
    ]


def _look_again(page: Plate, edges: Edges, letter: float, known: list[Quad]) -> list[Polygon]:
    """The lines that are seen in a part of a page at its own scale, without those known."""
    left, top, right, bottom = edges
    size = (bottom - top, right - left)
    part = page.part(edges, choose_scale(size, letter))
    by, corner = factors(size, part.shape), np.array([left, top])
    (quads,) = page.finder([_without(part, [(quad - corner) * by for quad in known])])
    return polygons(quads / by + corner)


def choose_scale(size: tuple[int, ...], letter: float | None) -> float:
    """The factor that brings letters to the detector's best size.

    `size` is the picture's height and width, `letter` the height of its letters in pixels; a
    picture of unknown letters keeps its size, within the limits.
    """
    longest = max(size)
    wanted = GLYPH / letter if letter else 1.0
    return float(np.clip(wanted, min(1.0, 640 / longest), min(3.0, LONGEST / longest)))


def _inside(region: Box, size: tuple[int, int]) -> Edges:
    """The region's edges as whole pixels of a page of a size."""
    height, width = size
    left, top = max(0, int(region.left)), max(0, int(region.top))
    return left, top, min(width, int(region.right) + 1), min(height, int(region.bottom) + 1)


def _without(part: Pixels, quads: list[Quad]) -> Pixels:
    """A picture with the insides of quadrilaterals painted over in the colour of its ground."""
    blank = part.copy()
    ground = np.median(part.reshape(-1, part.shape[2] if part.ndim == 3 else 1), axis=0).tolist()
    for quad in quads:
        cv2.fillConvexPoly(blank, np.rint(quad).astype(np.int32), ground)
    return blank


def _holds(quad: Quad, point: Point) -> bool:
    contour = quad.astype(np.float32).reshape(-1, 1, 2)
    return cv2.pointPolygonTest(contour, point, measureDist=False) >= 0


def _holds_any(line: Polygon, points: npt.NDArray[np.float64]) -> bool:
    quad = np.asarray(line.points)
    near = ((points >= quad.min(axis=0)) & (points <= quad.max(axis=0))).all(axis=1)
    return any(_holds(quad, (x, y)) for x, y in points[near].tolist())
