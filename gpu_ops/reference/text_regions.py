"""Rectangles around text by way of components, as on a GPU."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from gpu_ops.components import find_components
from gpu_ops.text_regions import NARROWEST, Array, Rule, by_components


def text_regions(maps: Tensor, sizes: Sequence[tuple[int, int]], rule: Rule) -> list[Array]:
    """See `gpu_ops.text_regions.text_regions`."""
    ink = text(maps, sizes, rule.text)
    return by_components(find_components(ink, maps, int(NARROWEST**2)), len(maps), rule)


def text(maps: Tensor, sizes: Sequence[tuple[int, int]], threshold: float) -> Tensor:
    """Where text is, bool `[n, height, width]`: above the threshold, here, left, above or both."""
    extent = torch.tensor(sizes, device=maps.device).reshape(-1, 2, 1, 1)
    row = torch.arange(maps.shape[1], device=maps.device)[:, None]
    inside = (row < extent[:, 0]) & (torch.arange(maps.shape[2], device=maps.device) < extent[:, 1])
    above = (maps.float() > threshold) & inside
    above[:, 1:] |= above[:, :-1].clone()
    above[:, :, 1:] |= above[:, :, :-1].clone()
    return above & inside
