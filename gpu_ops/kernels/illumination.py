"""Even light on a GPU, in one pass."""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from gpu_ops.kernels.variants import Variant

TILE = {"ROWS": 32, "BLOCK": 1024}


@triton.jit
def _flatten(
    image,
    surface,
    flat,
    height,
    width,
    surface_height,
    surface_width,
    down,
    across,
    black,
    stretch,
    ROWS: tl.constexpr,
    BLOCK: tl.constexpr,
):
    """Some samples of some rows a program, going down; 6 bytes a pixel.

    Rows of the surface are far apart: what is between its columns is worked out once for each of
    them, and the rows between take it from the registers. `down` and `across` are its sides as
    shares of the image's.
    """
    sample = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    inside = sample < 3 * width
    column, channel = sample // 3, sample % 3
    x = (column + 0.5) * across - 0.5
    x = tl.minimum(tl.maximum(x, 0.0), surface_width - 1.0)
    left = tl.minimum(x.to(tl.int32), tl.maximum(surface_width - 2, 0))
    part = x - left
    right = tl.minimum(left + 1, surface_width - 1)
    left, right = 3 * left + channel, 3 * right + channel
    top = tl.program_id(1) * ROWS
    known = -1
    above = tl.zeros((BLOCK,), tl.float32)
    below = tl.zeros((BLOCK,), tl.float32)
    row = top
    while row < tl.minimum(top + ROWS, height):
        y = (row + 0.5) * down - 0.5
        y = tl.minimum(tl.maximum(y, 0.0), surface_height - 1.0)
        first = y.to(tl.int32)
        if first != known:
            here = surface + first * surface_width * 3
            begin = tl.load(here + left, mask=inside, other=1).to(tl.float32)
            end = tl.load(here + right, mask=inside, other=1).to(tl.float32)
            above = begin + (end - begin) * part
            here = surface + tl.minimum(first + 1, surface_height - 1) * surface_width * 3
            begin = tl.load(here + left, mask=inside, other=1).to(tl.float32)
            end = tl.load(here + right, mask=inside, other=1).to(tl.float32)
            below = begin + (end - begin) * part
            known = first
        paper = above + (below - above) * (y - first)
        place = row.to(tl.int64) * width * 3 + sample
        tone = tl.load(image + place, mask=inside, other=0).to(tl.float32)
        tone = (tone / paper - black) * stretch
        tone = tl.minimum(tl.maximum(tl.floor(tone + 0.5), 0.0), 255.0)
        tl.store(flat + place, tone.to(tl.uint8), mask=inside)
        row += 1


def flatten(image: Tensor, surface: Tensor, black: float) -> Tensor:
    """See `gpu_ops.illumination.flatten`."""
    image, surface = image.contiguous(), surface.contiguous()
    flat = torch.empty_like(image)
    if image.numel():
        height, width = image.shape[:2]
        grid = (triton.cdiv(3 * width, TILE["BLOCK"]), triton.cdiv(height, TILE["ROWS"]))
        _flatten[grid](
            image,
            surface,
            flat,
            height,
            width,
            surface.shape[0],
            surface.shape[1],
            surface.shape[0] / height,
            surface.shape[1] / width,
            black,
            255 / (1 - black),
            **TILE,
        )
    return flat


VARIANTS = (
    Variant(
        _flatten,
        {"image": "*u8", "surface": "*u8", "flat": "*u8", "height": "i32", "width": "i32"}
        | {"surface_height": "i32", "surface_width": "i32", "down": "fp32", "across": "fp32"}
        | {"black": "fp32", "stretch": "fp32"},
        TILE,
    ),
)
