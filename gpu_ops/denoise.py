"""Noise that black and white pictures have."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from torch import Tensor


def remove_specks(image: Tensor) -> Tensor:
    """A black and white picture without black pixels that have no black one among their eight.

    `image` is bool `[height, width]`, True for white; outside it all is white.
    """
    ink = (~image.numpy()).astype(np.uint8)
    neighbours = cv2.boxFilter(
        ink, -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT | cv2.BORDER_ISOLATED
    )
    return image | torch.from_numpy(neighbours == 1)
