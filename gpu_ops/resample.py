"""Pictures resampled along a homography or a mesh.

Coordinates are continuous: pixel `(column, row)` covers the unit square that begins there, and
its middle is at `(column + 0.5, row + 0.5)`.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

Array = npt.NDArray[np.float64]
Colour = tuple[float, float, float]

BAND = 256
"""So many rows are mapped at a time: the map of a whole page would be larger than the page."""

_HALF = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5], [0.0, 0.0, 1.0]])


def warp_perspective(
    pixels: Tensor, matrix: Array, size: tuple[int, int], outside: Colour
) -> Tensor:
    """The picture, uint8, RGB or grey, seen through a homography, with cubic interpolation.

    `matrix` is 3x3 and maps the picture's coordinates to the result's, whose (height, width) is
    `size`; what lies outside the picture gets the colour `outside`.
    """
    centred = np.linalg.inv(_HALF) @ matrix @ _HALF
    warped = cv2.warpPerspective(
        pixels.numpy(),
        centred,
        (size[1], size[0]),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=outside,
    )
    return torch.from_numpy(warped)


def warp_mesh(
    pixels: Tensor, nodes: Array, step: float, size: tuple[int, int], outside: Colour
) -> Tensor:
    """The picture `[height, width, 3]`, uint8, seen through a mesh, with cubic interpolation.

    `nodes` is `[rows, columns, 2]`: the picture's coordinates (x, y) that the result shows at
    `(column * step, row * step)`; between nodes they are bilinear, and the mesh must reach as
    far as the result, whose (height, width) is `size`. What lies outside the picture gets the
    colour `outside`.
    """
    height, width = size
    picture = pixels.numpy()
    warped = np.empty((height, width, 3), dtype=np.uint8)
    columns = (np.arange(width, dtype=np.float64) + 0.5) / step
    for top in range(0, height, BAND):
        rows = (np.arange(top, min(top + BAND, height), dtype=np.float64) + 0.5) / step
        places = _between(nodes, rows, columns).astype(np.float32) - np.float32(0.5)
        cv2.remap(
            picture,
            places[..., 0].copy(),
            places[..., 1].copy(),
            cv2.INTER_CUBIC,
            dst=warped[top : top + BAND],
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=outside,
        )
    return torch.from_numpy(warped)


def _between(nodes: Array, rows: Array, columns: Array) -> Array:
    """The mesh at fractional rows and columns: `[rows, columns, 2]`."""
    return _along(_along(nodes, rows, 0), columns, 1)


def _along(nodes: Array, places: Array, axis: int) -> Array:
    first = np.clip(np.floor(places).astype(np.intp), 0, nodes.shape[axis] - 2)
    shape = [1, 1, 1]
    shape[axis] = -1
    share = (places - first).reshape(shape)
    return np.asarray(
        np.take(nodes, first, axis) * (1 - share) + np.take(nodes, first + 1, axis) * share
    )
