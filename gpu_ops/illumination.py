"""The light on a sheet made even and white."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from torch import Tensor


def flatten(image: Tensor, surface: Tensor, black: float) -> Tensor:
    """Divide an image by the light of its paper and stretch the contrast.

    `image` is uint8 `[height, width, 3]`; `surface` is the colour of bare paper everywhere, uint8
    `[h, w, 3]` above 0, of any smaller size, enlarged bilinearly (pixel centres at halves, edges
    repeated). What is `black` (0 <= black < 1) or less of its paper becomes 0, what is as bright
    as the paper or more 255, in between in proportion: uint8, right to within 2 levels.
    """
    if image.is_cuda:
        from gpu_ops.kernels import illumination

        return illumination.flatten(image, surface, black)
    if not image.numel():
        return image.clone()
    height, width = image.shape[:2]
    paper = cv2.resize(surface.numpy(), (width, height), interpolation=cv2.INTER_LINEAR)
    ratio = cv2.divide(image.numpy(), paper, scale=255.0)
    level = (np.arange(256) / 255 - black) / (1 - black)
    table = np.rint(np.clip(level, 0, 1) * 255).astype(np.uint8)
    return torch.from_numpy(cv2.LUT(ratio, table))
