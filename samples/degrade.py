"""From a clean sheet to what a scanner or a telephone makes of it.

Both ways return the picture (`uint8`, height x width x 3) and the 3x3 homography that takes
pixels of the clean sheet to pixels of the picture, so that the truth can follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]
Homography = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Wear:
    """What happens to a page on a flatbed or a document feeder.

    `skew` in degrees (clockwise on the page); `shift` in pixels; `paper` the colour that white
    becomes; `grain` and `noise` standard deviations in grey levels, of the paper's texture and
    of the sensor; `shade` how much darker the left edge is than the right one and `fade` how
    much of the ink's contrast is lost, both 0 to 1; `blur` the standard deviation in pixels;
    `show_through` how much of the back of the sheet is seen, 0 to 1; `threshold` makes the
    picture black and white at that grey level, `speckle` then is the share of pixels where dust
    or a drop-out lies.
    """

    skew: float = 0.0
    shift: tuple[float, float] = (0.0, 0.0)
    paper: tuple[int, int, int] = (250, 249, 246)
    grain: float = 0.0
    noise: float = 0.0
    shade: float = 0.0
    fade: float = 0.0
    blur: float = 0.0
    show_through: float = 0.0
    threshold: int | None = None
    speckle: float = 0.0


@dataclass(frozen=True, slots=True)
class Shot:
    """A photograph of a sheet on a table.

    `size` (width, height) of the picture in pixels; `corners` where the sheet's corners come to
    lie, as shares of the picture, clockwise from the top left; `shadow` how dark the darkest
    part of the shadow is, 0 to 1; `light` the colour of the light.
    """

    size: tuple[int, int]
    corners: tuple[tuple[float, float], ...]
    table: tuple[int, int, int] = (112, 88, 66)
    light: tuple[int, int, int] = (250, 243, 228)
    shadow: float = 0.3
    grain: float = 1.5
    noise: float = 2.0
    blur: float = 0.7


def scan(page: Pixels, wear: Wear, seed: Sequence[int]) -> tuple[Pixels, Homography]:
    """Lay the page on the glass and scan it."""
    rng = np.random.default_rng(seed)
    height, width = page.shape[:2]
    ink: Floats = page.astype(np.float32) / np.float32(255)
    if wear.show_through:
        back = np.asarray(cv2.GaussianBlur(ink[:, ::-1], (0, 0), 2.5), np.float32)
        ink = ink * (1 - wear.show_through * (1 - back))
    ink = 1 - (1 - ink) * np.float32(1 - wear.fade)
    picture: Floats = ink * np.array(wear.paper, np.float32)
    if wear.grain:
        picture = picture + _grain(height, width, wear.grain, rng)[..., None]

    placement = _turn(width, height, wear.skew, wear.shift)
    picture = _warp(picture, placement, (width, height), wear.paper)
    if wear.shade:
        ramp = np.linspace(1 - wear.shade, 1, width, dtype=np.float32)
        picture = picture * ramp[None, :, None]
    picture = _expose(picture, wear.blur, wear.noise, rng)
    if wear.threshold is not None:
        picture = _binarise(picture, wear.threshold, wear.speckle, rng)
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8), placement


def photograph(page: Pixels, shot: Shot, seed: Sequence[int]) -> tuple[Pixels, Homography]:
    """Put the page on a table and photograph it from a little aside."""
    rng = np.random.default_rng(seed)
    height, width = page.shape[:2]
    out_width, out_height = shot.size
    source = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    target = np.array([(x * out_width, y * out_height) for x, y in shot.corners], np.float32)
    placement = np.asarray(cv2.getPerspectiveTransform(source, target), np.float64)

    # Averaging first where the photograph is coarser than the sheet, as a lens would.
    shrink = width / float(np.linalg.norm(target[1] - target[0]))
    soft = page.astype(np.float32)
    if shrink > 1:
        soft = np.asarray(cv2.GaussianBlur(soft, (0, 0), 0.4 * shrink), np.float32)
    sheet = _warp(soft, placement, shot.size)
    sheet = sheet + _grain(out_height, out_width, shot.grain, rng)[..., None]
    cover = _warp(np.ones_like(soft), placement, shot.size)
    wood = np.array(shot.table, np.float32) + _wood(out_height, out_width, rng)[..., None]
    edge = cv2.GaussianBlur(cover, (0, 0), 9)
    picture = cover * sheet + (1 - cover) * wood * (1 - 0.35 * edge)
    picture *= np.array(shot.light, np.float32) / 255
    picture *= _shadow(out_height, out_width, shot.shadow)[..., None]
    picture = _expose(picture, shot.blur, shot.noise, rng)
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8), placement


def _turn(width: int, height: int, degrees: float, shift: tuple[float, float]) -> Homography:
    """A turn about the page's centre (clockwise as seen), then a shift."""
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    x, y = width / 2, height / 2
    to_centre = np.array([(1, 0, -x), (0, 1, -y), (0, 0, 1)])
    turn = np.array([(cosine, -sine, x + shift[0]), (sine, cosine, y + shift[1]), (0, 0, 1)])
    return np.asarray(turn @ to_centre)


def _warp(
    picture: Floats,
    placement: Homography,
    size: tuple[int, int],
    ground: tuple[int, int, int] = (0, 0, 0),
) -> Floats:
    """The picture as `placement` puts it on a `ground` of `size` (width, height)."""
    warped = cv2.warpPerspective(
        picture,
        _on_pixel_centres(placement),
        size,
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=[float(colour) for colour in ground],
    )
    return np.asarray(warped, np.float32)


def _on_pixel_centres(placement: Homography) -> Homography:
    """The same map for OpenCV, where whole numbers are centres of pixels and not their edges."""
    to_edges = np.array([(1, 0, 0.5), (0, 1, 0.5), (0, 0, 1)])
    return np.asarray(np.linalg.inv(to_edges) @ placement @ to_edges)


def _grain(height: int, width: int, strength: float, rng: np.random.Generator) -> Floats:
    """The texture of paper: noise at three scales, with the given standard deviation."""
    total = np.zeros((height, width), np.float32)
    for scale, share in ((2, 0.45), (12, 0.35), (90, 0.3)):
        small = rng.standard_normal((height // scale + 2, width // scale + 2), np.float32)
        total += share * cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(total * (strength / float(total.std())), np.float32)


def _wood(height: int, width: int, rng: np.random.Generator) -> Floats:
    """Long streaks along the table."""
    streaks = rng.standard_normal((height // 6 + 1, max(width // 400, 2)), np.float32)
    return np.asarray(
        9 * cv2.resize(streaks, (width, height), interpolation=cv2.INTER_CUBIC), np.float32
    )


def _shadow(height: int, width: int, depth: float) -> Floats:
    """The photographer's soft shadow, from the lower right."""
    x = np.linspace(0, 1, width, dtype=np.float32)[None]
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    across = 0.55 * x + 0.45 * y + 0.05 * np.sin(5 * x - 3 * y)
    return np.asarray(1 - depth / (1 + np.exp(-(across - 0.62) * 14)), np.float32)


def _expose(picture: Floats, blur: float, noise: float, rng: np.random.Generator) -> Floats:
    """What the optics and the sensor add."""
    if blur:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), blur), np.float32)
    if noise:
        grey = rng.standard_normal(picture.shape[:2], np.float32)
        picture = picture + noise * grey[..., None]
    return picture


def _binarise(picture: Floats, threshold: int, speckle: float, rng: np.random.Generator) -> Floats:
    """Black and white, with specks of dust and drop-outs one or two pixels across."""
    black = picture.mean(axis=2) < threshold
    specks = rng.random(black.shape) < speckle
    wide = rng.random(black.shape) < 0.4
    specks |= np.roll(specks & wide, 1, axis=1) | np.roll(specks & wide, 1, axis=0)
    white = np.where(black ^ specks, 0.0, 255.0).astype(np.float32)
    return np.repeat(white[..., None], 3, axis=2)
