"""Where the text lines of a page are: a page to line quadrilaterals."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import torch

from scanner.runtime import Engine
from table_restore.geometry import Polygon

Pixels = npt.NDArray[np.uint8]
Map = npt.NDArray[np.float32]

TEXT = 0.3
"""Map pixels above this probability are text."""

SURE = 0.5
"""Regions with a lower mean probability are dropped."""

UNCLIP = 1.6
"""The map shows shrunken lines; they grow by this times area / perimeter (Liao et al., 2020)."""

GLYPH = 12.0
"""The detector looks at a page at the scale that makes its letters about this high."""

LONGEST = 2560
"""The detector's picture is no longer than this."""

MULTIPLE = 32


def detect(page: Pixels, detector: Engine) -> list[Polygon]:
    """The text lines of a page `[height, width, 3]`, RGB, as quadrilaterals in its pixels.

    Each begins at the corner where its text begins when the page is upright; vertical lines
    (taller than wide) begin at their top left.
    """
    scale = choose_scale(page)
    return lines_at(page, detector, scale)


def lines_at(page: Pixels, detector: Engine, scale: float) -> list[Polygon]:
    """The text lines that the detector sees when the page is scaled by `scale`."""
    picture = _resize(page, scale)
    probability = detector(_normalise(picture))[0, 0].numpy()
    height, width = picture.shape[:2]
    factors = np.array([page.shape[1] / width, page.shape[0] / height])
    return [_polygon(quad * factors) for quad in regions(probability[:height, :width])]


def choose_scale(page: Pixels) -> float:
    """The factor that brings the page's letters to the detector's best size.

    Letters are measured as the median height of the page's connected components; a page
    without any keeps its size within the limits.
    """
    longest = max(page.shape[:2])
    glyph = glyph_height(page)
    wanted = GLYPH / glyph if glyph else 1.0
    return float(np.clip(wanted, min(1.0, 640 / longest), min(3.0, LONGEST / longest)))


def glyph_height(page: Pixels) -> float | None:
    """The median height in pixels of what look like letters, or None on an empty page."""
    longest = max(page.shape[:2])
    shrink = min(1.0, 2000 / longest)
    grey = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)
    if shrink < 1.0:
        grey = cv2.resize(grey, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    ink = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15
    )
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    width, height = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    filled = stats[1:, cv2.CC_STAT_AREA] / np.maximum(width * height, 1)
    letters = (
        (height >= 4) & (height <= 120) & (width >= 2) & (width <= 4 * height) & (filled < 0.95)
    )
    heights = height[letters]
    return float(np.median(heights)) / shrink if len(heights) >= 8 else None


def regions(probability: Map) -> list[npt.NDArray[np.float64]]:
    """Line quadrilaterals `[4, 2]` in a probability map `[height, width]`.

    The post-processing of differentiable binarisation (Liao et al., 2020) with rectangles.
    """
    text = (probability > TEXT).astype(np.uint8)
    text = cv2.dilate(text, np.ones((2, 2), dtype=np.uint8))
    contours, _ = cv2.findContours(text, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    quads = []
    for contour in contours:
        (x, y), (wide, high), angle = cv2.minAreaRect(contour)
        if min(wide, high) < 3 or _score(probability, contour) < SURE:
            continue
        grow = 2 * wide * high * UNCLIP / (2 * (wide + high))
        box = cv2.boxPoints(((x, y), (wide + grow, high + grow), angle))
        quads.append(_start_top_left(np.asarray(box, dtype=np.float64)))
    return quads


def _score(probability: Map, contour: npt.NDArray[np.int32]) -> float:
    left, top, width, height = cv2.boundingRect(contour)
    mask = np.zeros((height, width), dtype=np.uint8)
    cv2.drawContours(mask, [contour], -1, 1, -1, offset=(-left, -top))
    return float(cv2.mean(probability[top : top + height, left : left + width], mask)[0])


def _start_top_left(box: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Corners clockwise from the one that is top left when the page is upright."""
    by_x = box[np.argsort(box[:, 0])]
    left, right = by_x[:2], by_x[2:]
    top_left, bottom_left = left[np.argsort(left[:, 1])]
    top_right, bottom_right = right[np.argsort(right[:, 1])]
    return np.array([top_left, top_right, bottom_right, bottom_left])


def _resize(page: Pixels, scale: float) -> Pixels:
    if scale == 1.0:
        return page
    width, height = (max(1, round(side * scale)) for side in (page.shape[1], page.shape[0]))
    method = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(page, (width, height), interpolation=method), dtype=np.uint8)


def _normalise(picture: Pixels) -> torch.Tensor:
    """RGB pixels to the detector's input: BGR, -1..1, padded to whole multiples of 32."""
    height, width = picture.shape[:2]
    down, right = -height % MULTIPLE, -width % MULTIPLE
    padded = cv2.copyMakeBorder(picture, 0, down, 0, right, cv2.BORDER_REPLICATE)
    tensor = torch.from_numpy(padded).flip(2).permute(2, 0, 1)[None]
    return tensor.float().div_(127.5).sub_(1.0)


def _polygon(quad: npt.NDArray[np.float64]) -> Polygon:
    return Polygon(tuple((float(x), float(y)) for x, y in quad))
