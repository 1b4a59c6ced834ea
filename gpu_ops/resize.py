"""Pictures made smaller or larger, as OpenCV does it."""

from __future__ import annotations

import math

import cv2
import torch
from torch import Tensor

SHARPNESS = -0.75
"""The parameter of cubic convolution (Keys, 1981) that OpenCV has."""


def resize(picture: Tensor, height: int, width: int) -> Tensor:
    """The picture, uint8 `[h, w, 3]` or `[h, w]`, at another size.

    Pixels are averaged by the area they cover where both sides shrink, else interpolated by cubic
    convolution. Devices agree to within a level.
    """
    old = (picture.shape[0], picture.shape[1])
    if old == (height, width):
        return picture
    shrinks = height <= old[0] and width <= old[1]
    if not picture.is_cuda:
        method = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
        return torch.from_numpy(cv2.resize(picture.numpy(), (width, height), interpolation=method))
    return resize_by_taps(picture, height, width)


def resize_by_taps(picture: Tensor, height: int, width: int) -> Tensor:
    """`resize` in plain PyTorch: each row, then each column, is a weighted sum of a few."""
    shrinks = height <= picture.shape[0] and width <= picture.shape[1]
    weigh = _areas if shrinks else _cubic
    values = picture.float()
    for axis, new in enumerate((height, width)):
        places, weights = weigh(picture.shape[axis], new)
        shape = [-1 if side == axis else 1 for side in range(picture.dim())]
        places, weights = places.to(picture.device), weights.to(picture.device)
        values = sum(
            (
                values.index_select(axis, place) * weight.view(shape)
                for place, weight in zip(places, weights, strict=True)
            ),
            start=torch.zeros((), device=picture.device),
        )
    return values.round_().clamp_(0, 255).to(torch.uint8)


def _areas(old: int, new: int) -> tuple[Tensor, Tensor]:
    """Which pixels each new one covers, `[taps, new]`, and their shares in it."""
    length = old / new
    begin = torch.arange(new, dtype=torch.float64) * length
    taps = torch.arange(math.ceil(length) + 1)[:, None]
    places = begin.floor().long() + taps
    covered = torch.minimum(places + 1, begin + length) - torch.maximum(places, begin)
    return places.clamp(max=old - 1), (covered.clamp(min=0) / length).float()


def _cubic(old: int, new: int) -> tuple[Tensor, Tensor]:
    """The four pixels around each new one's middle, `[4, new]`, and their weights."""
    middle = (torch.arange(new, dtype=torch.float64) + 0.5) * (old / new) - 0.5
    first = middle.floor()
    part = middle - first
    weights = []
    for tap in range(-1, 3):
        off = (part - tap).abs()
        near = ((SHARPNESS + 2) * off - (SHARPNESS + 3)) * off * off + 1
        far = ((SHARPNESS * off - 5 * SHARPNESS) * off + 8 * SHARPNESS) * off - 4 * SHARPNESS
        weights.append(torch.where(off < 1, near, far))
    places = first.long() + torch.arange(-1, 3)[:, None]
    return places.clamp(0, old - 1), torch.stack(weights).float()
