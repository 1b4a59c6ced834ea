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
    FusedLayer,
)
from scanner.runtime.passes.rewriting import absorb, calls_of, only_user

ACTIVATIONS = {
    F.gelu: GELU,
    F.relu: RELU,
    F.silu: SILU,
    F.hardsigmoid: HARD_SIGMOID,
    torch.sigmoid: SIGMOID,
}


def fuse_activations(graph: GraphModule) -> int:
    """The function applied to a layer's result is applied by the layer."""
    found = 0
    for node, layer in calls_of(graph, FusedLayer):
        after = only_user(node)
        if after is None or after.target not in ACTIVATIONS or layer.activation is not NONE:
            continue
        layer.activation = ACTIVATIONS[after.target]
        absorb(node, after)
        found += 1
    return found
