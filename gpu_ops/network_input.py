"""Pictures as networks want them."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import torch
from torch import Tensor

from gpu_ops.resize import resize

_LEVELS = np.arange(256, dtype=np.float32) / np.float32(127.5) - np.float32(1)


def network_input(pictures: Sequence[Tensor], height: int, width: int) -> Tensor:
    """RGB or grey pictures as one batch: float32 `[n, 3, height, width]`, BGR, scaled to -1..1.

    `pictures` are uint8 `[h, w, 3]` or `[h, w]` on one device, none larger than the batch's
    pictures; they stand at the top left, and what they leave free is 0. The memory is laid out
    with the channels last, so nothing is transposed on the way into a convolution.
    """
    if not pictures:
        return torch.zeros(0, 3, height, width)
    batch = torch.zeros(len(pictures), height, width, 3, device=pictures[0].device)
    for row, picture in zip(batch, pictures, strict=True):
        high, wide = picture.shape[:2]
        place = row[:high, :wide]
        if place.shape[:2] != picture.shape[:2]:
            raise ValueError(f"a picture {wide} x {high} in a batch of {width} x {height}")
        if picture.device.type == "cpu":
            _scale(picture, place)
        else:
            place.copy_(scale(picture))
    return batch.permute(0, 3, 1, 2)


def packed_input(packed: Tensor, widths: Tensor, dtype: torch.dtype = torch.float32) -> Tensor:
    """`network_input` of pictures that lie in one tensor already, uint8 `[n, height, width, c]`.

    `c` is 3 for RGB and 1 for grey; `widths` (int32 `[n]`, on the same device) says how much of
    each row is picture. What lies beyond it may be anything, and is 0 in the result.
    """
    if packed.is_cuda:
        from gpu_ops.kernels import network_input

        return network_input.packed_input(packed, widths, dtype)
    rows, height, width, channels = packed.shape
    values = (packed.float() / 127.5 - 1.0).flip(3)
    inside = torch.arange(width, device=packed.device) < widths[:, None]
    values = torch.where(inside[:, None, :, None], values, 0.0).to(dtype)
    if channels == 1:
        values = values.expand(rows, height, width, 3).contiguous()
    return values.permute(0, 3, 1, 2)


def page_input(
    pages: Sequence[Tensor],
    sizes: Sequence[tuple[int, int]],
    height: int,
    width: int,
    dtype: torch.dtype = torch.float32,
    rows: int | None = None,
) -> Tensor:
    """Pages as a detector wants them, `[n, 3, height, width]`: BGR, -1 to 1, channels last.

    `pages` are uint8 `[h, w, 3]` or `[h, w]` on one device, of any sizes. Each is brought to its
    (height, width) of `sizes`, averaged by area where both sides shrink and else interpolated by
    cubic convolution, and goes on as its last row and column up to the batch's size. With `rows`
    there are so many, and what those to spare show is left open. On a GPU that is one launch and
    one pass over memory, and devices agree to within 2 levels.
    """
    rows = len(pages) if rows is None else rows
    if any(size[0] > height or size[1] > width for size in sizes):
        raise ValueError(f"a page larger than its batch of {width} x {height}")
    if pages and pages[0].is_cuda:
        from gpu_ops.kernels import resize as kernels

        shape = (rows, height, width, 3)
        return kernels.resize(pages, sizes, (height, width), dtype, shape).permute(0, 3, 1, 2)
    filled = [
        fill(resize(page, *size), height, width) for page, size in zip(pages, sizes, strict=True)
    ]
    filled += filled[:1] * (rows - len(filled))
    return network_input(filled, height, width).to(dtype)


def scale(picture: Tensor) -> Tensor:
    """One picture, `[h, w, 3]` or `[h, w]`, as float32 BGR `[h, w, 3]`, -1..1."""
    colours = picture.flip(2) if picture.dim() == 3 else picture.unsqueeze(2).expand(-1, -1, 3)
    return colours.float().div_(127.5).sub_(1.0)


def _scale(picture: Tensor, place: Tensor) -> None:
    """`scale` on the processor, into `place`: each level is looked up once, not computed."""
    levels = cv2.LUT(picture.numpy(), _LEVELS)
    code = cv2.COLOR_RGB2BGR if picture.dim() == 3 else cv2.COLOR_GRAY2BGR
    cv2.cvtColor(levels, code, dst=place.numpy())


def fill(picture: Tensor, height: int, width: int) -> Tensor:
    """The picture, `[h, w]` or `[h, w, 3]` on the CPU, its last row and column repeated."""
    down, right = height - picture.shape[0], width - picture.shape[1]
    if not down and not right:
        return picture
    filled = cv2.copyMakeBorder(picture.numpy(), 0, down, 0, right, cv2.BORDER_REPLICATE)
    return torch.from_numpy(filled)
