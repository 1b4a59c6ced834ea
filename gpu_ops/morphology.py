"""Grey-scale and binary morphology with rectangles, long lines among them.

Each operator takes uint8 `[height, width]` or `[height, width, channels]`, every channel by itself,
or bool `[height, width]`, and gives the same. The element's `size` is (height, width); what it
covers outside the picture counts for nothing.
"""

from __future__ import annotations

import cv2
import numpy as np
import torch
from torch import Tensor

Size = tuple[int, int]


def dilation(image: Tensor, size: Size) -> Tensor:
    """Each pixel the brightest that the element around it covers.

    Of an even side, one pixel more lies before the middle than after it.
    """
    return _extreme(image, size, brightest=True, before=_half(size))


def erosion(image: Tensor, size: Size) -> Tensor:
    """Each pixel the darkest that the element around it covers; even sides as in `dilation`."""
    return _extreme(image, size, brightest=False, before=_half(size))


def opening(image: Tensor, size: Size) -> Tensor:
    """What is brighter than its surroundings and smaller than the element goes.

    The result is nowhere brighter than the image.
    """
    eroded = erosion(image, size)
    return _extreme(eroded, size, brightest=True, before=_other_half(size))


def closing(image: Tensor, size: Size) -> Tensor:
    """What is darker than its surroundings and smaller than the element goes.

    The result is nowhere darker than the image.
    """
    dilated = dilation(image, size)
    return _extreme(dilated, size, brightest=False, before=_other_half(size))


def _half(size: Size) -> Size:
    return size[0] // 2, size[1] // 2


def _other_half(size: Size) -> Size:
    """How far the element reaches beyond the middle: before it, where it is turned round."""
    return (size[0] - 1) // 2, (size[1] - 1) // 2


def _extreme(image: Tensor, size: Size, *, brightest: bool, before: Size) -> Tensor:
    """The brightest or darkest under an element that begins `before` (rows, columns) a pixel."""
    if min(size) < 1:
        raise ValueError(f"an element of {size[0]} x {size[1]} pixels")
    if not image.numel():
        return image.clone()
    if image.is_cuda:
        from gpu_ops.kernels import morphology

        return morphology.extreme(image, size, brightest, before)
    pixels = image.contiguous().view(torch.uint8).numpy()
    found = (cv2.dilate if brightest else cv2.erode)(
        pixels, np.ones(size, dtype=np.uint8), anchor=(before[1], before[0])
    )
    return torch.from_numpy(found).view(image.dtype).reshape(image.shape)
