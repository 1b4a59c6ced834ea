"""Noise removed pixel by pixel."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, pad


def remove_specks(image: Tensor) -> Tensor:
    """See `gpu_ops.denoise.remove_specks`."""
    ink = pad((~image).float()[None, None], (1, 1, 1, 1))
    return image | (avg_pool2d(ink, 3, stride=1, divisor_override=1)[0, 0] == 1)


def median(image: Tensor, size: int) -> Tensor:
    """See `gpu_ops.denoise.median`."""
    return torch.stack(list(_neighbours(image, size // 2).values())).median(0).values


def bilateral(image: Tensor, reach: int, tones: float, spread: float) -> Tensor:
    """See `gpu_ops.denoise.bilateral`."""
    deep = image.reshape(*image.shape[:2], -1).double()
    total, weights = torch.zeros_like(deep), torch.zeros_like(deep[..., :1])
    for (down, across), seen in _neighbours(deep, reach).items():
        far = down**2 + across**2
        if far <= reach**2:
            apart = (seen - deep).abs().sum(2, keepdim=True)
            weight = (apart**2 / (-2 * tones**2)).exp() * math.exp(far / (-2 * spread**2))
            total, weights = total + weight * seen, weights + weight
    return (total / weights).round().to(torch.uint8).reshape(image.shape)


def sharpen(image: Tensor, amount: float) -> Tensor:
    """See `gpu_ops.denoise.sharpen`."""
    near = _neighbours(image.double(), 1)
    blurred = sum(
        (seen * (2 - abs(down)) * (2 - abs(across)) / 16 for (down, across), seen in near.items()),
        torch.zeros(image.shape, dtype=torch.float64),
    )
    return (image + amount * (image - blurred)).round().clamp(0, 255).to(torch.uint8)


def _neighbours(image: Tensor, reach: int) -> dict[tuple[int, int], Tensor]:
    """The picture moved by up to `reach` (rows, columns), its last pixels repeated."""
    height, width = image.shape[:2]
    row, column = torch.arange(height)[:, None], torch.arange(width)
    moves = range(-reach, reach + 1)
    return {
        (down, across): image[
            (row + down).clamp(0, height - 1), (column + across).clamp(0, width - 1)
        ]
        for down in moves
        for across in moves
    }
