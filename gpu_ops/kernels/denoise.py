"""Noise removal and sharpening on a GPU: every pixel from its neighbours, in one pass.

Pictures are walked along their bytes, so that loads and stores are contiguous whatever the number
of channels; neighbours come from the caches. Each operator reads and writes a byte a sample.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from gpu_ops.kernels.variants import Variant

BLOCK = 1024
"""Samples of a row that a program makes; one of a median holds a whole window of each."""

MEDIAN_BLOCK = 128


@triton.jit
def _remove_specks(image, cleaned, height, width, BLOCK: tl.constexpr):
    """Part of a row a program; 2 bytes a pixel."""
    row = tl.program_id(0)
    x = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    here = image + row.to(tl.int64) * width + x
    ink = tl.zeros((BLOCK,), tl.int32)
    for down in tl.static_range(-1, 2):
        # Rows beyond the picture have no columns.
        end = tl.where((row + down >= 0) & (row + down < height), width, 0)
        for across in tl.static_range(-1, 2):
            seen = (x + across >= 0) & (x + across < end)
            white = tl.load(here + down * width + across, mask=seen, other=1)
            ink += 1 - white.to(tl.int32)
    white = tl.load(here, mask=x < width, other=1).to(tl.int32)
    kept = tl.where(ink == 1, 1, white)
    tl.store(cleaned + row.to(tl.int64) * width + x, kept.to(tl.uint8), mask=x < width)


@triton.jit
def _neighbour(image, row, sample, down, across, height, samples, CHANNELS: tl.constexpr):
    """Where the sample of the same channel is that lies `down` and `across` pixels on."""
    there = tl.minimum(tl.maximum(row + down, 0), height - 1).to(tl.int64)
    moved = sample + across * CHANNELS
    channel = sample % CHANNELS
    moved = tl.where(moved < 0, channel, moved)
    moved = tl.where(moved >= samples, samples - CHANNELS + channel, moved)
    return image + there * samples + moved


@triton.jit
def _median(
    image,
    smooth,
    height,
    samples,
    CHANNELS: tl.constexpr,
    SIZE: tl.constexpr,
    WINDOW: tl.constexpr,
    BLOCK: tl.constexpr,
):
    """Part of a row a program, its windows in registers; 2 bytes a sample.

    The median's bits are found from the highest on by counting what is below: 8 counts, whatever
    the size of the window. `WINDOW` is the power of two above the window's size.
    """
    row = tl.program_id(0)
    sample = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    tap = tl.arange(0, WINDOW)[None, :]
    place = _neighbour(
        image,
        row,
        tl.minimum(sample, samples - 1)[:, None],
        tap // SIZE - SIZE // 2,
        tap % SIZE - SIZE // 2,
        height,
        samples,
        CHANNELS,
    )
    # What fills the window up is above all levels.
    seen = tl.load(place, mask=tap < SIZE * SIZE, other=0).to(tl.int32)
    seen = tl.where(tap < SIZE * SIZE, seen, 256)
    found = tl.zeros((BLOCK,), tl.int32)
    for bit in tl.static_range(8):
        tried = found + (128 >> bit)
        below = tl.sum((seen < tried[:, None]).to(tl.int32), 1)
        found = tl.where(below <= SIZE * SIZE // 2, tried, found)
    place = smooth + row.to(tl.int64) * samples + sample
    tl.store(place, found.to(tl.uint8), mask=sample < samples)


@triton.jit
def _bilateral(
    image,
    smooth,
    height,
    width,
    by_tones,
    by_distance,
    CHANNELS: tl.constexpr,
    REACH: tl.constexpr,
    BLOCK: tl.constexpr,
):
    """Part of a row a program, all channels of a pixel together; 2 bytes a sample.

    `by_tones` and `by_distance` are what squares are multiplied by to be powers of two.
    """
    row = tl.program_id(0)
    x = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    inside = x < width
    here = tl.minimum(x, width - 1)  # so that nothing is divided by nothing
    place = image + (row.to(tl.int64) * width + here) * CHANNELS
    red = tl.load(place).to(tl.float32)
    green, blue = red, red
    if CHANNELS == 3:
        green = tl.load(place + 1).to(tl.float32)
        blue = tl.load(place + 2).to(tl.float32)
    weights = tl.zeros((BLOCK,), tl.float32)
    reds, greens, blues = weights, weights, weights
    for down in range(-REACH, REACH + 1):
        there = tl.minimum(tl.maximum(row + down, 0), height - 1).to(tl.int64)
        for across in range(-REACH, REACH + 1):
            far = down * down + across * across
            if far <= REACH * REACH:
                column = tl.minimum(tl.maximum(here + across, 0), width - 1)
                place = image + (there * width + column) * CHANNELS
                r = tl.load(place).to(tl.float32)
                apart = tl.abs(r - red)
                if CHANNELS == 3:
                    g = tl.load(place + 1).to(tl.float32)
                    b = tl.load(place + 2).to(tl.float32)
                    apart += tl.abs(g - green) + tl.abs(b - blue)
                weight = tl.exp2(apart * apart * by_tones + far * by_distance)
                weights += weight
                reds += weight * r
                if CHANNELS == 3:
                    greens += weight * g
                    blues += weight * b
    place = smooth + (row.to(tl.int64) * width + x) * CHANNELS
    tl.store(place, tl.floor(reds / weights + 0.5).to(tl.uint8), mask=inside)
    if CHANNELS == 3:
        tl.store(place + 1, tl.floor(greens / weights + 0.5).to(tl.uint8), mask=inside)
        tl.store(place + 2, tl.floor(blues / weights + 0.5).to(tl.uint8), mask=inside)


@triton.jit
def _sharpen(image, sharp, height, samples, amount, CHANNELS: tl.constexpr, BLOCK: tl.constexpr):
    """Part of a row a program; 2 bytes a sample."""
    row = tl.program_id(0)
    sample = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    inside = sample < samples
    blurred = tl.zeros((BLOCK,), tl.int32)
    for down in tl.static_range(-1, 2):
        for across in tl.static_range(-1, 2):
            place = _neighbour(image, row, sample, down, across, height, samples, CHANNELS)
            share = (2 - down * down) * (2 - across * across)
            blurred += share * tl.load(place, mask=inside, other=0).to(tl.int32)
    place = row.to(tl.int64) * samples + sample
    tone = tl.load(image + place, mask=inside, other=0).to(tl.float32)
    tone += amount * (tone - blurred.to(tl.float32) / 16)
    tone = tl.minimum(tl.maximum(tl.floor(tone + 0.5), 0.0), 255.0)
    tl.store(sharp + place, tone.to(tl.uint8), mask=inside)


def remove_specks(image: Tensor) -> Tensor:
    """See `gpu_ops.denoise.remove_specks`."""
    image = image.contiguous()
    cleaned = torch.empty_like(image)
    if image.numel():
        height, width = image.shape
        _remove_specks[(height, triton.cdiv(width, BLOCK))](
            image.view(torch.uint8), cleaned.view(torch.uint8), height, width, BLOCK=BLOCK
        )
    return cleaned


def median(image: Tensor, size: int) -> Tensor:
    """See `gpu_ops.denoise.median`."""
    image = image.contiguous()
    smooth = torch.empty_like(image)
    if image.numel():
        height, samples = image.shape[0], image[0].numel()
        _median[(height, triton.cdiv(samples, MEDIAN_BLOCK))](
            image,
            smooth,
            height,
            samples,
            CHANNELS=_channels(image),
            SIZE=size,
            WINDOW=triton.next_power_of_2(size * size),
            BLOCK=MEDIAN_BLOCK,
        )
    return smooth


def bilateral(image: Tensor, reach: int, tones: float, spread: float) -> Tensor:
    """See `gpu_ops.denoise.bilateral`."""
    image = image.contiguous()
    smooth = torch.empty_like(image)
    if image.numel():
        height, width = image.shape[:2]
        _bilateral[(height, triton.cdiv(width, BLOCK))](
            image,
            smooth,
            height,
            width,
            _TO_POWER / tones**2,
            _TO_POWER / spread**2,
            CHANNELS=_channels(image),
            REACH=reach,
            BLOCK=BLOCK,
        )
    return smooth


def sharpen(image: Tensor, amount: float) -> Tensor:
    """See `gpu_ops.denoise.sharpen`."""
    image = image.contiguous()
    sharp = torch.empty_like(image)
    if image.numel():
        height, samples = image.shape[0], image[0].numel()
        _sharpen[(height, triton.cdiv(samples, BLOCK))](
            image, sharp, height, samples, amount, CHANNELS=_channels(image), BLOCK=BLOCK
        )
    return sharp


_TO_POWER = -0.5 * 1.4426950408889634
"""exp(-x / 2) is 2 to this power times x."""


def _channels(image: Tensor) -> int:
    return image.shape[2] if image.dim() == 3 else 1


_SIDES = {"height": "i32", "samples": "i32"}

VARIANTS = (
    Variant(
        _remove_specks,
        {"image": "*u8", "cleaned": "*u8", "height": "i32", "width": "i32"},
        {"BLOCK": BLOCK},
    ),
    *(
        Variant(
            _median,
            {"image": "*u8", "smooth": "*u8"} | _SIDES,
            {"CHANNELS": 3, "SIZE": size, "WINDOW": window, "BLOCK": MEDIAN_BLOCK},
        )
        for size, window in ((3, 16), (5, 32))
    ),
    *(
        Variant(
            _bilateral,
            {"image": "*u8", "smooth": "*u8", "height": "i32", "width": "i32"}
            | {"by_tones": "fp32", "by_distance": "fp32"},
            {"CHANNELS": channels, "REACH": 2, "BLOCK": BLOCK},
        )
        for channels in (1, 3)
    ),
    Variant(
        _sharpen,
        {"image": "*u8", "sharp": "*u8"} | _SIDES | {"amount": "fp32"},
        {"CHANNELS": 3, "BLOCK": BLOCK},
    ),
)
