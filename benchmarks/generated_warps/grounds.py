"""What a photographed sheet lies on."""

from __future__ import annotations

from enum import StrEnum

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


class Ground(StrEnum):
    """A dark desk, a grained table, things strewn about, or a cloth as light as the paper."""

    DARK = "dark"
    GRAIN = "grain"
    CLUTTER = "clutter"
    LIGHT = "light"


def draw_ground(ground: Ground, size: tuple[int, int], noise: np.random.Generator) -> Floats:
    """A ground of `size` (height, width), float32 `[height, width, 3]`, 0 to 255."""
    if ground is Ground.DARK:
        return _plain(size, (58, 52, 50)) + _texture(size, noise, (8, 8), 4)
    if ground is Ground.GRAIN:
        return _plain(size, (150, 112, 80)) + _texture(size, noise, (40, 2), 22)
    if ground is Ground.LIGHT:
        return _plain(size, (222, 220, 214)) + _texture(size, noise, (4, 4), 5)
    return _clutter(size, noise)


def _clutter(size: tuple[int, int], noise: np.random.Generator) -> Floats:
    height, width = size
    picture = _plain(size, tuple(noise.integers(90, 150, 3).tolist()))
    for _ in range(14):
        centre = (int(noise.integers(0, width)), int(noise.integers(0, height)))
        sides = tuple(noise.uniform(0.05, 0.4, 2) * max(size))
        box = cv2.boxPoints((centre, sides, float(noise.uniform(0, 180))))
        colour = tuple(float(c) for c in noise.integers(20, 235, 3))
        cv2.fillConvexPoly(picture, np.rint(box).astype(np.int32), colour)
    return cv2.GaussianBlur(picture, (0, 0), 1.0) + _texture(size, noise, (3, 3), 5)


def _plain(size: tuple[int, int], colour: tuple[int, ...]) -> Floats:
    return np.ones((*size, 3), np.float32) * np.array(colour, np.float32)


def _texture(
    size: tuple[int, int], noise: np.random.Generator, blur: tuple[int, int], depth: float
) -> Floats:
    """Grey noise blurred by `blur` (x, y) pixels, of standard deviation `depth`."""
    grains = noise.standard_normal(size, dtype=np.float32)
    soft = cv2.GaussianBlur(grains, (0, 0), sigmaX=blur[0], sigmaY=blur[1])
    return (soft * (depth / float(soft.std())))[..., None]
