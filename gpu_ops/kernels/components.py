"""Connected components on a GPU: union and find without locks, starting from runs in rows.

As in Playne and Hawick, "A new algorithm for parallel connected-component labelling on GPUs"
(2018): the larger of two roots is linked to the smaller with an atomic minimum, and whatever was
linked there before is united in turn. Links only ever lead to smaller numbers, so a component's
root is its first pixel.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from gpu_ops.kernels.variants import Variant

MERGED = 256
"""Pixels of a row that a program unites with the row above."""

FLAT = 1024
"""Pixels that a program looks up the roots of."""

WHOLE_ROW = {"num_warps": 8}
"""For kernels that hold a whole row."""

FIELDS = 8
"""Numbers of a component: picture, ink, first, before, left, right, bottom, area."""


@triton.jit
def _larger(a, b):
    return tl.maximum(a, b)


@triton.jit
def _runs(ink, labels, height, width, BLOCK: tl.constexpr):
    """A row a program: each pixel is linked to the first of its run of ink or ground."""
    row = tl.program_id(0)
    place = row.to(tl.int64) * width
    x = tl.arange(0, BLOCK)
    inside = x < width
    here = tl.load(ink + place + x, mask=inside, other=0)
    before = tl.load(ink + place + x - 1, mask=inside & (x > 0), other=0)
    start = tl.where((x == 0) | (here != before), x, 0)
    first = tl.associative_scan(start, 0, _larger)
    tl.store(labels + place + x, row % height * width + first, mask=inside)


@triton.jit
def _unite(labels, a, b, live):
    """Unite the components of pixels `a` and `b` where `live`.

    Links are read past the first cache, where other programs' links would not be seen.
    """
    while tl.max(live.to(tl.int32), 0) > 0:
        of_a = tl.load(labels + a, mask=live, other=0, cache_modifier=".cg")
        of_b = tl.load(labels + b, mask=live, other=0, cache_modifier=".cg")
        roots = live & (of_a == a) & (of_b == b) & (a != b)
        low, high = tl.minimum(a, b), tl.maximum(a, b)
        linked = tl.atomic_min(labels + high, low, mask=roots, sem="relaxed")
        live = live & (of_a != of_b) & ((linked != high) | (roots == 0))
        a = tl.where(roots, low, of_a)
        b = tl.where(roots, linked, of_b)


@triton.jit
def _merge(ink, labels, height, width, BLOCK: tl.constexpr):
    """Part of a row a program: runs are united with those they touch in the row above.

    Each pair of runs that touch is united once, where they begin to.
    """
    row = tl.program_id(0)
    picture, y = row // (height - 1), row % (height - 1) + 1
    start = picture.to(tl.int64) * height * width
    ink += start + y * width
    labels += start
    x = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    inside = x < width
    left_too, right_too = inside & (x > 0), x + 1 < width
    here = tl.load(ink + x, mask=inside, other=0) > 0
    above = tl.load(ink + x - width, mask=inside, other=0) > 0
    left = tl.load(ink + x - 1, mask=left_too, other=0) > 0
    right = tl.load(ink + x + 1, mask=right_too, other=0) > 0
    above_left = tl.load(ink + x - width - 1, mask=left_too, other=0) > 0
    above_right = tl.load(ink + x - width + 1, mask=right_too, other=0) > 0

    before = left_too & (left == here) & (above_left == here)
    straight = inside & (here == above) & (before == 0)
    leftwards = here & (above == 0) & above_left & (left == 0)
    rightwards = here & (above == 0) & above_right & (right == 0)
    pixel = y * width + x
    aside = tl.where(leftwards, 1, 0)
    _unite(labels, pixel, pixel - width - aside, straight | leftwards)
    _unite(labels, pixel, pixel - width + 1, rightwards)


@triton.jit
def _flatten(labels, numbers, counter, pixels, BLOCK: tl.constexpr):
    """Pixels to their roots; each root draws a number, in any order."""
    start = tl.program_id(1).to(tl.int64) * pixels
    labels += start
    pixel = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    inside = pixel < pixels
    root = tl.load(labels + pixel, mask=inside, other=0)
    above = tl.load(labels + root, mask=inside, other=0)
    while tl.max((above != root).to(tl.int32), 0) > 0:
        root = above
        above = tl.load(labels + root, mask=inside, other=0)
    tl.store(labels + pixel, root, mask=inside)
    mine = inside & (root == pixel)
    number = tl.atomic_add(counter + tl.zeros((BLOCK,), tl.int32), 1, mask=mine, sem="relaxed")
    tl.store(numbers + start + pixel, number, mask=mine)


@triton.jit
def _measure(
    ink,
    weights,
    labels,
    numbers,
    fields,
    totals,
    height,
    width,
    FIELDS: tl.constexpr,
    BLOCK: tl.constexpr,
):
    """A row a program: what each run adds to its component, at its first and last pixels."""
    row = tl.program_id(0)
    picture, y = row // height, row % height
    start = picture.to(tl.int64) * height * width
    place = start + y * width
    x = tl.arange(0, BLOCK)
    inside = x < width
    here = tl.load(ink + place + x, mask=inside, other=0)
    before = tl.load(ink + place + x - 1, mask=inside & (x > 0), other=0)
    after = tl.load(ink + place + x + 1, mask=x + 1 < width, other=0)
    begins = inside & ((x == 0) | (here != before))
    ends = inside & ((x == width - 1) | (here != after))
    weight = tl.load(weights + place + x, mask=inside, other=0).to(tl.float32)
    parts = (weight * 16777216.0).to(tl.int64)
    until = tl.cumsum(parts, 0)
    root = tl.load(labels + place + x, mask=begins | ends, other=0)
    number = tl.load(numbers + start + root, mask=begins | ends, other=0)
    field = fields + number * FIELDS
    tl.atomic_min(field + 4, x, mask=begins, sem="relaxed")
    tl.atomic_max(field + 5, x, mask=ends, sem="relaxed")
    tl.atomic_max(field + 6, y + x * 0, mask=ends, sem="relaxed")
    tl.atomic_add(field + 7, -x, mask=begins, sem="relaxed")
    tl.atomic_add(field + 7, x + 1, mask=ends, sem="relaxed")
    tl.atomic_add(totals + number, parts - until, mask=begins, sem="relaxed")
    tl.atomic_add(totals + number, until, mask=ends, sem="relaxed")
    first = begins & (root == y * width + x)
    outer = tl.load(labels + place + x - 1, mask=first & (x > 0), other=-1)
    tl.store(field, picture + x * 0, mask=first)
    tl.store(field + 1, here.to(tl.int32), mask=first)
    tl.store(field + 2, root, mask=first)
    tl.store(field + 3, outer, mask=first)


@triton.jit
def _outline(ink, labels, numbers, rows, outline, height, width, BLOCK: tl.constexpr):
    """A row a program: how far the components reach in it, of those that have a place for that.

    `rows` are places of components' first rows, less than 0 for those that have none.
    """
    row = tl.program_id(0)
    picture, y = row // height, row % height
    start = picture.to(tl.int64) * height * width
    place = start + y * width
    x = tl.arange(0, BLOCK)
    inside = x < width
    here = tl.load(ink + place + x, mask=inside, other=0) > 0
    before = tl.load(ink + place + x - 1, mask=inside & (x > 0), other=0) > 0
    after = tl.load(ink + place + x + 1, mask=x + 1 < width, other=0) > 0
    begins = here & (before == 0)
    ends = here & (after == 0)
    root = tl.load(labels + place + x, mask=begins | ends, other=0)
    number = tl.load(numbers + start + root, mask=begins | ends, other=0)
    first = tl.load(rows + number, mask=begins | ends, other=-1)
    reach = outline + 2 * (first + y - root // width)
    tl.atomic_min(reach, x, mask=begins & (first >= 0), sem="relaxed")
    tl.atomic_max(reach + 1, x, mask=ends & (first >= 0), sem="relaxed")


def label(ink: Tensor) -> Tensor:
    """See `gpu_ops.components.label`; `ink` is contiguous."""
    return _label(ink)[0]


def measure(ink: Tensor, weights: Tensor, least: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """What `gpu_ops.components.find_components` needs, on the GPU, components in any order.

    They are each component's numbers as in `FIELDS`, its weight in parts of 2 ** -24, the place
    of its first row among all rows or -1, and the first and last columns of these rows. `before`
    is the first pixel of the component left of its first pixel, -1 at the picture's edge.
    """
    pictures, height, width = ink.shape
    labels, numbers, counter = _label(ink)
    count = int(counter)
    fields = torch.zeros(count, FIELDS, dtype=torch.int32, device=ink.device)
    fields[:, 4] = width
    totals = torch.zeros(count, dtype=torch.int64, device=ink.device)
    block = triton.next_power_of_2(max(width, 1))
    grid = (pictures * height,)
    if count:
        _measure[grid](
            ink.view(torch.uint8),
            weights,
            labels,
            numbers,
            fields,
            totals,
            height,
            width,
            FIELDS=FIELDS,
            BLOCK=block,
            **WHOLE_ROW,
        )
    _, black, first, _, left, right, bottom, _ = fields.unbind(1)
    heights = bottom - first // max(width, 1)
    wanted = (black > 0) & ((right - left) * heights >= least)
    heights = torch.where(wanted, heights + 1, 0)
    after = heights.cumsum(0)
    rows = torch.where(wanted, after - heights, -1)
    outline = torch.empty(int(heights.sum()), 2, dtype=torch.int32, device=ink.device)
    outline[:, 0], outline[:, 1] = width, -1
    if len(outline):
        _outline[grid](
            ink.view(torch.uint8),
            labels,
            numbers,
            rows,
            outline,
            height,
            width,
            BLOCK=block,
            **WHOLE_ROW,
        )
    return fields, totals, rows, outline


def _label(ink: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Labels, the number of each root's component at the root's place, and how many there are."""
    pictures, height, width = ink.shape
    pixels = height * width
    labels = torch.empty(ink.shape, dtype=torch.int32, device=ink.device)
    numbers = torch.empty_like(labels)
    counter = torch.zeros((), dtype=torch.int32, device=ink.device)
    black = ink.view(torch.uint8)
    if labels.numel():
        block = triton.next_power_of_2(width)
        _runs[(pictures * height,)](black, labels, height, width, BLOCK=block, **WHOLE_ROW)
        if height > 1:
            grid = (pictures * (height - 1), triton.cdiv(width, MERGED))
            _merge[grid](black, labels, height, width, BLOCK=MERGED)
        grid = (triton.cdiv(pixels, FLAT), pictures)
        _flatten[grid](labels, numbers, counter, pixels, BLOCK=FLAT)
    return labels, numbers, counter


_SIZE = {"height": "i32", "width": "i32"}
_LABELLED = {"ink": "*u8", "labels": "*i32"}

VARIANTS = (
    Variant(_runs, _LABELLED | _SIZE, {"BLOCK": 2048}, WHOLE_ROW),
    Variant(_merge, _LABELLED | _SIZE, {"BLOCK": MERGED}),
    Variant(
        _flatten,
        {"labels": "*i32", "numbers": "*i32", "counter": "*i32", "pixels": "i32"},
        {"BLOCK": FLAT},
    ),
    Variant(
        _measure,
        {"ink": "*u8", "weights": "*fp16", "labels": "*i32", "numbers": "*i32"}
        | {"fields": "*i32", "totals": "*i64"}
        | _SIZE,
        {"FIELDS": FIELDS, "BLOCK": 2048},
        WHOLE_ROW,
    ),
    Variant(
        _outline,
        _LABELLED | {"numbers": "*i32", "rows": "*i64", "outline": "*i32"} | _SIZE,
        {"BLOCK": 2048},
        WHOLE_ROW,
    ),
)
