"""Noise taken out of pictures, and sharpness put in; beyond edges the last pixels are repeated."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from torch import Tensor

_BINOMIAL = np.outer([1, 2, 1], [1, 2, 1]) / 16
_MIDDLE = np.outer([0, 1, 0], [0, 1, 0])


def remove_specks(image: Tensor) -> Tensor:
    """A black and white picture without black pixels that have no black one among their eight.

    `image` is bool `[height, width]`, True for white; outside it all is white.
    """
    if image.is_cuda:
        from gpu_ops.kernels import denoise

        return denoise.remove_specks(image)
    if not image.numel():
        return image.clone()
    ink = (~image.numpy()).astype(np.uint8)
    neighbours = cv2.boxFilter(
        ink, -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT | cv2.BORDER_ISOLATED
    )
    return image | torch.from_numpy(neighbours == 1)


def median(image: Tensor, size: int) -> Tensor:
    """Each pixel the median of the square of side `size` (3 or 5) around it.

    `image` is uint8 `[height, width]` or `[height, width, channels]`, of 4 channels at most, each
    by itself.
    """
    if size not in (3, 5):
        raise ValueError(f"a median of {size} x {size} pixels; the side must be 3 or 5")
    if image.is_cuda:
        from gpu_ops.kernels import denoise

        return denoise.median(image, size)
    if not image.numel():
        return image.clone()
    found = cv2.medianBlur(image.numpy(), size)
    return torch.from_numpy(found).reshape(image.shape)


def bilateral(image: Tensor, reach: int, tones: float, spread: float) -> Tensor:
    """A picture smoothed within its edges, uint8 `[height, width]` or `[height, width, 3]`.

    Each pixel is the mean of those up to `reach` away, weighted by normal distributions: of their
    distance in pixels, with the deviation `spread`, and of how far they differ in all channels
    together, with the deviation `tones` (Tomasi and Manduchi, 1998). Right to within 1 level.
    """
    if image.is_cuda:
        from gpu_ops.kernels import denoise

        return denoise.bilateral(image, reach, tones, spread)
    if not image.numel():
        return image.clone()
    found = cv2.bilateralFilter(
        image.numpy(), 2 * reach + 1, tones, spread, borderType=cv2.BORDER_REPLICATE
    )
    return torch.from_numpy(found).reshape(image.shape)


def sharpen(image: Tensor, amount: float) -> Tensor:
    """What a picture differs by from its blurred self added to it `amount` times (unsharp mask).

    `image` is uint8 `[height, width]` or `[height, width, channels]`; it is blurred by the binomial
    3 x 3. Right to within 1 level.
    """
    if image.is_cuda:
        from gpu_ops.kernels import denoise

        return denoise.sharpen(image, amount)
    if not image.numel():
        return image.clone()
    weights = (1 + amount) * _MIDDLE - amount * _BINOMIAL
    found = cv2.filter2D(image.numpy(), -1, weights, borderType=cv2.BORDER_REPLICATE)
    return torch.from_numpy(found).reshape(image.shape)
