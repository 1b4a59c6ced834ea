"""Pictures as networks want them."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def network_input(pictures: Sequence[Tensor], height: int, width: int) -> Tensor:
    """RGB pictures as one batch: float32 `[n, 3, height, width]`, BGR, scaled to -1..1.

    `pictures` are uint8 `[h, w, 3]` on one device, none larger than the batch's pictures; they
    stand at the top left, and what they leave free is 0. The memory is laid out with the
    channels last, so nothing is transposed on the way into a convolution.
    """
    if not pictures:
        return torch.zeros(0, 3, height, width)
    batch = torch.zeros(len(pictures), height, width, 3, device=pictures[0].device)
    for row, picture in zip(batch, pictures, strict=True):
        high, wide = picture.shape[:2]
        row[:high, :wide] = picture.flip(2).float().div_(127.5).sub_(1.0)
    return batch.permute(0, 3, 1, 2)
