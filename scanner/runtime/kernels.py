"""Layers as single oneDNN calls: packed weights, bias, activation and residual in one go.

The operators are those that PyTorch's own compiler emits for the processor.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from scanner.runtime.scripting import scripted


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
    """A layer that adds another map to its result, if given one, and applies an activation."""

    weight: Tensor
    bias: Tensor | None

    def __init__(self, weight: Tensor, bias: Tensor | None) -> None:
        super().__init__()
        self.activation = NONE
        self.register_buffer("weight", weight)
        self.register_buffer("bias", None if bias is None else bias.detach())


class FusedConvolution(FusedLayer):
    """A convolution; the sum comes before the activation."""

    def __init__(self, conv: nn.Conv2d) -> None:
        window = (
            [int(n) for n in conv.padding],
            list(conv.stride),
            list(conv.dilation),
            conv.groups,
        )
        weight = conv.weight.detach()
        super().__init__(torch.ops.mkldnn._reorder_convolution_weight(weight, *window), conv.bias)
        self.window = window

    def forward(self, x: Tensor, other: Tensor | None = None) -> Tensor:
        if other is None:
            single = scripted(_convolution)
            return single(x, self.weight, self.bias, *self.window, *self.activation)
        added = scripted(_convolution_sum)
        unary = None if self.activation is NONE else self.activation.name
        return added(x, other, self.weight, self.bias, *self.window, unary)


class FusedLinear(FusedLayer):
    """A linear layer over the last dimension, with a sum or an activation, not both."""

    def __init__(self, weight: Tensor, bias: Tensor | None) -> None:
        weight = weight.detach().contiguous()
        super().__init__(torch.ops.mkldnn._reorder_linear_weight(weight), bias)

    def forward(self, x: Tensor, other: Tensor | None = None) -> Tensor:
        if other is None:
            return scripted(_linear)(x, self.weight, self.bias, *self.activation)
        return scripted(_linear_sum)(x, other, self.weight, self.bias)


class Pointwise(FusedLinear):
    """A 1x1 convolution as a matrix product over the pixels of a channels-last map."""

    def __init__(self, conv: nn.Conv2d) -> None:
        super().__init__(conv.weight.flatten(1), conv.bias)

    def forward(self, x: Tensor, other: Tensor | None = None) -> Tensor:
        if other is not None:
            other = other.permute(0, 2, 3, 1)
        return super().forward(x.permute(0, 2, 3, 1), other).permute(0, 3, 1, 2)


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


def _convolution_sum(
    x: Tensor,
    other: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    padding: list[int],
    stride: list[int],
    dilation: list[int],
    groups: int,
    activation: str | None,
) -> Tensor:
    result: Tensor = torch.ops.mkldnn._convolution_pointwise(
        x, other, weight, bias, padding, stride, dilation, groups, "add", 1.0, activation, [], ""
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


def _linear_sum(x: Tensor, other: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    result: Tensor = torch.ops.mkldnn._linear_pointwise(x, other, weight, bias, "add")
    return result
