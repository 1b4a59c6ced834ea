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

from gpu_ops.network_input import page_input

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
    if pixels.is_cuda:
        from gpu_ops.kernels import resample

        return resample.warp(pixels, matrix, 1.0, size, outside)
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
    """The picture, uint8, RGB or grey, seen through a mesh, with cubic interpolation.

    `nodes` is `[rows, columns, 2]`: the picture's coordinates (x, y) that the result shows at
    `(column * step, row * step)`; between nodes they are bilinear, and the mesh must reach as
    far as the result, whose (height, width) is `size`. With a step of 1 the mesh tells of every
    pixel's corners. What lies outside the picture gets the colour `outside`.
    """
    if pixels.is_cuda:
        from gpu_ops.kernels import resample

        return resample.warp(pixels, nodes, step, size, outside)
    height, width = size
    picture = pixels.numpy()
    warped = np.empty((height, width, *picture.shape[2:]), dtype=np.uint8)
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


def warped_input(
    pixels: Tensor,
    way: Array,
    step: float,
    size: tuple[int, int],
    room: tuple[int, int],
    outside: Colour,
    dtype: torch.dtype = torch.float32,
) -> Tensor:
    """A picture warped to what a detector wants, `[1, 3, *room]`: see `page_input`.

    `way` is the matrix of `warp_perspective`, or the nodes of `warp_mesh`, `step` apart. Where the
    result, of the (height, width) `size`, is smaller than the picture, as many looks are taken of
    each of its pixels and averaged. On a GPU that is one pass. Devices agree to within 2 levels.
    """
    looks = _looks(way, step, size)
    if pixels.is_cuda:
        from gpu_ops.kernels import resample

        batch = resample.warp(pixels, way, step, size, outside, looks, room, dtype)
        return batch.permute(0, 3, 1, 2)
    large = (size[0] * looks, size[1] * looks)
    if way.ndim == 3:
        seen = warp_mesh(pixels, way, step * looks, large, outside)
    else:
        seen = warp_perspective(pixels, np.diag([looks, looks, 1.0]) @ way, large, outside)
    return page_input([seen], [size], *room).to(dtype)


def _looks(way: Array, step: float, size: tuple[int, int]) -> int:
    """How many pixels of the picture, roughly, lie along one of the result: 8 at most."""
    height, width = size
    if way.ndim == 3:
        corners = way[[0, 0, -1, -1], [0, -1, -1, 0]]
        height, width = (step * (nodes - 1) for nodes in way.shape[:2])
    else:
        result = np.array([(0, 0, 1), (width, 0, 1), (width, height, 1), (0, height, 1)])
        seen = result @ np.linalg.inv(way).T
        corners = seen[:, :2] / seen[:, 2:]
    one, other = corners[2] - corners[0], corners[3] - corners[1]
    area = abs(one[0] * other[1] - one[1] * other[0]) / 2
    return int(np.clip(np.ceil(np.sqrt(area / (height * width)) - 0.25), 1, 8))


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
