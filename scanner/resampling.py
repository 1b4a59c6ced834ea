"""A page's pixels taken from its picture, once, along a rectification."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch

from gpu_ops.resample import Colour, warp_mesh, warp_perspective
from scanner.images import add_channels
from scanner.rectification import Rectification

Pixels = npt.NDArray[np.uint8]


def resample(
    pixels: torch.Tensor, way: Rectification, size: tuple[int, int], paper: Colour
) -> torch.Tensor:
    """A page of a size (height, width), RGB or grey as its picture, on any device.

    What the picture does not show gets the colour `paper`.
    """
    if way.warp is None:
        return warp_perspective(pixels, way.matrix, size, paper)
    rows, columns = way.warp.shifts.shape[:2]
    x, y = np.meshgrid(np.arange(columns) * way.warp.step, np.arange(rows) * way.warp.step)
    nodes = np.stack([x, y], axis=2).reshape(-1, 2)
    places = way.to_source(nodes).reshape(rows, columns, 2)
    return warp_mesh(add_channels(pixels), places, way.warp.step, size, paper)


def paper_colour(pixels: Pixels) -> Colour:
    """The colour of the paper: the median of each channel over a coarse grid of pixels."""
    sample = np.atleast_3d(pixels[::16, ::16])
    red, green, blue = np.broadcast_to(np.median(sample, axis=(0, 1)), 3).tolist()
    return red, green, blue
