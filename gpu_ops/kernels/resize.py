"""Pictures resized on a GPU, as pictures or as a detector's input, in one pass over memory.

A program makes a tile of the result, all channels of a pixel together: weights and places are
worked out once for the three of them. What a detector wants (BGR, -1 to 1, the last row and column
repeated up to the batch's size, half precision) is done to a pixel before it is written, so the
resized picture itself never is.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import triton
import triton.language as tl
from torch import Tensor

from gpu_ops.kernels.variants import Variant

FIELDS = 7
"""Whole numbers a picture: see `resize`."""

TILE = {"ROWS": 4, "COLUMNS": 64}


@triton.jit
def cubic(distance):
    """The weight of a pixel at a distance, by cubic convolution (Keys, 1981) with -0.75."""
    near = (1.25 * distance - 2.25) * distance * distance + 1
    far = ((-0.75 * distance + 3.75) * distance - 6) * distance + 3
    return tl.where(distance < 1, near, tl.where(distance < 2, far, 0.0))


@triton.jit
def whole(tone):
    return tl.minimum(tl.maximum(tl.floor(tone + 0.5), 0.0), 255.0)


@triton.jit
def write(result, place, red, green, blue, mask, CHANNELS: tl.constexpr, INPUT: tl.constexpr):
    """A pixel at `place`, as it is or as a network wants it: BGR from -1 to 1."""
    kind = result.dtype.element_ty
    if INPUT:
        if CHANNELS == 1:
            green, blue = red, red
        tl.store(result + 3 * place, (blue / 127.5 - 1.0).to(kind), mask=mask)
        tl.store(result + 3 * place + 1, (green / 127.5 - 1.0).to(kind), mask=mask)
        tl.store(result + 3 * place + 2, (red / 127.5 - 1.0).to(kind), mask=mask)
    else:
        tl.store(result + CHANNELS * place, red.to(kind), mask=mask)
        if CHANNELS == 3:
            tl.store(result + 3 * place + 1, green.to(kind), mask=mask)
            tl.store(result + 3 * place + 2, blue.to(kind), mask=mask)


@triton.jit
def _tap(target, source, old, new, grows):
    """The share of `source`, of `old` pixels, in `target`, of `new`.

    Interpolated where `grows`, else averaged by what it covers. In whole numbers as far as
    possible: a pixel of the source is `new` long, one of the target `old`.
    """
    if grows:
        distance = tl.abs(2 * new * source - (2 * target + 1) * old + new)
        share = cubic(distance.to(tl.float32) / (2 * new))
    else:
        begin = target * old
        covered = tl.minimum(begin + old, (source + 1) * new) - tl.maximum(begin, source * new)
        share = tl.maximum(covered, 0).to(tl.float32) / old
    return share


@triton.jit
def _resize(
    fields,
    result,
    room_height,
    room_width,
    taps_down,
    taps_across,
    CHANNELS: tl.constexpr,
    FIELDS: tl.constexpr,
    INPUT: tl.constexpr,
    ROWS: tl.constexpr,
    COLUMNS: tl.constexpr,
):
    """A tile of one picture's result a program.

    3 bytes a pixel of the picture are read, and what a pixel of the result has is written. Grey
    pictures, among others that are not, say so by bytes a pixel.
    """
    field = fields + tl.program_id(2) * FIELDS
    picture = tl.load(field).to(tl.pointer_type(tl.uint8))
    stride = tl.load(field + 1)
    pixel = tl.load(field + 2).to(tl.int32)
    old_height, old_width = tl.load(field + 3).to(tl.int32), tl.load(field + 4).to(tl.int32)
    height, width = tl.load(field + 5).to(tl.int32), tl.load(field + 6).to(tl.int32)
    row = tl.program_id(1) * ROWS + tl.arange(0, ROWS)[:, None]
    column = tl.program_id(0) * COLUMNS + tl.arange(0, COLUMNS)[None, :]
    written = (row < room_height) & (column < room_width)
    seen_row = tl.minimum(row, height - 1)
    seen_column = tl.minimum(column, width - 1)
    grows = (height > old_height) | (width > old_width)
    first_row = seen_row * old_height // height
    first_column = seen_column * old_width // width
    if grows:  # interpolation begins at the second pixel before the middle
        first_row = ((2 * seen_row + 1) * old_height + height) // (2 * height) - 2
        first_column = ((2 * seen_column + 1) * old_width + width) // (2 * width) - 2
    reds = tl.zeros((ROWS, COLUMNS), tl.float32)
    greens = tl.zeros((ROWS, COLUMNS), tl.float32)
    blues = tl.zeros((ROWS, COLUMNS), tl.float32)
    green_at, blue_at = tl.where(pixel == 3, 1, 0), tl.where(pixel == 3, 2, 0)
    down = 0
    while down < taps_down:
        from_row = first_row + down
        rows_share = _tap(seen_row, from_row, old_height, height, grows)
        from_row = tl.minimum(tl.maximum(from_row, 0), old_height - 1)
        line = picture + from_row.to(tl.int64) * stride
        across = 0
        while across < taps_across:
            from_column = first_column + across
            share = rows_share * _tap(seen_column, from_column, old_width, width, grows)
            from_column = tl.minimum(tl.maximum(from_column, 0), old_width - 1)
            place = line + from_column * pixel
            reds += share * tl.load(place).to(tl.float32)
            if CHANNELS == 3:
                greens += share * tl.load(place + green_at).to(tl.float32)
                blues += share * tl.load(place + blue_at).to(tl.float32)
            across += 1
        down += 1
    place = (tl.program_id(2).to(tl.int64) * room_height + row) * room_width + column
    write(result, place, whole(reds), whole(greens), whole(blues), written, CHANNELS, INPUT)


def resize(
    pictures: Sequence[Tensor],
    sizes: Sequence[tuple[int, int]],
    room: tuple[int, int],
    dtype: torch.dtype,
    shape: tuple[int, ...],
) -> Tensor:
    """Pictures at some sizes, each repeating its last row and column up to `room`.

    Of a `dtype` of whole numbers they are pictures, else a network's input, `[n, room, 3]`; either
    way `shape` is the result's, whose first rows they are; the others are left as they come.
    """
    device = pictures[0].device
    result = torch.empty(shape, dtype=dtype, device=device)
    if not result.numel():
        return result
    held = [packed_rows(picture) for picture in pictures]
    known = [
        (p.data_ptr(), p.stride(0), p[0, 0].numel(), *p.shape[:2], *size)
        for p, size in zip(held, sizes, strict=True)
    ]
    taps = [
        max(
            -(-p.shape[axis] // size[axis]) + 1 if _shrinks(p, size) else 4
            for p, size in zip(held, sizes, strict=True)
        )
        for axis in (0, 1)
    ]
    grid = (
        triton.cdiv(room[1], TILE["COLUMNS"]),
        triton.cdiv(room[0], TILE["ROWS"]),
        len(held),
    )
    _resize[grid](
        torch.tensor(known, dtype=torch.int64).to(device, non_blocking=True),
        result,
        *room,
        *taps,
        CHANNELS=3 if any(p.dim() == 3 for p in held) else 1,
        FIELDS=FIELDS,
        INPUT=dtype.is_floating_point,
        **TILE,
    )
    return result


def _shrinks(picture: Tensor, size: tuple[int, int]) -> bool:
    return size[0] <= picture.shape[0] and size[1] <= picture.shape[1]


def packed_rows(picture: Tensor) -> Tensor:
    """The picture with the samples of each row side by side; rows may be apart."""
    pixel = picture[:1, :1].numel() if picture.dim() == 3 else 1
    packed = picture.dim() == 2 or picture.stride(2) == 1
    return picture if packed and picture.stride(1) == pixel else picture.contiguous()


_TYPES = {"fields": "*i64", "room_height": "i32", "room_width": "i32"} | {
    "taps_down": "i32",
    "taps_across": "i32",
}

VARIANTS = tuple(
    Variant(
        _resize,
        _TYPES | {"result": result},
        {"CHANNELS": 3, "FIELDS": FIELDS, "INPUT": result != "*u8"} | TILE,
    )
    for result in ("*u8", "*fp16")
)
