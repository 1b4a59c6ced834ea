"""What follows a layer moves into its oneDNN call, so that no map passes through memory for it."""

from __future__ import annotations

import torch
from torch.fx import GraphModule
from torch.nn import functional as F

from scanner.runtime.kernels import (
    GELU,
    HARD_SIGMOID,
    NONE,
    RELU,
    SIGMOID,
    SILU,
    FusedConvolution,
    FusedLayer,
)
from scanner.runtime.passes.rewriting import absorb, calls_of, is_sum, only_user

ACTIVATIONS = {
    F.gelu: GELU,
    F.relu: RELU,
    F.silu: SILU,
    F.hardsigmoid: HARD_SIGMOID,
    torch.sigmoid: SIGMOID,
}


def fuse_residuals(graph: GraphModule) -> int:
    """The sum of a layer's result and another map is made by the layer."""
    found = 0
    for node, layer in calls_of(graph, FusedLayer):
        total = only_user(node)
        if not is_sum(total) or len(node.args) > 1 or layer.activation is not NONE:
            continue
        (other,) = (arg for arg in total.args if arg is not node)
        # The other map may be made only after this layer's call.
        total.prepend(node)
        node.args = (*node.args, other)
        absorb(node, total)
        found += 1
    return found


def fuse_activations(graph: GraphModule) -> int:
    """The function applied to a layer's result is applied by the layer."""
    found = 0
    for node, layer in calls_of(graph, FusedLayer):
        after = only_user(node)
        if after is None or after.target not in ACTIVATIONS or layer.activation is not NONE:
            continue
        # Matrix products carry a sum or an activation, not both.
        if len(node.args) > 1 and not isinstance(layer, FusedConvolution):
            continue
        layer.activation = ACTIVATIONS[after.target]
        absorb(node, after)
        found += 1
    return found
