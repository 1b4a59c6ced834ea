"""Pictures of text lines on a GPU: warped, resized, scaled and padded in one launch."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
import torch
import triton
import triton.language as tl
from torch import Tensor

from gpu_ops.kernels.resize import cubic
from gpu_ops.kernels.variants import Variant

if TYPE_CHECKING:
    from gpu_ops.line_crops import Plan

FIELDS = 13
"""Whole numbers a line: see `_fields`."""

TILE = {"ROWS": 16, "COLUMNS": 32, "NATIVE_ROWS": 32, "NATIVE_COLUMNS": 64}
OPTIONS = {"num_warps": 8}
"""With fewer, a tile does not fit into the registers."""


@triton.jit
def _share(target, source, old, new, shrink, cover):
    """The share of `source`, of `old` pixels, in `target`, of `new`; both are broadcast.

    Whole pixels are averaged where `cover`; where one side alone shrinks, neighbours are mixed in
    proportion to what they cover; else they are interpolated. In whole numbers as far as possible:
    a pixel of the source is `new` long, one of the target `old`.
    """
    begin = target * old
    end = tl.minimum(begin + old, (source + 1) * new)
    average = tl.maximum(end - tl.maximum(begin, source * new), 0).to(tl.float32) / old
    first = begin // new
    beyond = tl.maximum((target + 1) * old - (first + 1) * new, 0) % old
    mixed = beyond.to(tl.float32) / old
    mixed = tl.where(source == first, 1 - mixed, tl.where(source == first + 1, mixed, 0.0))
    distance = tl.abs(2 * new * source - (2 * target + 1) * old + new)
    between = cubic(distance.to(tl.float32) / (2 * new))
    return tl.where(shrink, tl.where(cover, average, mixed), between)


@triton.jit
def _cut_lines(
    lines,
    matrices,
    pictures,
    HEIGHT: tl.constexpr,
    FIELDS: tl.constexpr,
    ROWS: tl.constexpr,
    COLUMNS: tl.constexpr,
    NATIVE_ROWS: tl.constexpr,
    NATIVE_COLUMNS: tl.constexpr,
):
    """A tile of `ROWS` by `COLUMNS` of one line's picture, of one channel or of all if it is grey.

    The part of the native picture that the tile needs is sampled piece by piece; resizing is a
    product with the rows' shares from the left and the columns' from the right.
    """
    line = tl.program_id(0).to(tl.int64)
    bands = (HEIGHT + ROWS - 1) // ROWS
    top = tl.program_id(1) % bands * ROWS
    left = tl.program_id(1) // bands * COLUMNS
    channel = tl.program_id(2)
    field = lines + line * FIELDS
    page = tl.load(field).to(tl.pointer_type(tl.uint8))
    stride = tl.load(field + 1).to(tl.int32)
    pixel = tl.load(field + 2).to(tl.int32)
    page_width = tl.load(field + 3).to(tl.int32)
    page_height = tl.load(field + 4).to(tl.int32)
    origin_x = tl.load(field + 5).to(tl.int32)
    origin_y = tl.load(field + 6).to(tl.int32)
    native_width = tl.load(field + 7).to(tl.int32)
    native_height = tl.load(field + 8).to(tl.int32)
    level = tl.load(field + 9) > 0
    width = tl.load(field + 10).to(tl.int32)
    room = tl.load(field + 11).to(tl.int32)
    picture = pictures + tl.load(field + 12)
    if left >= room or (pixel == 1 and channel > 0):
        return
    matrix = matrices + line * 9
    xx, xy, x0 = tl.load(matrix), tl.load(matrix + 1), tl.load(matrix + 2)
    yx, yy, y0 = tl.load(matrix + 3), tl.load(matrix + 4), tl.load(matrix + 5)
    zx, zy = tl.load(matrix + 6), tl.load(matrix + 7)
    shrink = native_height > HEIGHT
    cover = native_width >= width

    row = top + tl.arange(0, ROWS)
    column = left + tl.arange(0, COLUMNS)
    tone = tl.zeros((ROWS, COLUMNS), tl.float32)
    # Beyond the last pixel that is averaged, interpolation looks at two more on either side.
    first_row = top * native_height // HEIGHT - 2
    last_row = tl.minimum(top + ROWS, HEIGHT) * native_height // HEIGHT + 2
    first_column = left * native_width // width - 2
    last_column = tl.minimum(left + COLUMNS, width) * native_width // width + 2
    last_column = tl.where(left < width, last_column, first_column - 1)
    down = first_row
    while down <= last_row:
        native_row = down + tl.arange(0, NATIVE_ROWS)
        rows_share = _share(row[:, None], native_row[None, :], native_height, HEIGHT, shrink, cover)
        v = tl.minimum(tl.maximum(native_row, 0), native_height - 1)[:, None]
        across = first_column
        while across <= last_column:
            native_column = across + tl.arange(0, NATIVE_COLUMNS)
            columns_share = _share(
                column[None, :], native_column[:, None], native_width, width, shrink, cover
            )
            u = tl.minimum(tl.maximum(native_column, 0), native_width - 1)[None, :]
            needed = (native_row <= last_row)[:, None] & (native_column <= last_column)[None, :]
            if level:
                place = (origin_y + v) * stride + (origin_x + u) * pixel + channel
                native = tl.load(page + place, mask=needed, other=0).to(tl.float32)
            else:
                depth = zx * u + zy * v + 1.0
                x = (xx * u + xy * v + x0) / depth
                y = (yx * u + yy * v + y0) / depth
                whole_x, whole_y = tl.floor(x), tl.floor(y)
                part_x, part_y = x - whole_x, y - whole_y
                at_x = origin_x + whole_x.to(tl.int32)
                at_y = origin_y + whole_y.to(tl.int32)
                native = tl.zeros((NATIVE_ROWS, NATIVE_COLUMNS), tl.float32)
                for j in range(-1, 3):
                    from_y = tl.minimum(tl.maximum(at_y + j, 0), page_height - 1)
                    ahead = tl.zeros((NATIVE_ROWS, NATIVE_COLUMNS), tl.float32)
                    for i in range(-1, 3):
                        from_x = tl.minimum(tl.maximum(at_x + i, 0), page_width - 1)
                        place = from_y * stride + from_x * pixel + channel
                        seen = tl.load(page + place, mask=needed, other=0).to(tl.float32)
                        ahead += cubic(tl.abs(i - part_x)) * seen
                    native += cubic(tl.abs(j - part_y)) * ahead
                native = tl.minimum(tl.maximum(tl.floor(native + 0.5), 0.0), 255.0)
            stretched = tl.dot(rows_share, native, input_precision="ieee")
            tone += tl.dot(stretched, columns_share, input_precision="ieee")
            across += NATIVE_COLUMNS
        down += NATIVE_ROWS
    tone = tl.minimum(tl.maximum(tl.floor(tone + 0.5), 0.0), 255.0)
    scaled = tl.where((column < width)[None, :], tone / 127.5 - 1.0, 0.0)
    place = (row[:, None] * room + column[None, :]) * 3
    for other in tl.static_range(3):
        # The channels turn round, RGB to BGR.
        mine = (pixel == 1) | (channel == 2 - other)
        inside = (row < HEIGHT)[:, None] & (column < tl.where(mine, room, 0))[None, :]
        tl.store(picture + place + other, scaled.to(pictures.dtype.element_ty), mask=inside)


def cut_lines(
    pages: Sequence[Tensor],
    of_page: Sequence[int],
    plan: Plan,
    height: int,
    buckets: Sequence[tuple[int, list[int]]],
    dtype: torch.dtype,
) -> list[Tensor]:
    """See `gpu_ops.line_crops.cut_lines`; `buckets` are the widths and the lines of each."""
    device = pages[0].device
    sizes = [len(lines) * height * width * 3 for width, lines in buckets]
    begins = list(accumulate(sizes, initial=0))
    packed = torch.empty(begins[-1], dtype=dtype, device=device)
    if begins[-1]:
        fields = torch.from_numpy(_fields(pages, of_page, plan, height, buckets, begins))
        matrices = torch.from_numpy(plan.matrix.astype(np.float32))
        widest = max(width for width, _ in buckets)
        tiles = triton.cdiv(height, TILE["ROWS"]) * triton.cdiv(widest, TILE["COLUMNS"])
        _cut_lines[(len(fields), tiles, 3)](
            fields.to(device, non_blocking=True),
            matrices.to(device, non_blocking=True),
            packed,
            HEIGHT=height,
            FIELDS=FIELDS,
            **TILE,
            **OPTIONS,
        )
    return [
        packed[begin : begin + size].view(len(lines), height, width, 3)
        for begin, size, (width, lines) in zip(begins, sizes, buckets, strict=False)
    ]


def _fields(
    pages: Sequence[Tensor],
    of_page: Sequence[int],
    plan: Plan,
    height: int,
    buckets: Sequence[tuple[int, list[int]]],
    begins: Sequence[int],
) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Each line's page (address, bytes a row, channels, size), native picture and place."""
    known = [
        (page.data_ptr(), page.stride(0), page[0, 0].numel(), page.shape[1], page.shape[0])
        for page in pages
    ]
    fields = np.empty((len(of_page), FIELDS), dtype=np.int64)
    fields[:, :5] = np.array(known, dtype=np.int64)[np.asarray(of_page)]
    fields[:, 5:7], fields[:, 7:9] = plan.origin, plan.native
    fields[:, 9], fields[:, 10] = plan.level, plan.width
    for (width, lines), begin in zip(buckets, begins, strict=False):
        fields[lines, 11] = width
        fields[lines, 12] = begin + np.arange(len(lines)) * height * width * 3
    return fields


VARIANTS = tuple(
    Variant(
        _cut_lines,
        {"lines": "*i64", "matrices": "*fp32", "pictures": pictures},
        {"HEIGHT": 48, "FIELDS": FIELDS, **TILE},
        OPTIONS,
    )
    for pictures in ("*bf16", "*fp16")
)
