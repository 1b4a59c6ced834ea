"""Layers as single oneDNN calls: packed weights, bias, activation and residual in one go.

The operators are those that PyTorch's own compiler emits for the processor.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn

from scanner.runtime.scripting import scripted

KEPT = 4096
"""So many kernels stay in memory, those used last; lines of all widths need some 3,000."""


def keep_kernels() -> None:
    """Have oneDNN keep kernels for more shapes than the 1,024 of its default, unless told by users.

    It must be called before the first network runs.
    """
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", str(KEPT))


class Activation(NamedTuple):
    """A function applied to what a layer gives, in the words of the oneDNN operators."""

    name: str
    algorithm: str = ""


NONE = Activation("none")
RELU = Activation("relu")
GELU = Activation("gelu", "none")
SILU = Activation("swish")
SIGMOID = Activation("sigmoid")
HARD_SIGMOID = Activation("hardsigmoid")


class FusedLayer(nn.Module):
    """A layer that applies an activation to its result.

    Sums of maps are left to PyTorch: a product that adds one packs its weights again in every
    call, which takes longer than most products.
    """

    weight: Tensor
    bias: Tensor | None
    function: Callable[..., Tensor]
    """Of a map, weight, bias and `settings`, the result."""

    def __init__(self, weight: Tensor, bias: Tensor | None) -> None:
        super().__init__()
        self.activation = NONE
        self.register_buffer("weight", weight)
        self.register_buffer("bias", None if bias is None else bias.detach())

    @property
    def settings(self) -> tuple[object, ...]:
        return self.activation

    def forward(self, x: Tensor) -> Tensor:
        return self.function(x, self.weight, self.bias, *self.settings)


def convolution(x: Tensor, weight: Tensor, bias: Tensor | None, *settings: object) -> Tensor:
    """A convolution by packed weights; `settings` are its window's and its activation's."""
    return scripted(_convolution)(x, weight, bias, *settings)  # type: ignore[arg-type]


def linear(x: Tensor, weight: Tensor, bias: Tensor | None, *activation: object) -> Tensor:
    """A linear layer over the last dimension by packed weights."""
    return scripted(_linear)(x, weight, bias, *activation)  # type: ignore[arg-type]


def pointwise(x: Tensor, weight: Tensor, bias: Tensor | None, *activation: object) -> Tensor:
    """A linear layer over the channels of every pixel of a channels-last map."""
    return linear(x.permute(0, 2, 3, 1), weight, bias, *activation).permute(0, 3, 1, 2)


USUAL_SIZE = (64, 256)
"""Height and width of the maps that convolutions' weights are packed for; any others will do."""


class FusedConvolution(FusedLayer):
    """A convolution."""

    function = staticmethod(convolution)

    def __init__(self, conv: nn.Conv2d) -> None:
        window = (
            [int(n) for n in conv.padding],
            list(conv.stride),
            list(conv.dilation),
            conv.groups,
        )
        weight = conv.weight.detach()
        # Without the size of a map the weights of some layers are packed in vain, and again in
        # every call.
        usual = [1, conv.in_channels, *USUAL_SIZE]
        packed = torch.ops.mkldnn._reorder_convolution_weight(weight, *window, usual)
        super().__init__(packed, conv.bias)
        self.window = window

    @property
    def settings(self) -> tuple[object, ...]:
        return (*self.window, *self.activation)


class FusedLinear(FusedLayer):
    """A linear layer over the last dimension."""

    function = staticmethod(linear)

    def __init__(self, weight: Tensor, bias: Tensor | None) -> None:
        weight = weight.detach().contiguous()
        super().__init__(torch.ops.mkldnn._reorder_linear_weight(weight), bias)


class Pointwise(FusedLinear):
    """A 1x1 convolution as a matrix product over the pixels of a channels-last map."""

    function = staticmethod(pointwise)

    def __init__(self, conv: nn.Conv2d) -> None:
        super().__init__(conv.weight.flatten(1), conv.bias)


def _convolution(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    padding: list[int],
    stride: list[int],
    dilation: list[int],
    groups: int,
    activation: str,
    algorithm: str,
) -> Tensor:
    result: Tensor = torch.ops.mkldnn._convolution_pointwise(
        x, weight, bias, padding, stride, dilation, groups, activation, [], algorithm
    )
    return result


def _linear(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    activation: str,
    algorithm: str,
) -> Tensor:
    result: Tensor = torch.ops.mkldnn._linear_pointwise(x, weight, bias, activation, [], algorithm)
    return result
