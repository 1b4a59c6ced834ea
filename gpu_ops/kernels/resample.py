"""Pictures resampled on a GPU, as pictures or as a detector's input, in one pass over memory.

A program makes a tile of the result, all channels of a pixel together: weights and places are
worked out once for the three of them. What a detector wants (BGR, -1 to 1, the last row and column
repeated up to the batch's size, half precision) is done to a pixel before it is written, so the
resampled picture itself never is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
import triton
import triton.language as tl
from torch import Tensor

from gpu_ops.kernels.variants import Variant

Array = npt.NDArray[np.float64]

FIELDS = 7
"""Whole numbers a picture: see `resize`."""

WARP_TILE = {"ROWS": 8, "COLUMNS": 32}
RESIZE_TILE = {"ROWS": 4, "COLUMNS": 64}


@triton.jit
def cubic(distance):
    """The weight of a pixel at a distance, by cubic convolution (Keys, 1981) with -0.75."""
    near = (1.25 * distance - 2.25) * distance * distance + 1
    far = ((-0.75 * distance + 3.75) * distance - 6) * distance + 3
    return tl.where(distance < 1, near, tl.where(distance < 2, far, 0.0))


@triton.jit
def _whole(tone):
    return tl.minimum(tl.maximum(tl.floor(tone + 0.5), 0.0), 255.0)


@triton.jit
def _write(result, place, red, green, blue, mask, CHANNELS: tl.constexpr, INPUT: tl.constexpr):
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
def _node(nodes, row, column, columns, rows_share, columns_share):
    """One coordinate between the four nodes around a place."""
    corner = nodes + 2 * (row * columns + column)
    above = tl.load(corner) * (1 - columns_share) + tl.load(corner + 2) * columns_share
    corner += 2 * columns
    below = tl.load(corner) * (1 - columns_share) + tl.load(corner + 2) * columns_share
    return above * (1 - rows_share) + below * rows_share


@triton.jit
def _share(part, tap: tl.constexpr):
    """The weight of one of the four pixels around a place, `part` of a pixel after the second."""
    # The first and the last are between 1 and 2 pixels away.
    t = part + 1 if tap == 0 else (part if tap == 1 else (1 - part if tap == 2 else 2 - part))
    if tap == 0 or tap == 3:
        weight = ((-0.75 * t + 3.75) * t - 6) * t + 3
    else:
        weight = (1.25 * t - 2.25) * t * t + 1
    return weight


@triton.jit
def _sample(
    first,
    at_x,
    at_y,
    part_x,
    part_y,
    height,
    width,
    stride,
    red_outside,
    green_outside,
    blue_outside,
    CHANNELS: tl.constexpr,
    EDGES: tl.constexpr,
):
    """The picture at places, from the four by four pixels around each, `first` to begin with.

    Only with `EDGES` may some of them be outside.
    """
    red = tl.zeros(part_x.shape, tl.float32)
    green, blue = red, red
    for j in tl.static_range(4):
        row_red = tl.zeros(part_x.shape, tl.float32)
        row_green, row_blue = row_red, row_red
        for i in tl.static_range(4):
            place = first + i * CHANNELS
            share = _share(part_x, i)
            if EDGES:
                row, column = at_y + j - 1, at_x + i - 1
                seen = (row >= 0) & (row < height) & (column >= 0) & (column < width)
                row_red += share * tl.load(place, mask=seen, other=red_outside).to(tl.float32)
                if CHANNELS == 3:
                    tone = tl.load(place + 1, mask=seen, other=green_outside)
                    row_green += share * tone.to(tl.float32)
                    tone = tl.load(place + 2, mask=seen, other=blue_outside)
                    row_blue += share * tone.to(tl.float32)
            else:
                row_red += share * tl.load(place).to(tl.float32)
                if CHANNELS == 3:
                    row_green += share * tl.load(place + 1).to(tl.float32)
                    row_blue += share * tl.load(place + 2).to(tl.float32)
        share = _share(part_y, j)
        red += share * row_red
        green += share * row_green
        blue += share * row_blue
        first += stride
    return red, green, blue


@triton.jit
def _warp(
    picture,
    nodes,
    result,
    height,
    width,
    stride,
    node_rows,
    node_columns,
    nodes_per_look,
    xx,
    xy,
    x0,
    yx,
    yy,
    y0,
    zx,
    zy,
    z0,
    seen_height,
    seen_width,
    room_height,
    room_width,
    looks,
    red_outside,
    green_outside,
    blue_outside,
    CHANNELS: tl.constexpr,
    MESH: tl.constexpr,
    INPUT: tl.constexpr,
    ROWS: tl.constexpr,
    COLUMNS: tl.constexpr,
):
    """A tile of the result a program; 3 bytes a pixel of the picture and of the result.

    Of each pixel of the result as many `looks` are taken on either side and averaged. Where they
    fall is told by a homography (the nine numbers) or by a mesh of float32 (x, y), with
    `nodes_per_look` nodes from one look to the next; whole numbers are the middles of pixels.
    """
    row = tl.program_id(1) * ROWS + tl.arange(0, ROWS)[:, None]
    column = tl.program_id(0) * COLUMNS + tl.arange(0, COLUMNS)[None, :]
    written = (row < room_height) & (column < room_width)
    seen_row = tl.minimum(row, seen_height - 1)
    seen_column = tl.minimum(column, seen_width - 1)
    reds = tl.zeros((ROWS, COLUMNS), tl.float32)
    greens = tl.zeros((ROWS, COLUMNS), tl.float32)
    blues = tl.zeros((ROWS, COLUMNS), tl.float32)
    look = 0
    while look < looks * looks:
        v = (seen_row * looks + look // looks).to(tl.float32)
        u = (seen_column * looks + look % looks).to(tl.float32)
        if MESH:
            down, across = (v + 0.5) * nodes_per_look, (u + 0.5) * nodes_per_look
            upper = tl.minimum(down.to(tl.int32), node_rows - 2)
            left = tl.minimum(across.to(tl.int32), node_columns - 2)
            down, across = down - upper, across - left
            x = _node(nodes, upper, left, node_columns, down, across)
            y = _node(nodes + 1, upper, left, node_columns, down, across)
        else:
            depth = zx * u + zy * v + z0
            x = (xx * u + xy * v + x0) / depth
            y = (yx * u + yy * v + y0) / depth
        # What is far outside is outside; whole numbers have an end.
        x = tl.minimum(tl.maximum(x, -4.0), width + 4.0)
        y = tl.minimum(tl.maximum(y, -4.0), height + 4.0)
        at_x, at_y = tl.floor(x).to(tl.int32), tl.floor(y).to(tl.int32)
        part_x, part_y = x - at_x, y - at_y
        first = picture + (at_y - 1).to(tl.int64) * stride + (at_x - 1) * CHANNELS
        inner = (at_x >= 1) & (at_x < width - 2) & (at_y >= 1) & (at_y < height - 2)
        # Most tiles need no looking where the picture ends.
        if tl.min(tl.min(inner.to(tl.int32), 1), 0) > 0:
            red, green, blue = _sample(
                first,
                at_x,
                at_y,
                part_x,
                part_y,
                height,
                width,
                stride,
                red_outside,
                green_outside,
                blue_outside,
                CHANNELS,
                False,
            )
        else:
            red, green, blue = _sample(
                first,
                at_x,
                at_y,
                part_x,
                part_y,
                height,
                width,
                stride,
                red_outside,
                green_outside,
                blue_outside,
                CHANNELS,
                True,
            )
        reds += _whole(red)
        greens += _whole(green)
        blues += _whole(blue)
        look += 1
    share = 1.0 / (looks * looks)
    place = row.to(tl.int64) * room_width + column
    reds, greens, blues = _whole(reds * share), _whole(greens * share), _whole(blues * share)
    _write(result, place, reds, greens, blues, written, CHANNELS, INPUT)


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
    _write(result, place, _whole(reds), _whole(greens), _whole(blues), written, CHANNELS, INPUT)


def warp(
    picture: Tensor,
    way: Array,
    step: float,
    size: tuple[int, int],
    outside: tuple[float, float, float],
    looks: int = 1,
    room: tuple[int, int] | None = None,
    dtype: torch.dtype = torch.uint8,
) -> Tensor:
    """A picture of a size, or with `room` the network's input `[1, room, 3]` that shows it.

    `way` is the homography (3x3) from the picture to the result, or a mesh `[rows, columns, 2]` of
    nodes `step` pixels of the result apart. `looks` are taken of each pixel on either side.
    """
    picture = _packed_rows(picture)
    height, width = picture.shape[:2]
    mesh = way.ndim == 3
    high, wide = room or size
    shape = (1, high, wide, 3) if room else (high, wide, *picture.shape[2:])
    result = torch.empty(shape, dtype=dtype, device=picture.device)
    if not result.numel():
        return result
    back, nodes, rows, columns = np.eye(3), picture, 2, 2
    if mesh:
        nodes = torch.from_numpy((way - 0.5).astype(np.float32)).to(picture.device)
        rows, columns = way.shape[:2]
    else:
        # From the middles of looks to those of the picture's pixels.
        look = np.array([[1 / looks, 0, 0.5 / looks], [0, 1 / looks, 0.5 / looks], [0, 0, 1]])
        shift = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1]])
        back = shift @ np.linalg.inv(way) @ look
        back /= np.abs(back[2]).max()
    red, green, blue = (min(max(round(tone), 0), 255) for tone in outside)
    grid = (triton.cdiv(wide, WARP_TILE["COLUMNS"]), triton.cdiv(high, WARP_TILE["ROWS"]))
    _warp[grid](
        picture,
        nodes,
        result,
        height,
        width,
        picture.stride(0),
        rows,
        columns,
        1 / (step * looks),
        *back.ravel().tolist(),
        *size,
        high,
        wide,
        looks,
        red,
        green,
        blue,
        CHANNELS=picture.shape[2] if picture.dim() == 3 else 1,
        MESH=mesh,
        INPUT=room is not None,
        **WARP_TILE,
    )
    return result


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
    held = [_packed_rows(picture) for picture in pictures]
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
        triton.cdiv(room[1], RESIZE_TILE["COLUMNS"]),
        triton.cdiv(room[0], RESIZE_TILE["ROWS"]),
        len(held),
    )
    _resize[grid](
        torch.tensor(known, dtype=torch.int64).to(device),
        result,
        *room,
        *taps,
        CHANNELS=3 if any(p.dim() == 3 for p in held) else 1,
        FIELDS=FIELDS,
        INPUT=dtype.is_floating_point,
        **RESIZE_TILE,
    )
    return result


def _shrinks(picture: Tensor, size: tuple[int, int]) -> bool:
    return size[0] <= picture.shape[0] and size[1] <= picture.shape[1]


def _packed_rows(picture: Tensor) -> Tensor:
    """The picture with the samples of each row side by side; rows may be apart."""
    pixel = picture[:1, :1].numel() if picture.dim() == 3 else 1
    packed = picture.dim() == 2 or picture.stride(2) == 1
    return picture if packed and picture.stride(1) == pixel else picture.contiguous()


_WARP_TYPES = (
    {"picture": "*u8", "height": "i32", "width": "i32", "stride": "i32"}
    | {"node_rows": "i32", "node_columns": "i32", "nodes_per_look": "fp32"}
    | dict.fromkeys(("xx", "xy", "x0", "yx", "yy", "y0", "zx", "zy", "z0"), "fp32")
    | {"seen_height": "i32", "seen_width": "i32", "room_height": "i32", "room_width": "i32"}
    | {"looks": "i32", "red_outside": "i32", "green_outside": "i32", "blue_outside": "i32"}
)
_RESIZE_TYPES = {"fields": "*i64", "room_height": "i32", "room_width": "i32"} | {
    "taps_down": "i32",
    "taps_across": "i32",
}

VARIANTS = (
    *(
        Variant(
            _warp,
            _WARP_TYPES | {"nodes": "*fp32" if mesh else "*u8", "result": result},
            {"CHANNELS": channels, "MESH": mesh, "INPUT": result != "*u8"} | WARP_TILE,
        )
        for mesh, result, channels in ((0, "*u8", 1), (1, "*u8", 3), (1, "*fp16", 3))
    ),
    *(
        Variant(
            _resize,
            _RESIZE_TYPES | {"result": result},
            {"CHANNELS": 3, "FIELDS": FIELDS, "INPUT": result != "*u8"} | RESIZE_TILE,
        )
        for result in ("*u8", "*fp16")
    ),
)
