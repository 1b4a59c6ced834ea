"""Pictures of text lines, line by line, in double precision."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from gpu_ops.line_crops import Array, Bucket, plan_lines
from gpu_ops.network_input import scale
from gpu_ops.reference.resample import levels, sample, shares


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
    return levels(torch.einsum("ah,hw...,bw->ab...", down, native.double(), across))
