"""Connected components by handing on the smallest number."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import pad

_STRAIGHT = [(0, 1), (1, 0), (0, -1), (-1, 0)]
_DIAGONAL = [(1, 1), (1, -1), (-1, 1), (-1, -1)]


def label(ink: Tensor) -> Tensor:
    """See `gpu_ops.components.label`."""
    count, height, width = ink.shape
    pixels = height * width
    labels = torch.arange(pixels, dtype=torch.int32, device=ink.device)
    labels = labels.reshape(1, height, width).repeat(count, 1, 1)
    while True:
        black = torch.where(ink, labels, pixels)
        white = torch.where(ink, pixels, labels)
        lowest = torch.where(
            ink, _least(black, _STRAIGHT + _DIAGONAL, pixels), _least(white, _STRAIGHT, pixels)
        )
        if torch.equal(lowest, labels):
            return labels
        labels = lowest


def _least(numbers: Tensor, steps: list[tuple[int, int]], beyond: int) -> Tensor:
    """The least of each number and those that many (rows, columns) away."""
    height, width = numbers.shape[1:]
    wide = pad(numbers, (1, 1, 1, 1), value=beyond)
    least = numbers
    for down, across in steps:
        moved = wide[:, 1 + down : 1 + down + height, 1 + across : 1 + across + width]
        least = torch.minimum(least, moved)
    return least
