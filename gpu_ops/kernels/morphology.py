"""Running maxima and minima on a GPU, of any length at the same cost.

Van Herk (1992) and Gil and Werman (1993): a line is cut into pieces as long as the window; from
each pixel on to the end of its piece, and from the beginning of its piece to each pixel, extremes
are found by two scans; a window ends in the piece after the one it begins in, so its extreme is
the larger of one of each. Here a sample carries the number of its piece above its level, so a plain
scan starts anew with every piece.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from gpu_ops.kernels.variants import Variant

LONGEST = 257
"""Longer windows are put together from such ones."""

OPTIONS = {"num_warps": 8}


@triton.jit
def _larger(a, b):
    return tl.maximum(a, b)


@triton.jit
def _running(
    image,
    found,
    along,
    across,
    along_stride,
    across_stride,
    window,
    before,
    BRIGHTEST: tl.constexpr,
    LINES: tl.constexpr,
    LENGTH: tl.constexpr,
):
    """`LENGTH` samples of each of `LINES` lines a program; 2 bytes a sample.

    Of them as many are written as lie before the last whole piece's end. `along` samples, `before`
    of them before the middle, make a line, of which there are `across`.
    """
    pieces = (LENGTH - window + 1) // window
    made = window - 1 + pieces * window
    first = tl.program_id(0) * made
    index = tl.arange(0, LENGTH)[None, :]
    line = tl.program_id(1) * LINES + tl.arange(0, LINES)[:, None]
    channel = tl.program_id(2)
    lines = image + channel + line.to(tl.int64) * across_stride
    start = first + index - before
    end = start + window - 1
    # Levels turn round for the darkest; what lies beyond the line is below all.
    begins = tl.load(
        lines + start.to(tl.int64) * along_stride,
        mask=(line < across) & (start >= 0) & (start < along),
        other=0 if BRIGHTEST else 255,
    ).to(tl.int32)
    ends = tl.load(
        lines + end.to(tl.int64) * along_stride,
        mask=(line < across) & (end >= 0) & (end < along),
        other=0 if BRIGHTEST else 255,
    ).to(tl.int32)
    if not BRIGHTEST:
        begins, ends = 255 - begins, 255 - ends
    # Pieces begin where the first window ends; numbers grow in the direction of the scan.
    piece = index // window
    until = tl.associative_scan(ends + piece * 256, 1, _larger)
    piece = LENGTH - (index + 1) // window
    since = tl.associative_scan(begins + piece * 256, 1, _larger, reverse=True)
    extreme = tl.maximum(until & 255, since & 255)
    if not BRIGHTEST:
        extreme = 255 - extreme
    place = first + index
    tl.store(
        found + channel + line.to(tl.int64) * across_stride + place.to(tl.int64) * along_stride,
        extreme.to(tl.uint8),
        mask=(line < across) & (place < along) & (index < made),
    )


def extreme(
    image: Tensor, size: tuple[int, int], brightest: bool, before: tuple[int, int]
) -> Tensor:
    """The brightest or darkest under an element that begins `before` (rows, columns) a pixel."""
    if max(size) == 1:
        return image.clone()
    found = image.contiguous().view(torch.uint8)
    for axis in (0, 1):
        window, ahead = size[axis], before[axis]
        while window > 1:
            part = min(window, LONGEST)
            # The parts reach as far in all as the whole: each takes what it can before the middle.
            reach = min(ahead, part - 1)
            found = _along(found, axis, part, reach, brightest)
            window, ahead = window - part + 1, ahead - reach
    return found.view(image.dtype)


def _along(image: Tensor, axis: int, window: int, before: int, brightest: bool) -> Tensor:
    height, width = image.shape[:2]
    channels = image[0, 0].numel()
    found = torch.empty_like(image)
    samples = width * channels
    # Along columns samples of a row lie side by side; along rows each channel is a set of lines.
    if axis == 0:
        sets, lines = 1, 32
        sides = height, samples, samples, 1
    else:
        sets, lines = channels, 4
        sides = width, height, channels, samples
    along, across, *_ = sides
    lines = min(lines, triton.next_power_of_2(across))
    length = max(128, triton.next_power_of_2(2 * window - 1))
    length = min(length, max(16, triton.next_power_of_2(along + window - 1)))
    made = window - 1 + (length - window + 1) // window * window
    _running[(triton.cdiv(along, made), triton.cdiv(across, lines), sets)](
        image,
        found,
        *sides,
        window,
        before,
        BRIGHTEST=brightest,
        LINES=lines,
        LENGTH=length,
        **OPTIONS,
    )
    return found


VARIANTS = tuple(
    Variant(
        _running,
        {"image": "*u8", "found": "*u8", "along": "i32", "across": "i32"}
        | {"along_stride": "i32", "across_stride": "i32", "window": "i32", "before": "i32"},
        {"BRIGHTEST": brightest, "LINES": lines, "LENGTH": length},
        OPTIONS,
    )
    for brightest, lines, length in ((True, 32, 512), (False, 4, 512), (True, 32, 128))
)
