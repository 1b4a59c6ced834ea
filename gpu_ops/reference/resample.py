"""Pictures resampled in double precision."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

Array = npt.NDArray[np.float64]


def warp_perspective(
    pixels: Tensor, matrix: Array, size: tuple[int, int], outside: tuple[float, float, float]
) -> Tensor:
    """See `gpu_ops.resample.warp_perspective`."""
    column, row = _middles(size, pixels.device)
    way = np.linalg.inv(matrix).tolist()
    x, y, depth = (across * column + down * row + shift for across, down, shift in way)
    return sample(pixels, x / depth - 0.5, y / depth - 0.5, outside)


def warp_mesh(
    pixels: Tensor,
    nodes: Array,
    step: float,
    size: tuple[int, int],
    outside: tuple[float, float, float],
) -> Tensor:
    """See `gpu_ops.resample.warp_mesh`."""
    column, row = (places / step for places in _middles(size, pixels.device))
    known = torch.from_numpy(nodes).to(pixels.device)
    left = column.floor().long().clamp(0, nodes.shape[1] - 2)
    top = row.floor().long().clamp(0, nodes.shape[0] - 2)
    across, down = (column - left)[..., None], (row - top)[..., None]
    above = known[top, left] * (1 - across) + known[top, left + 1] * across
    below = known[top + 1, left] * (1 - across) + known[top + 1, left + 1] * across
    x, y = (above * (1 - down) + below * down - 0.5).unbind(-1)
    return sample(pixels, x, y, outside)


def sample(
    page: Tensor, x: Tensor, y: Tensor, outside: tuple[float, float, float] | None = None
) -> Tensor:
    """The page at places, uint8, by cubic convolution (Keys, 1981, with -0.75).

    Whole numbers are the middles of pixels. Beyond its edges the page has the colour `outside`, or
    where there is none goes on as its last pixels.
    """
    height, width = page.shape[:2]
    deep = page.dim() - 2
    ground = None
    if outside is not None:
        colour = outside if deep else outside[0]
        ground = torch.tensor(colour, dtype=torch.float64, device=page.device)
    total = torch.zeros(x.shape + page.shape[2:], dtype=torch.float64, device=page.device)
    for j in range(-1, 3):
        for i in range(-1, 3):
            column, row = x.floor() + i, y.floor() + j
            weight = _cubic(x - column) * _cubic(y - row)
            seen = page[row.long().clamp(0, height - 1), column.long().clamp(0, width - 1)]
            if ground is not None:
                within = (row >= 0) & (row < height) & (column >= 0) & (column < width)
                seen = torch.where(within.reshape(x.shape + (1,) * deep), seen.double(), ground)
            total += weight.reshape(weight.shape + (1,) * deep) * seen
    return levels(total)


def resize(page: Tensor, size: tuple[int, int]) -> Tensor:
    """At a size (height, width); see `gpu_ops.resize.resize`."""
    old, new = page.shape[:2], size
    shrinks = all(small <= large for small, large in zip(new, old, strict=True))
    down, across = (
        shares(before, after, shrinks, True, page.device)
        for before, after in zip(old, new, strict=True)
    )
    return levels(torch.einsum("ah,hw...,bw->ab...", down, page.double(), across))


def shares(old: int, new: int, shrink: bool, cover: bool, device: torch.device) -> Tensor:
    """The share of each of `old` pixels in each of `new`, `[new, old]`.

    Where a picture shrinks (`shrink`), its pixels are averaged by how much of them is covered;
    if only its height does (not `cover`), neighbours are mixed, as OpenCV has it; else they are
    interpolated by cubic convolution.
    """
    source = torch.arange(old, dtype=torch.float64, device=device)
    target = torch.arange(new, dtype=torch.float64, device=device)[:, None]
    if shrink and cover:
        begin, end = target * old, (target + 1) * old
        covered = torch.minimum(end, (source + 1) * new) - torch.maximum(begin, source * new)
        return covered.clamp(min=0) / old
    result = torch.zeros(new, old, dtype=torch.float64, device=device)
    if shrink:
        first = (target * old / new).floor()
        part = ((target + 1) * old - (first + 1) * new).clamp(min=0) % old / old
        taps = [(first, 1 - part), (first + 1, part)]
    else:
        place = (target + 0.5) * old / new - 0.5
        near = [place.floor() + i for i in range(-1, 3)]
        taps = [(pixel, _cubic(place - pixel)) for pixel in near]
    for pixel, weight in taps:
        result.scatter_add_(1, pixel.long().clamp(0, old - 1), weight)
    return result


def levels(tones: Tensor) -> Tensor:
    """Rounded to whole levels, uint8."""
    return (tones + 0.5).floor().clamp(0, 255).to(torch.uint8)


def _middles(size: tuple[int, int], device: torch.device) -> tuple[Tensor, Tensor]:
    """Columns and rows of the middles of a picture's pixels."""
    row, column = (torch.arange(side, dtype=torch.float64, device=device) + 0.5 for side in size)
    return column.expand(size), row[:, None].expand(size)


def _cubic(distance: Tensor) -> Tensor:
    t, a = distance.abs(), -0.75
    near = ((a + 2) * t - (a + 3)) * t * t + 1
    far = a * (((t - 5) * t + 8) * t - 4)
    return torch.where(t < 1, near, torch.where(t < 2, far, 0.0))
