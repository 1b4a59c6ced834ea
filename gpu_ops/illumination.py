"""The light on a sheet: finding the paper under the ink, and making it even and white."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from torch import Tensor


def close_ink(image: Tensor, size: int) -> Tensor:
    """Grey-scale closing with a square: what is darker than its surroundings and thinner goes.

    `image` is uint8 `[h, w, c]`, `size` the odd side of the square in pixels; each channel is
    closed by itself, and what lies outside the image counts for nothing. The result is
    `erode(dilate(image))`, so never darker than the image.
    """
    square = np.ones((size, size), dtype=np.uint8)
    closed = cv2.morphologyEx(image.numpy(), cv2.MORPH_CLOSE, square)
    return torch.from_numpy(closed).reshape(image.shape)


def flatten(image: Tensor, surface: Tensor, black: float) -> Tensor:
    """Divide an image by the light of its paper and stretch the contrast.

    `image` is uint8 `[height, width, 3]`; `surface` is the colour of bare paper everywhere, uint8
    `[h, w, 3]` above 0, of any smaller size, enlarged bilinearly (pixel centres at halves, edges
    repeated). What is `black` (0 <= black < 1) or less of its paper becomes 0, what is as bright
    as the paper or more 255, in between in proportion: uint8, right to within 2 levels.
    """
    height, width = image.shape[:2]
    paper = cv2.resize(surface.numpy(), (width, height), interpolation=cv2.INTER_LINEAR)
    ratio = cv2.divide(image.numpy(), paper, scale=255.0)
    level = (np.arange(256) / 255 - black) / (1 - black)
    table = np.rint(np.clip(level, 0, 1) * 255).astype(np.uint8)
    return torch.from_numpy(cv2.LUT(ratio, table))
