"""The backbone that the text detector and the recogniser share (PP-OCRv6 small).

Every module maps a float tensor `[batch, channels, height, width]` to another one. Parameters
are declared in the order in which they are used: the weights are loaded in that order.
"""

from __future__ import annotations

import torch
import torch.fx
from torch import Tensor, nn
from torch.nn import functional as F

Stride = tuple[int, int]


class HardGate(nn.Module):
    """Channel attention: multiply by `clamp(slope * f(mean) + 0.5, 0, 1)`.

    Squeeze-and-excitation (Hu et al., 2018) with a hard sigmoid; with `residual` the gated map
    is added to the input, as the detector's feature pyramid wants it.
    """

    def __init__(self, channels: int, slope: float, residual: bool = False) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(channels, channels // 4, 1)
        self.excite = nn.Conv2d(channels // 4, channels, 1)
        self.slope = slope
        self.residual = residual

    def forward(self, x: Tensor) -> Tensor:
        gate = self.excite(F.relu(self.squeeze(x.mean((2, 3), keepdim=True))))
        gate = (gate * self.slope + 0.5).clamp(0.0, 1.0)
        gated: Tensor = x * gate
        return x + gated if self.residual else gated


class Stem(nn.Module):
    """Five convolutions that shrink the picture four times in each direction."""

    def __init__(self, width: int, out: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, width, 3, stride=2, padding=1)
        self.narrow = nn.Conv2d(width, width // 2, 2)
        self.widen = nn.Conv2d(width // 2, width, 2)
        self.merge = nn.Conv2d(2 * width, width, 3, stride=2, padding=1)
        self.last = nn.Conv2d(width, out, 1)

    def forward(self, x: Tensor) -> Tensor:
        # The 2x2 windows want a row and a column of zeros at the bottom and on the right. Padding
        # the maps would copy them; instead the picture, which is small, is padded for two more
        # rows and columns of the first map, and those are overwritten with zeros.
        x = blank_edge(F.relu(self.first(F.pad(x, (0, 4, 0, 4)))), 2)
        side = blank_edge(F.relu(self.narrow(x)), 1)
        side = F.relu(self.widen(side))
        # The largest of 2x2; after a ReLU nothing is below zero, so the zeros cannot win.
        pooled = torch.maximum(x[:, :, :-2], x[:, :, 1:-1])
        pooled = torch.maximum(pooled[..., :-2], pooled[..., 1:-1])
        x = F.relu(self.merge(torch.cat([pooled, side], dim=1)))
        return F.relu(self.last(x))


@torch.fx.wrap
def blank_edge(x: Tensor, width: int) -> Tensor:
    """Set the last rows and columns to zero, in place."""
    x[:, :, -width:] = 0
    x[..., -width:] = 0
    return x


class Mixer(nn.Module):
    """Depthwise 3x3, optional channel attention, then a pointwise GELU network with a residual."""

    def __init__(self, channels: int, gated: bool) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(channels, channels, 3, padding=1, groups=channels)
        self.gate = HardGate(channels, slope=1 / 6) if gated else nn.Identity()
        self.expand = nn.Conv2d(channels, 2 * channels, 1)
        self.project = nn.Conv2d(2 * channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.gate(self.depthwise(x))
        mixed: Tensor = self.project(F.gelu(self.expand(x)))
        return x + mixed


class Downsample(nn.Module):
    """Between stages: a strided depthwise 3x3 and a pointwise network that doubles the channels."""

    def __init__(self, channels: int, stride: Stride) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(channels, channels, 3, stride=stride, padding=1, groups=channels)
        self.expand = nn.Conv2d(channels, 2 * channels, 1)
        self.project = nn.Conv2d(2 * channels, 2 * channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        smaller: Tensor = self.project(F.gelu(self.expand(self.depthwise(x))))
        return smaller


def stage(channels: int, gates: tuple[bool, ...]) -> nn.Sequential:
    """A row of mixers, one for each entry of `gates`."""
    return nn.Sequential(*(Mixer(channels, gated) for gated in gates))
