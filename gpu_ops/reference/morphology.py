"""Morphology by looking at every pixel that an element covers."""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import max_pool2d, pad


def extreme(
    image: Tensor, size: tuple[int, int], brightest: bool, before: tuple[int, int]
) -> Tensor:
    """The brightest or darkest pixels under elements; see `gpu_ops.morphology`."""
    sign = 1.0 if brightest else -1.0
    deep = image.reshape(*image.shape[:2], -1).permute(2, 0, 1).float() * sign
    (high, wide), (up, left) = size, before
    around = (left, wide - 1 - left, up, high - 1 - up)
    found = max_pool2d(pad(deep, around, value=-256.0), size, stride=1) * sign
    return found.permute(1, 2, 0).reshape(image.shape).to(image.dtype)


def dilation(image: Tensor, size: tuple[int, int]) -> Tensor:
    """See `gpu_ops.morphology.dilation`."""
    return extreme(image, size, True, (size[0] // 2, size[1] // 2))


def erosion(image: Tensor, size: tuple[int, int]) -> Tensor:
    """See `gpu_ops.morphology.erosion`."""
    return extreme(image, size, False, (size[0] // 2, size[1] // 2))


def opening(image: Tensor, size: tuple[int, int]) -> Tensor:
    """See `gpu_ops.morphology.opening`."""
    turned = ((size[0] - 1) // 2, (size[1] - 1) // 2)
    return extreme(erosion(image, size), size, True, turned)


def closing(image: Tensor, size: tuple[int, int]) -> Tensor:
    """See `gpu_ops.morphology.closing`."""
    turned = ((size[0] - 1) // 2, (size[1] - 1) // 2)
    return extreme(dilation(image, size), size, False, turned)
