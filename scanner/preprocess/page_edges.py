"""Where the sheet ends in a photograph: paper told from whatever it lies on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import torch

from gpu_ops.denoise import median

Pixels = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.uint8]
Array = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]

LOOK = 640
"""The sheet is looked for in a picture of this many pixels on its longer side."""

APART = (9.0, 14.0, 20.0, 28.0, 40.0, 56.0)
"""Distances in colour, in CIELAB levels of 0 to 255, at which paper may part from the ground."""

LEAST_GROUND = 0.02
"""Where less of the picture than this looks other than paper, there is no ground to be seen."""

CLEAR = 0.4
"""A side that is clear along less of its length than this is none."""

DRAWN = 0.7
"""The share of a drawn line's points that lie on one row or column of pixels."""

OUTSIDE = 0.15
"""Where a larger share of the letters stands outside a box, it is a part of a page, no sheet."""

SHADE = 31
"""Pixels of that picture: what is dark on paper is narrower than this, a shadow is wider."""

NEUTRAL = 256.0
"""Twice the level of no hue."""

SMALLEST = 0.12
"""A sheet covers at least this share of the picture."""


@dataclass(frozen=True, slots=True, eq=False)
class PageEdges:
    """The four sides of a sheet as traces `[n, 2]` in picture pixels, clockwise from the corner
    nearest the picture's top left; a side that the picture cuts off is empty.

    `corners` `[4, 2]` go with them, `contour` `[n, 2]` is the whole outline; `confidence` is
    between 0 and 1.
    """

    sides: tuple[Array, Array, Array, Array]
    corners: Array
    contour: Array
    confidence: float


def find_page_edges(picture: Pixels, letters: npt.NDArray[np.intp]) -> PageEdges | None:
    """The sheet in a picture, RGB or grey, or None where it fills the picture.

    `letters` `[n, 4]` are boxes (left, top, right, bottom) of what may be letters on it. The
    paper's colour is taken from among them, and the sheet is what has that colour around them;
    of several ways to draw the line, the one with the most even contrast along it is taken, if it
    does not cut through letters.
    """
    scale = min(1.0, LOOK / max(picture.shape[:2]))
    size = (round(picture.shape[1] * scale), round(picture.shape[0] * scale))
    small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    if small.ndim == 2:
        small = np.asarray(cv2.cvtColor(small, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
    seed = _seed(letters * scale, (size[1], size[0]))
    if seed is None:
        return None
    best = _best_outline(small, seed, letters * scale)
    if best is None:
        return None
    return PageEdges(
        (
            best.sides[0] / scale,
            best.sides[1] / scale,
            best.sides[2] / scale,
            best.sides[3] / scale,
        ),
        best.corners / scale,
        best.contour / scale,
        best.confidence,
    )


def _best_outline(small: Pixels, seed: Mask, letters: Array) -> PageEdges | None:
    """The likeliest outline of the paper under the seed: evenly lit first, then with shadows."""
    best: PageEdges | None = None
    most = -1.0
    colours = _colours(small)
    evenly = _from_paper(colours, seed)
    for shaded in (False, True):
        distance = np.minimum(evenly, _from_shaded_paper(colours, seed)) if shaded else evenly
        for apart in APART:
            if (distance > apart).mean() < LEAST_GROUND:
                break
            found = _outline(seed, distance, apart, colours)
            if found is not None and not _is_panel(found, letters):
                worth = found.confidence * (1 - _left_out(letters, found.contour, seed.shape))
                if worth >= 1:
                    return found
                if worth > most:
                    best, most = found, worth
    return best


def _seed(letters: Array, size: tuple[int, int]) -> Mask | None:
    """Where the sheet certainly is: about the densest text, None where there is little."""
    if len(letters) < 20:
        return None
    marked = np.zeros(size, dtype=np.uint8)
    for left, top, right, bottom in np.rint(letters).astype(int).tolist():
        cv2.rectangle(marked, (left, top), (right, bottom), 255, -1)
    reach = max(7, 2 * round(1.5 * float(np.median(letters[:, 3] - letters[:, 1])))) | 1
    joined = cv2.morphologyEx(marked, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    count, labels = cv2.connectedComponentsWithAlgorithm(joined, 8, cv2.CV_32S, cv2.CCL_GRANA)
    middles = ((letters[:, :2] + letters[:, 2:]) / 2).astype(int)
    x, y = middles[:, 0].clip(0, size[1] - 1), middles[:, 1].clip(0, size[0] - 1)
    held = np.bincount(labels[y, x], minlength=count)
    held[0] = 0
    largest = np.flatnonzero(held >= max(5, 0.3 * held.max()))
    return np.isin(labels, largest).astype(np.uint8) if len(largest) else None


def _colours(small: Pixels) -> Floats:
    """The bare ground's light and twice its hues, `[height, width, 3]`, in CIELAB levels."""
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB)
    # Letters vanish in their ground: the light wins on a scale somewhat above theirs.
    bare = cv2.morphologyEx(lab[..., 0], cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    light = cv2.GaussianBlur(bare, (0, 0), 1.0).astype(np.float32)
    hue = np.ascontiguousarray(lab[..., 1:])
    if np.ptp(hue):  # else it is the same everywhere
        hue = median(torch.from_numpy(hue), 5).numpy()
        hue = cv2.GaussianBlur(hue, (0, 0), 1.0)
    return np.asarray(np.dstack([light, 2 * hue.astype(np.float32)]), np.float32)


def _from_paper(colours: Floats, seed: Mask) -> Floats:
    """How far each pixel's colour is from that of the paper, on which light falls off gently."""
    light = colours[..., 0]
    y, x = np.nonzero(seed)
    stride = max(1, len(x) // 4000)
    y, x = y[::stride], x[::stride]
    levels = light[y, x]
    bright = levels >= np.percentile(levels, 30)
    height, width = light.shape
    plane = np.column_stack([x / width - 0.5, y / height - 0.5, np.ones(len(x))])[bright]
    slopes = np.linalg.lstsq(plane, levels[bright], rcond=None)[0]
    # A steeper slope is the fit's own.
    reach = np.ptp(plane[:, :2], axis=0) + 0.1
    slopes[:2] *= np.minimum(1.0, reach)
    slopes = slopes.astype(np.float32)
    across = slopes[0] * (np.arange(width, dtype=np.float32) / width - 0.5)
    down = slopes[1] * (np.arange(height, dtype=np.float32) / height - 0.5)
    paper = across[None] + down[:, None] + slopes[2]
    hue = np.median(colours[y, x, 1:][bright], axis=0)
    off = (light - paper) ** 2 + ((colours[..., 1:] - hue) ** 2).sum(axis=2)
    return np.asarray(np.sqrt(off), np.float32)


def _from_shaded_paper(colours: Floats, seed: Mask) -> Floats:
    """The same for paper on which shadows fall: its light is that among the nearest text.

    What a shadow leaves of paper and ground, it leaves of their difference, too.
    """
    light = colours[..., 0]
    square = np.ones((SHADE, SHADE), np.uint8)
    known = cv2.dilate(np.where(seed > 0, light, 0), square)
    known = cv2.erode(np.where(seed > 0, known, 255), square)
    _, nearest = cv2.distanceTransformWithLabels(
        1 - seed, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    levels = np.zeros(int(nearest.max()) + 1, np.float32)
    levels[nearest[seed > 0]] = known[seed > 0]
    paper = cv2.GaussianBlur(levels[nearest], (0, 0), SHADE / 4)
    white = float(np.percentile(known[seed > 0], 90))
    as_white = white / np.maximum(paper, 0.1 * white)
    hue = (colours[..., 1:] - NEUTRAL) * as_white[..., None]
    off = (light * as_white - white) ** 2
    off += ((hue - np.median(hue[seed > 0], axis=0)) ** 2).sum(axis=2)
    return np.asarray(np.sqrt(off), np.float32)


def _outline(seed: Mask, distance: Floats, apart: float, colours: Floats) -> PageEdges | None:
    """The sheet as the piece of paper under the seed, or None where that is no sheet."""
    height, width = distance.shape
    paper = (distance < apart).astype(np.uint8)
    mask = cv2.morphologyEx(paper, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    count, labels = cv2.connectedComponents(mask)
    held = np.bincount(labels[seed > 0], minlength=count)
    held[0] = 0
    if count < 2 or held.max() < 0.5 * seed.sum():
        return None
    piece = (labels == held.argmax()).astype(np.uint8)
    contours, _ = cv2.findContours(piece, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    contour = max(contours, key=cv2.contourArea)
    area = cv2.contourArea(contour)
    if area < SMALLEST * height * width or len(contour) < 50:
        return None
    quad = cv2.approxPolyN(contour, 4, ensure_convex=True).reshape(-1, 2).astype(np.float64)
    filled = np.zeros_like(piece)
    cv2.drawContours(filled, [contour], -1, 1, -1)
    box = np.zeros_like(piece)
    cv2.fillConvexPoly(box, np.rint(quad).astype(np.int32), 1)
    likeness = float((filled & box).sum() / max((filled | box).sum(), 1))

    points = contour[:, 0].astype(np.float64)
    border = (points <= 2).any(axis=1) | (points >= (width - 3, height - 3)).any(axis=1)
    clear = _contrast(points, filled, distance, colours) > 0.35 * apart + 3
    free = ~border
    if free.sum() < 0.3 * len(points):
        return None
    even = float(clear[free].mean())
    quad = quad[np.argsort(np.arctan2(*(quad - quad.mean(axis=0)).T[::-1]))]
    quad = np.roll(quad, -int(np.argmin(quad.sum(axis=1))), axis=0)
    parts, corners = _sides(points, quad)
    longest = max(height, width)
    kept = [_smooth(points[part], border[part], longest) for part in parts]
    kept = [
        side if clear[part].mean() >= CLEAR else side[:0]
        for side, part in zip(kept, parts, strict=True)
    ]
    if _is_drawn(kept):
        return None
    smooth = sum(map(len, kept)) / max(1, sum(int((~border[part]).sum()) for part in parts))
    confidence = (
        float(np.clip((likeness - 0.75) / 0.2, 0, 1))
        * float(np.clip((even - 0.5) / 0.4, 0, 1))
        * float(np.clip((smooth - 0.4) / 0.4, 0, 1))
    )
    return PageEdges((kept[0], kept[1], kept[2], kept[3]), corners, points, confidence)


def _left_out(letters: Array, contour: Array, size: tuple[int, ...]) -> float:
    """How many letters an outline cuts or just leaves out, as a share of all on it and near it."""
    filled = np.zeros(size, dtype=np.uint8)
    cv2.fillPoly(filled, [contour.astype(np.int32)], 1)
    reach = 2 * round(3 * float(np.median(letters[:, 3] - letters[:, 1]))) + 1
    near = cv2.dilate(filled, np.ones((reach, reach), np.uint8))
    rows, columns = (
        np.rint(letters[:, axes]).astype(int).clip(0, side - 1)
        for axes, side in (([1, 3], size[0]), ([0, 2], size[1]))
    )
    corners = [(row, column) for row in (0, 1) for column in (0, 1)]
    inside = np.stack([filled[rows[:, r], columns[:, c]] for r, c in corners])
    close = np.stack([near[rows[:, r], columns[:, c]] for r, c in corners]).any(axis=0)
    return float((close & ~inside.all(axis=0)).sum() / max(close.sum(), 1))


def _is_drawn(sides: Sequence[Array]) -> bool:
    """Whether what is seen of an outline, not all of it, runs exactly along rows and columns.

    Coloured bars and shaded boxes of a page do so, and no sheet before a camera.
    """
    seen = [side for side in sides if len(side)]
    return len(seen) < 4 and _along_rows(seen)


def _is_panel(found: PageEdges, letters: Array) -> bool:
    """Whether an outline is a shaded box printed on a page: drawn, with letters outside it, too."""
    if not all(map(len, found.sides)) or not _along_rows(found.sides):
        return False
    outline = found.contour.astype(np.float32)
    middles = (letters[:, :2] + letters[:, 2:]) / 2
    outside = [cv2.pointPolygonTest(outline, (x, y), False) < 0 for x, y in middles.tolist()]
    return float(np.mean(outside)) > OUTSIDE


def _along_rows(sides: Sequence[Array]) -> bool:
    """Whether all sides run exactly along rows and columns of pixels."""
    on_one = [(np.abs(side - np.median(side, axis=0)) <= 1).mean(axis=0).max() for side in sides]
    return all(share >= DRAWN for share in on_one)


def _contrast(points: Array, filled: Mask, distance: Floats, colours: Floats) -> Array:
    """How much farther from paper it is just outside each point of an outline than just inside.

    No more than the colours differ: what only the guess at the light tells apart is no edge.
    """
    soft = cv2.GaussianBlur(filled.astype(np.float32), (0, 0), 3)
    x, y = points.astype(int).T
    slope_x, slope_y = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    inwards = np.column_stack([slope_x[y, x], slope_y[y, x]])
    inwards /= np.maximum(np.linalg.norm(inwards, axis=1, keepdims=True), 1e-6)
    seen, shown = [], []
    for step in (4, -4):
        at = np.rint(points + step * inwards).astype(int)
        u, v = at[:, 0].clip(0, filled.shape[1] - 1), at[:, 1].clip(0, filled.shape[0] - 1)
        seen.append(distance[v, u].astype(np.float64))
        shown.append(colours[v, u].astype(np.float64))
    step = np.linalg.norm(shown[1] - shown[0], axis=1)
    return np.asarray(np.minimum(seen[1] - seen[0], step))


def _sides(points: Array, quad: Array) -> tuple[list[npt.NDArray[np.intp]], Array]:
    """Which points lie on each side of an outline, parted at those nearest to a quadrilateral's
    corners, and these points themselves."""
    at = [int(np.argmin(np.linalg.norm(points - corner, axis=1))) for corner in quad]
    count = len(points)
    parts = []
    for first, last, start, end in zip(
        at, at[1:] + at[:1], quad, np.roll(quad, -1, axis=0), strict=True
    ):
        ways = [
            (first + np.arange((last - first) % count)) % count,
            (last + np.arange((first - last) % count)) % count,
        ]
        # Outlines run either way round: the side is the part that passes the edge's middle.
        middle = (start + end) / 2
        near = [
            np.linalg.norm(points[way] - middle, axis=1).min() if len(way) else np.inf
            for way in ways
        ]
        part = ways[int(np.argmin(near))]
        trim = max(3, round(0.03 * len(part)))
        parts.append(part[trim:-trim])
    return parts, points[at]


def _smooth(side: Array, cut: npt.NDArray[np.bool_], longest: int) -> Array:
    """The points of a side that follow a gentle curve; none where most are cut off or stray."""
    free = side[~cut]
    if len(free) < max(20, 0.5 * len(side)):
        return side[:0]
    along = free[-1] - free[0]
    length = float(np.hypot(*along))
    if length < 0.08 * longest:
        return side[:0]
    axis = along / length
    at = (free - free[0]) @ axis / length
    off = (free - free[0]) @ np.array([-axis[1], axis[0]])
    kept = np.ones(len(free), dtype=bool)
    for allowed in (0.02, 0.008, 0.004):
        # A rolled sheet's side is straight but for one end, which a cubic would not follow.
        curve = np.polyfit(at[kept], off[kept], 4)
        kept = np.abs(off - np.polyval(curve, at)) < allowed * longest + 0.5
        if kept.sum() < 0.7 * len(free):
            return side[:0]
    return free[kept]
