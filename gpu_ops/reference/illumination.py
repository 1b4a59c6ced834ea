"""Even light in double precision."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import interpolate


def flatten(image: Tensor, surface: Tensor, black: float) -> Tensor:
    """See `gpu_ops.illumination.flatten`."""
    if not image.numel():
        return image.clone()
    planes = surface.permute(2, 0, 1).double()[None]
    paper = interpolate(planes, image.shape[:2], mode="bilinear", align_corners=False)
    share = image / paper[0].permute(1, 2, 0)
    level = ((share - black) / (1 - black)).clamp(0, 1)
    return level.mul(255).round().to(torch.uint8)
