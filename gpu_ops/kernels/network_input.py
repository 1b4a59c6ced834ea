"""Pictures as networks want them, on a GPU, in one pass."""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from gpu_ops.kernels.variants import Variant

BLOCK = 1024


@triton.jit
def _pack(packed, widths, batch, height, width, CHANNELS: tl.constexpr, BLOCK: tl.constexpr):
    """Part of a row of a picture a program: 3 bytes (1 if grey) and 3 numbers a pixel."""
    row = tl.program_id(0).to(tl.int64)
    sample = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    x, channel = sample // 3, sample % 3
    inside = x < tl.minimum(tl.load(widths + row // height), width)
    source = x if CHANNELS == 1 else sample + 2 - 2 * channel  # the channels turn round
    tone = tl.load(packed + row * width * CHANNELS + source, mask=inside, other=0)
    scaled = tl.where(inside, tone.to(tl.float32) / 127.5 - 1.0, 0.0)
    place = batch + row * width * 3 + sample
    tl.store(place, scaled.to(batch.dtype.element_ty), mask=sample < 3 * width)


def packed_input(packed: Tensor, widths: Tensor, dtype: torch.dtype) -> Tensor:
    """See `gpu_ops.network_input.packed_input`."""
    packed = packed.contiguous()
    rows, height, width, channels = packed.shape
    batch = torch.empty((rows, height, width, 3), dtype=dtype, device=packed.device)
    if batch.numel():
        _pack[(rows * height, triton.cdiv(3 * width, BLOCK))](
            packed, widths, batch, height, width, CHANNELS=channels, BLOCK=BLOCK
        )
    return batch.permute(0, 3, 1, 2)


VARIANTS = tuple(
    Variant(
        _pack,
        {"packed": "*u8", "widths": "*i32", "batch": kind, "height": "i32", "width": "i32"},
        {"CHANNELS": channels, "BLOCK": BLOCK},
    )
    for channels, kind in ((3, "*fp16"), (1, "*fp32"), (3, "*bf16"))
)
