"""What to do to a picture so that its page is flat and upright, and doing it at once."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import torch

from gpu_ops.resample import Colour, warp_mesh, warp_perspective
from scanner.images import Step
from scanner.options import Options
from scanner.preprocess.skew import estimate_skew
from scanner.rectification import Rectification

Pixels = npt.NDArray[np.uint8]

SMALLEST_SKEW = 0.25
"""Degrees; turning a page by less costs more sharpness than it wins."""

CONVINCED = 0.5
"""The confidence from which a skew is believed."""


@dataclass(frozen=True, slots=True, eq=False)
class Geometry:
    """The way from the source to a page of `size` (height, width), and how sure each step is."""

    rectification: Rectification
    size: tuple[int, int]
    steps: tuple[Step, ...]


def find_geometry(pixels: torch.Tensor, options: Options) -> Geometry:
    """How to make the page in a picture `[height, width, 3]` flat and upright."""
    size = (int(pixels.shape[0]), int(pixels.shape[1]))
    if not options.deskew:
        return Geometry(Rectification.identity(), size, ())
    skew = estimate_skew(pixels.numpy())
    taken = abs(skew.angle) >= SMALLEST_SKEW and skew.confidence >= CONVINCED
    steps = (Step("deskew", min(1.0, skew.confidence), taken),)
    if not taken:
        return Geometry(Rectification.identity(), size, steps)
    matrix, size = _turn(size, skew.angle)
    return Geometry(Rectification(matrix), size, steps)


def resample(pixels: torch.Tensor, geometry: Geometry) -> torch.Tensor:
    """The page's pixels, each taken from the source once; the source itself for the identity."""
    way = geometry.rectification
    if way.is_identity and geometry.size == tuple(pixels.shape[:2]):
        return pixels
    paper = _paper(pixels.numpy())
    if way.warp is None:
        return warp_perspective(pixels, way.matrix, geometry.size, paper)
    rows, columns = way.warp.shifts.shape[:2]
    x, y = np.meshgrid(np.arange(columns), np.arange(rows))
    points = np.stack([x, y], axis=2).reshape(-1, 2) * way.warp.step
    nodes = way.to_source(points).reshape(rows, columns, 2)
    return warp_mesh(pixels, nodes, way.warp.step, geometry.size, paper)


def _turn(size: tuple[int, int], angle: float) -> tuple[npt.NDArray[np.float64], tuple[int, int]]:
    """Turns a page by `angle` degrees counter-clockwise; the canvas grows to keep its corners."""
    height, width = size
    matrix = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0), (0, 0, 1)])
    corners = Rectification(matrix).to_page([(0, 0), (width, 0), (width, height), (0, height)])
    low, high = np.floor(corners.min(axis=0)), np.ceil(corners.max(axis=0))
    matrix[:2, 2] -= low
    return matrix, (int(high[1] - low[1]), int(high[0] - low[0]))


def _paper(pixels: Pixels) -> Colour:
    """The colour of the paper: the median of each channel over a coarse grid of pixels."""
    red, green, blue = np.median(pixels[::16, ::16].reshape(-1, 3), axis=0)
    return float(red), float(green), float(blue)
