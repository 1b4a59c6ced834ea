"""Photographs of curled, folded and tilted sheets, with the truth of where every point went.

    photo = photograph(page, seed=3)                    # anything
    photo = photograph(page, seed=3, shape=Shape.CURL, ground=Ground.CLUTTER)

A sheet bends without stretching: it is a surface on which one direction stays straight, seen by
a pinhole camera. The same seed and choices give the same picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from random import Random

import cv2
import numpy as np
import numpy.typing as npt
from scipy.interpolate import LinearNDInterpolator

from benchmarks.generated_warps.grounds import Ground, draw_ground

__all__ = ["Ground", "Photo", "Shape", "photograph"]

Array = npt.NDArray[np.float64]
Pixels = npt.NDArray[np.uint8]

BEYOND = 0.08
"""The surface goes on beyond the sheet by this share of it, so that the sheet's edge is crisp."""


class Shape(StrEnum):
    """How a sheet lies: flat, waved across its width, rolled along any direction, or folded."""

    FLAT = "flat"
    CURL = "curl"
    ROLL = "roll"
    FOLD = "fold"


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A photograph `[height, width, 3]` (RGB, uint8) of a page of `page_size` (height, width).

    `page_points` `[n, 2]`, spread evenly over the page, are seen at `photo_points`. `turn` is by
    how many degrees the page stands clockwise in the photograph.
    """

    pixels: Pixels
    page_size: tuple[int, int]
    page_points: Array
    photo_points: Array
    turn: float
    shape: Shape
    ground: Ground


def photograph(
    page: Pixels,
    seed: int,
    shape: Shape | None = None,
    ground: Ground | None = None,
    turn: float | None = None,
    size: int = 1800,
) -> Photo:
    """A photograph, `size` pixels on its longer side, of a page `[height, width, 3]`."""
    random = Random(seed)
    shape = shape or random.choice(list(Shape))
    ground = ground or random.choice(list(Ground))
    if turn is None:
        turn = random.choice((0, 0, 90, 180, 270)) + random.uniform(-12, 12)
    height, width = page.shape[:2]
    nodes = _grid(-BEYOND, 1 + BEYOND, 61) * (width, height)
    sheet = (nodes - (width / 2, height / 2)) / max(width, height)
    seen = _through_camera(_bent(sheet, shape, random), turn, random)

    inner = _grid(0, 1, 21) * (width, height)
    on_page = ((nodes >= 0) & (nodes <= (width, height))).all(axis=1)
    low, high = seen[on_page].min(axis=0), seen[on_page].max(axis=0)
    margin = random.uniform(0.03, 0.12) * (high - low).max()
    scale = size / ((high - low).max() + 2 * margin)
    seen = (seen - low + margin) * scale
    across, down = np.ceil((high - low + 2 * margin) * scale).astype(int)

    pixels = _render(page, nodes, seen, (int(down), int(across)), ground, random)
    where = LinearNDInterpolator(nodes, seen)
    return Photo(pixels, (height, width), inner, where(inner), turn, shape, ground)


def _bent(sheet: Array, shape: Shape, random: Random) -> Array:
    """Points of the flat sheet `[n, 2]` in space `[n, 3]`."""
    if shape is Shape.FLAT:
        return np.column_stack([sheet, np.zeros(len(sheet))])
    direction = {
        Shape.CURL: random.gauss(0, 3),
        Shape.ROLL: random.uniform(-60, 60),
        Shape.FOLD: random.choice((0, 90)) + random.gauss(0, 4),
    }[shape]
    axes = _rotation(direction)
    across, along = (sheet @ axes).T
    length = np.linspace(-1, 1, 4001)
    if shape is Shape.FOLD:
        place, slope = random.uniform(-0.2, 0.2), np.radians(random.uniform(6, 14))
        angle = slope * np.tanh((length - place) / 0.012)
    else:
        wave = random.uniform(0.7, 1.6)
        phase, steepness = random.uniform(0, 2 * np.pi), np.radians(random.uniform(8, 24))
        angle = steepness * np.sin(2 * np.pi * wave * length / 1.4 + phase)
    step = length[1] - length[0]
    out = np.interp(across, length, np.cumsum(np.cos(angle)) * step)
    up = np.interp(across, length, np.cumsum(np.sin(angle)) * step)
    flat = np.column_stack([out - out.mean(), along]) @ axes.T
    return np.column_stack([flat, up - up.mean()])


def _through_camera(points: Array, turn: float, random: Random) -> Array:
    """Where a tilted camera at a distance of 1.2 to 2 sheets sees points `[n, 3]`."""
    tilt, pan = (np.radians(random.uniform(-22, 22)) for _ in range(2))
    roll = np.radians(turn)
    about_x = np.array(
        [(1, 0, 0), (0, np.cos(tilt), -np.sin(tilt)), (0, np.sin(tilt), np.cos(tilt))]
    )
    about_y = np.array([(np.cos(pan), 0, np.sin(pan)), (0, 1, 0), (-np.sin(pan), 0, np.cos(pan))])
    about_z = np.array(
        [(np.cos(roll), -np.sin(roll), 0), (np.sin(roll), np.cos(roll), 0), (0, 0, 1)]
    )
    space = points @ (about_x @ about_y @ about_z).T
    return np.asarray(space[:, :2] / (space[:, 2:] + random.uniform(1.2, 2.0)))


def _render(
    page: Pixels,
    nodes: Array,
    seen: Array,
    size: tuple[int, int],
    ground: Ground,
    random: Random,
) -> Pixels:
    """The sheet on its ground, lit unevenly, with the noise of a sensor."""
    height, width = size
    coarse = 8
    x, y = np.meshgrid(np.arange(width // coarse + 2), np.arange(height // coarse + 2))
    known = LinearNDInterpolator(seen, nodes, fill_value=-1e4)
    shown = known(np.column_stack([x.ravel(), y.ravel()]) * coarse).reshape(*x.shape, 2)
    there = np.array([[1 / coarse, 0, 0], [0, 1 / coarse, 0]])
    places = cv2.warpAffine(
        shown.astype(np.float32),
        there,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
    )
    on_sheet = (
        (places > 0).all(axis=2)
        & (places[..., 0] < page.shape[1])
        & (places[..., 1] < page.shape[0])
    )
    shrink = page.shape[0] / max(size)
    soft = cv2.GaussianBlur(page, (0, 0), 0.4 * shrink) if shrink > 1 else page
    sheet = cv2.remap(soft, places - 0.5, None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    cover = cv2.GaussianBlur(on_sheet.astype(np.float32), (0, 0), 0.8)[..., None]
    noise = np.random.default_rng(random.randrange(2**32))
    picture = cover * sheet + (1 - cover) * draw_ground(ground, size, noise)
    ramp = np.linspace(-1, 1, width)[None, :] * random.uniform(-0.12, 0.12)
    ramp = ramp + np.linspace(-1, 1, height)[:, None] * random.uniform(-0.12, 0.12)
    picture = picture * (0.88 + ramp)[..., None]
    picture = picture + 3 * noise.standard_normal(picture.shape, dtype=np.float32)
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def _grid(first: float, last: float, count: int) -> Array:
    side = np.linspace(first, last, count)
    return np.stack(np.meshgrid(side, side), axis=2).reshape(-1, 2)


def _rotation(degrees: float) -> Array:
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([(cosine, -sine), (sine, cosine)])
