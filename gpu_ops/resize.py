"""Pictures made smaller or larger, as OpenCV does it."""

from __future__ import annotations

import cv2
import torch
from torch import Tensor


def resize(picture: Tensor, height: int, width: int) -> Tensor:
    """The picture, uint8 `[h, w, 3]` or `[h, w]`, at another size.

    Pixels are averaged by the area they cover where both sides shrink, else interpolated by cubic
    convolution. Devices agree to within a level.
    """
    old = (picture.shape[0], picture.shape[1])
    if old == (height, width):
        return picture
    if picture.is_cuda:
        from gpu_ops.kernels import resize as kernels

        size, shape = (height, width), (height, width, *picture.shape[2:])
        return kernels.resize([picture], [size], size, torch.uint8, shape)
    shrinks = height <= old[0] and width <= old[1]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return torch.from_numpy(cv2.resize(picture.numpy(), (width, height), interpolation=method))
