"""Thresholds by sums over windows on a GPU, in one pass and in whole numbers.

A program goes down a strip of columns. Of each column it holds what the window's rows sum up to;
from one row to the next it adds the row that comes in and takes off the one that goes out. A
window's sum then differs from the one on its left by the column that comes in less the one that
goes out, so it is a running sum of those differences. Both sums, of levels and of squares, are one
number of 64 bits. 2 bytes a pixel are read and written; the rows that come in and go out are read
again, from the caches.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from gpu_ops.kernels.variants import Variant

ROWS = 64
"""Rows of a strip; sums begin anew with each strip, a window's height before it."""

OPTIONS = {"num_warps": 2}
"""A strip is narrow: its running sums go through few warps."""


@triton.jit
def _beyond(place, side, MIRRORED: tl.constexpr):
    """Which row or column is meant by one that may be outside."""
    if MIRRORED:
        period = tl.maximum(2 * side - 2, 1)
        place = tl.abs(place) % period
        place = tl.minimum(place, period - place)
    return tl.minimum(tl.maximum(place, 0), side - 1)


@triton.jit
def _sums(level, SQUARES: tl.constexpr):
    """What a pixel adds to its column's sum: its level and, 26 bits above, its square."""
    total = level.to(tl.int64 if SQUARES else tl.int32)
    if SQUARES:
        total += (total * total) << 26
    return total


@triton.jit
def _change(image, row, width, entering, leaving, enters, leaves, SQUARES: tl.constexpr):
    """What a row adds to the differences between windows side by side."""
    place = image + row.to(tl.int64) * width
    gained = tl.load(place + entering, mask=enters, other=0)
    lost = tl.load(place + leaving, mask=leaves, other=0)
    return _sums(gained, SQUARES) - _sums(lost, SQUARES)


@triton.jit
def _threshold(
    image,
    found,
    height,
    width,
    reach,
    strictness,
    lowest,
    highest,
    SQUARES: tl.constexpr,
    ROWS: tl.constexpr,
    BLOCK: tl.constexpr,
):
    """`ROWS` rows of a strip of `BLOCK - 2 * reach` columns a program.

    With `SQUARES` it is Sauvola's threshold, else whether a pixel is `lowest` below the mean.
    """
    window = 2 * reach + 1
    count = window * window
    lane = tl.arange(0, BLOCK)
    # The first window is whole where as many columns have come in as it is wide.
    column = tl.program_id(0) * (BLOCK - 2 * reach) - 2 * reach + lane
    made = (lane >= 2 * reach) & (column < width)
    entering = _beyond(column + reach, width, SQUARES)
    leaving = _beyond(column - reach - 1, width, SQUARES)
    enters = column < width
    leaves = (lane > 2 * reach) & enters
    top = tl.program_id(1) * ROWS
    difference = tl.zeros((BLOCK,), tl.int64 if SQUARES else tl.int32)
    row = top - reach
    while row <= top + reach:
        there = _beyond(row, height, SQUARES)
        difference += _change(image, there, width, entering, leaving, enters, leaves, SQUARES)
        row += 1
    row = top
    while row < tl.minimum(top + ROWS, height):
        total = tl.cumsum(difference, 0)
        place = row.to(tl.int64) * width + column
        level = tl.load(image + place, mask=made, other=0).to(tl.int32)
        if SQUARES:
            levels = total & 67108863
            squares = total >> 26
            # In whole numbers, since the two nearly cancel out where a picture is even.
            variance = (count * squares - levels * levels).to(tl.float32)
            mean = levels.to(tl.float32) / count
            deviation = tl.sqrt(variance) / count
            limit = mean * (1 + strictness * (deviation / 128.0 - 1))
            limit = tl.minimum(tl.maximum(limit, lowest), highest)
            result = level.to(tl.float32) > limit
        else:
            mean = (2 * total + count) // (2 * count)
            result = level <= mean - lowest
        tl.store(found + place, result.to(tl.uint8), mask=made)
        inward = _beyond(row + reach + 1, height, SQUARES)
        outward = _beyond(row - reach, height, SQUARES)
        difference += _change(image, inward, width, entering, leaving, enters, leaves, SQUARES)
        difference -= _change(image, outward, width, entering, leaving, enters, leaves, SQUARES)
        row += 1


def sauvola(image: Tensor, window: int, strictness: float, lowest: int, highest: int) -> Tensor:
    """See `gpu_ops.threshold.sauvola`."""
    return _launch(image, window, strictness, lowest, highest, squares=True)


def darker(image: Tensor, window: int, by: int) -> Tensor:
    """See `gpu_ops.threshold.darker`."""
    return _launch(image, window, 0.0, by, 0, squares=False)


def _launch(
    image: Tensor, window: int, strictness: float, lowest: int, highest: int, squares: bool
) -> Tensor:
    image = image.contiguous()
    found = torch.empty(image.shape, dtype=torch.bool, device=image.device)
    if image.numel():
        height, width = image.shape
        block = max(256, triton.next_power_of_2(4 * window))
        _threshold[(triton.cdiv(width, block - window + 1), triton.cdiv(height, ROWS))](
            image,
            found.view(torch.uint8),
            height,
            width,
            window // 2,
            strictness,
            lowest,
            highest,
            SQUARES=squares,
            ROWS=ROWS,
            BLOCK=block,
            **OPTIONS,
        )
    return found


VARIANTS = tuple(
    Variant(
        _threshold,
        {"image": "*u8", "found": "*u8", "height": "i32", "width": "i32", "reach": "i32"}
        | {"strictness": "fp32", "lowest": "i32", "highest": "i32"},
        {"SQUARES": squares, "ROWS": ROWS, "BLOCK": block},
        OPTIONS,
    )
    for squares, block in ((True, 256), (True, 2048), (False, 256))
)
