"""Pictures warped on a GPU, as pictures or as a detector's input, in one pass over memory."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
import triton
import triton.language as tl
from torch import Tensor

from gpu_ops.kernels.resize import packed_rows, whole, write
from gpu_ops.kernels.variants import Variant

Array = npt.NDArray[np.float64]

TILE = {"ROWS": 8, "COLUMNS": 32}


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
        reds += whole(red)
        greens += whole(green)
        blues += whole(blue)
        look += 1
    share = 1.0 / (looks * looks)
    place = row.to(tl.int64) * room_width + column
    reds, greens, blues = whole(reds * share), whole(greens * share), whole(blues * share)
    write(result, place, reds, greens, blues, written, CHANNELS, INPUT)


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
    picture = packed_rows(picture)
    height, width = picture.shape[:2]
    mesh = way.ndim == 3
    high, wide = room or size
    shape = (1, high, wide, 3) if room else (high, wide, *picture.shape[2:])
    result = torch.empty(shape, dtype=dtype, device=picture.device)
    if not result.numel():
        return result
    back, nodes, rows, columns = np.eye(3), picture, 2, 2
    if mesh:
        nodes = torch.from_numpy((way - 0.5).astype(np.float32))
        nodes = nodes.to(picture.device, non_blocking=True)
        rows, columns = way.shape[:2]
    else:
        # From the middles of looks to those of the picture's pixels.
        look = np.array([[1 / looks, 0, 0.5 / looks], [0, 1 / looks, 0.5 / looks], [0, 0, 1]])
        shift = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1]])
        back = shift @ np.linalg.inv(way) @ look
        back /= np.abs(back[2]).max()
    red, green, blue = (min(max(round(tone), 0), 255) for tone in outside)
    grid = (triton.cdiv(wide, TILE["COLUMNS"]), triton.cdiv(high, TILE["ROWS"]))
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
        **TILE,
    )
    return result


_TYPES = (
    {"picture": "*u8", "height": "i32", "width": "i32", "stride": "i32"}
    | {"node_rows": "i32", "node_columns": "i32", "nodes_per_look": "fp32"}
    | dict.fromkeys(("xx", "xy", "x0", "yx", "yy", "y0", "zx", "zy", "z0"), "fp32")
    | {"seen_height": "i32", "seen_width": "i32", "room_height": "i32", "room_width": "i32"}
    | {"looks": "i32", "red_outside": "i32", "green_outside": "i32", "blue_outside": "i32"}
)
VARIANTS = tuple(
    Variant(
        _warp,
        _TYPES | {"nodes": "*fp32" if mesh else "*u8", "result": result},
        {"CHANNELS": channels, "MESH": mesh, "INPUT": result != "*u8"} | TILE,
    )
    for mesh, result, channels in ((0, "*u8", 1), (1, "*u8", 3), (1, "*fp16", 3))
)
