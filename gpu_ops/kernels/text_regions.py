"""Where a detector's maps show text, on a GPU."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import triton
import triton.language as tl
from torch import Tensor

from gpu_ops.kernels.variants import Variant

BLOCK = 1024


@triton.jit
def _text(maps, sizes, ink, threshold, height, width, BLOCK: tl.constexpr):
    """Part of a row a program: whether a pixel or one left of it or above it is text."""
    row = tl.program_id(0)
    picture, y = row // height, row % height
    high = tl.load(sizes + 2 * picture)
    wide = tl.load(sizes + 2 * picture + 1)
    place = row.to(tl.int64) * width
    x = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    # Conditions on the row go into the bounds: interpreters take no mask that is one number.
    inside = x < tl.where(y < high, wide, 0)
    found = tl.zeros((BLOCK,), tl.int1)
    for up in tl.static_range(2):
        for left in tl.static_range(2):
            seen = inside & (x >= tl.where(y >= up, left, width))
            chance = tl.load(maps + place - up * width + x - left, mask=seen, other=0)
            found = found | (seen & (chance.to(tl.float32) > threshold))
    tl.store(ink + place + x, found.to(tl.uint8), mask=x < width)


def text(maps: Tensor, sizes: Sequence[tuple[int, int]], threshold: float) -> Tensor:
    """See `gpu_ops.reference.text_regions.text`."""
    maps = maps.contiguous()
    count, height, width = maps.shape
    ink = torch.empty(maps.shape, dtype=torch.bool, device=maps.device)
    if ink.numel():
        seen = torch.tensor(sizes, dtype=torch.int32).to(maps.device, non_blocking=True)
        _text[(count * height, triton.cdiv(width, BLOCK))](
            maps, seen, ink.view(torch.uint8), threshold, height, width, BLOCK=BLOCK
        )
    return ink


VARIANTS = (
    Variant(
        _text,
        {"maps": "*fp16", "sizes": "*i32", "ink": "*u8", "threshold": "fp32"}
        | {"height": "i32", "width": "i32"},
        {"BLOCK": BLOCK},
    ),
)
