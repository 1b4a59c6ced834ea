"""Pictures of text lines, line by line, in double precision."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from gpu_ops.line_crops import Array, Bucket, plan_lines
from gpu_ops.network_input import scale


def cut_lines(
    pages: Sequence[Tensor],
    of_page: Sequence[int],
    quads: Array,
    height: int,
    room: Sequence[int],
    dtype: torch.dtype = torch.float32,
) -> list[Bucket]:
    """See `gpu_ops.line_crops.cut_lines`."""
    members: dict[int, list[int]] = {}
    for line, width in enumerate(room):
        members.setdefault(width, []).append(line)
    buckets = []
    for width, lines in sorted(members.items()):
        pictures = torch.zeros(len(lines), height, width, 3, dtype=dtype, device=pages[0].device)
        for row, line in enumerate(lines):
            page = pages[of_page[line]]
            picture = cut_line(page, quads[line : line + 1], height)
            pictures[row, :, : picture.shape[1]] = scale(picture)
        buckets.append(Bucket(lines, pictures))
    return buckets


def cut_line(page: Tensor, quad: Array, height: int) -> Tensor:
    """One line's picture, uint8, RGB or grey as its page; `quad` is `[1, 4, 2]`."""
    sizes = torch.tensor([page.shape[:2]]).numpy()
    plan = plan_lines(quad, sizes, height)
    (wide, high), width = plan.native[0].tolist(), int(plan.width[0])
    columns = torch.arange(wide, dtype=torch.float64, device=page.device)
    rows = torch.arange(high, dtype=torch.float64, device=page.device)[:, None]
    x, y = columns.expand(high, wide), rows.expand(high, wide)
    if not plan.level[0]:
        (xx, xy, x0), (yx, yy, y0), (zx, zy, z0) = plan.matrix[0].tolist()
        depth = zx * x + zy * y + z0
        x, y = (xx * x + xy * y + x0) / depth, (yx * x + yy * y + y0) / depth
    left, top = plan.origin[0].tolist()
    native = sample(page, x + left, y + top)
    down = shares(high, height, high > height, wide >= width, page.device)
    across = shares(wide, width, high > height, wide >= width, page.device)
    return _levels(torch.einsum("ah,hw...,bw->ab...", down, native.double(), across))


def sample(page: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """The page at places, uint8, by cubic convolution (Keys, 1981, with -0.75), edges repeated."""
    height, width = page.shape[:2]
    deep = page.dim() - 2
    total = torch.zeros(x.shape + page.shape[2:], dtype=torch.float64, device=page.device)
    for j in range(-1, 3):
        for i in range(-1, 3):
            column, row = x.floor() + i, y.floor() + j
            weight = _cubic(x - column) * _cubic(y - row)
            seen = page[row.long().clamp(0, height - 1), column.long().clamp(0, width - 1)]
            total += weight.reshape(weight.shape + (1,) * deep) * seen
    return _levels(total)


def shares(old: int, new: int, shrink: bool, cover: bool, device: torch.device) -> Tensor:
    """The share of each of `old` pixels in each of `new`, `[new, old]`.

    Where a picture shrinks (`shrink`), its pixels are averaged by how much of them is covered;
    if only its height does (not `cover`), neighbours are mixed, as OpenCV has it; else they are
    interpolated by cubic convolution.
    """
    source = torch.arange(old, dtype=torch.float64, device=device)
    target = torch.arange(new, dtype=torch.float64, device=device)[:, None]
    if shrink and cover:
        begin, end = target * old, (target + 1) * old
        covered = torch.minimum(end, (source + 1) * new) - torch.maximum(begin, source * new)
        return covered.clamp(min=0) / old
    result = torch.zeros(new, old, dtype=torch.float64, device=device)
    if shrink:
        first = (target * old / new).floor()
        part = ((target + 1) * old - (first + 1) * new).clamp(min=0) % old / old
        taps = [(first, 1 - part), (first + 1, part)]
    else:
        place = (target + 0.5) * old / new - 0.5
        near = [place.floor() + i for i in range(-1, 3)]
        taps = [(pixel, _cubic(place - pixel)) for pixel in near]
    for pixel, weight in taps:
        result.scatter_add_(1, pixel.long().clamp(0, old - 1), weight)
    return result


def _cubic(distance: Tensor) -> Tensor:
    t, a = distance.abs(), -0.75
    near = ((a + 2) * t - (a + 3)) * t * t + 1
    far = a * (((t - 5) * t + 8) * t - 4)
    return torch.where(t < 1, near, torch.where(t < 2, far, 0.0))


def _levels(tones: Tensor) -> Tensor:
    return (tones + 0.5).floor().clamp(0, 255).to(torch.uint8)
