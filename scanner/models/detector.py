"""The text detector: where on a page there is text (PP-OCRv6 small detection).

A differentiable-binarisation network (Liao et al., 2020) on the shared backbone with a
squeeze-excited feature pyramid.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from scanner.models.blocks import Downsample, HardGate, Stem, stage

GATE_SLOPE = 0.2


class Detector(nn.Module):
    """`[batch, 3, height, width]` to the probability of text `[batch, 1, height, width]`.

    The input is BGR scaled to -1..1; height and width are multiples of 32.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = Stem(24, 48)
        self.stage1 = stage(48, (True, False))
        self.down1 = Downsample(48, (2, 2))
        self.stage2 = stage(96, (True, False))
        self.down2 = Downsample(96, (2, 2))
        self.stage3 = stage(192, (True, False, True, False))
        self.down3 = Downsample(192, (2, 2))
        self.stage4 = stage(384, (True, False))
        self.pyramid = Pyramid()
        self.head = Head()

    def forward(self, x: Tensor) -> Tensor:
        quarter = self.stage1(self.stem(x))
        eighth = self.stage2(self.down1(quarter))
        sixteenth = self.stage3(self.down2(eighth))
        deepest = self.stage4(self.down3(sixteenth))
        features: Tensor = self.pyramid(quarter, eighth, sixteenth, deepest)
        probability: Tensor = self.head(features)
        return probability


class Pyramid(nn.Module):
    """Four maps of falling resolution to one of a quarter of the picture's, 96 channels."""

    def __init__(self) -> None:
        super().__init__()
        self.inputs = nn.ModuleList(_Lateral(channels) for channels in (384, 192, 96, 48))
        self.smooth = nn.ModuleList(_Smooth() for _ in range(4))

    def forward(
        self, quarter: Tensor, eighth: Tensor, sixteenth: Tensor, deepest: Tensor
    ) -> Tensor:
        lateral5 = self.inputs[0](deepest)
        lateral4 = self.inputs[1](sixteenth)
        lateral3 = self.inputs[2](eighth)
        lateral2 = self.inputs[3](quarter)
        merged4 = lateral4 + _enlarge(lateral5, 2)
        merged3 = lateral3 + _enlarge(merged4, 2)
        merged2 = lateral2 + _enlarge(merged3, 2)
        return torch.cat(
            [
                _enlarge(self.smooth[0](lateral5), 8),
                _enlarge(self.smooth[1](merged4), 4),
                _enlarge(self.smooth[2](merged3), 2),
                self.smooth[3](merged2),
            ],
            dim=1,
        )


class Head(nn.Module):
    """The pyramid's map to the probability of text at full resolution."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(96, 24, 3, padding=1)
        self.up1 = nn.ConvTranspose2d(24, 24, 2, stride=2)
        self.up2 = nn.ConvTranspose2d(24, 1, 2, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.up1(F.relu(self.conv(x))))
        return torch.sigmoid(self.up2(x))


class _Lateral(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, 96, 1, bias=False)
        self.gate = HardGate(96, slope=GATE_SLOPE, residual=True)

    def forward(self, x: Tensor) -> Tensor:
        gated: Tensor = self.gate(self.conv(x))
        return gated


class _Smooth(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(96, 96, 7, padding=3, groups=96)
        self.conv = nn.Conv2d(96, 24, 1, bias=False)
        self.gate = HardGate(24, slope=GATE_SLOPE, residual=True)

    def forward(self, x: Tensor) -> Tensor:
        gated: Tensor = self.gate(self.conv(self.depthwise(x)))
        return gated


def _enlarge(x: Tensor, factor: int) -> Tensor:
    return F.interpolate(x, scale_factor=float(factor), mode="nearest")
