"""Grey pictures to black and white ones, by what is around each pixel."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from torch import Tensor

_RANGE = 128.0
"""The standard deviation of a neighbourhood that is half black and half white."""

WIDEST = 511
"""The largest window: sums over it must fit into whole numbers."""


def sauvola(image: Tensor, window: int, strictness: float, lowest: int, highest: int) -> Tensor:
    """Black and white by a threshold that follows each pixel's neighbourhood.

    `image` is uint8 `[height, width]`; the result is bool of that size, True for white. With the
    mean and standard deviation of the square of odd side `window` around a pixel (mirrored at
    the edges, the edge itself not repeated), it is white if it is above

        mean * (1 + strictness * (deviation / 128 - 1)), limited to lowest .. highest

    (Sauvola and Pietikainen, "Adaptive document image binarization", 2000; the limits keep the
    inside of large black areas black and bare paper white.) A pixel within 0.01 of its threshold
    may fall on either side.
    """
    _check(window)
    if image.is_cuda:
        from gpu_ops.kernels import threshold

        return threshold.sauvola(image, window, strictness, lowest, highest)
    if not image.numel():
        return torch.zeros(image.shape, dtype=torch.bool)
    grey = image.numpy()
    size = (window, window)
    mean = cv2.boxFilter(grey, cv2.CV_32F, size)
    square = cv2.sqrBoxFilter(grey, cv2.CV_32F, size)
    deviation = np.sqrt(np.maximum(square - mean * mean, 0))
    limit = mean * (1 + strictness * (deviation / _RANGE - 1))
    return torch.from_numpy(grey > np.clip(limit, lowest, highest))


def darker(image: Tensor, window: int, by: int) -> Tensor:
    """Where a picture is darker than around: bool `[height, width]`, True for dark.

    `image` is uint8 of that size. A pixel is dark if it is at least `by` below the mean, rounded,
    of the square of odd side `window` around it; at the edges the last pixels are repeated.
    """
    _check(window)
    if image.is_cuda:
        from gpu_ops.kernels import threshold

        return threshold.darker(image, window, by)
    if not image.numel():
        return torch.zeros(image.shape, dtype=torch.bool)
    dark = cv2.adaptiveThreshold(
        image.numpy(), 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, window, by
    )
    return torch.from_numpy(dark).view(torch.bool)


def _check(window: int) -> None:
    if window % 2 == 0 or not 1 < window <= WIDEST:
        raise ValueError(f"a window of {window} pixels; it must be odd, from 3 to {WIDEST}")
