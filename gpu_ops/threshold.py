"""Grey pictures to black and white ones."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from torch import Tensor

_RANGE = 128.0
"""The standard deviation of a neighbourhood that is half black and half white."""


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
    grey = image.numpy()
    size = (window, window)
    mean = cv2.boxFilter(grey, cv2.CV_32F, size)
    square = cv2.sqrBoxFilter(grey, cv2.CV_32F, size)
    deviation = np.sqrt(np.maximum(square - mean * mean, 0))
    limit = mean * (1 + strictness * (deviation / _RANGE - 1))
    return torch.from_numpy(grey > np.clip(limit, lowest, highest))
