"""Layers that only scale are multiplied into the weights before them."""

from __future__ import annotations

import operator

import torch
from torch import nn
from torch.fx import GraphModule
from torch.nn.utils.fusion import fuse_conv_bn_eval

from scanner.runtime.passes.rewriting import absorb, calls_of, is_call, only_user, replace_module


def fold_norms(graph: GraphModule) -> int:
    """Batch normalisation after a convolution becomes part of its weights and bias."""
    found = 0
    for node, norm in calls_of(graph, nn.BatchNorm2d):
        (before,) = node.all_input_nodes
        conv = graph.get_submodule(str(before.target))
        if not isinstance(conv, nn.Conv2d):
            continue
        replace_module(graph, before, fuse_conv_bn_eval(conv, norm))
        absorb(before, node)
        found += 1
    return found


def fold_gates(graph: GraphModule) -> int:
    """`clamp(slope * conv + 0.5, 0, 1)` becomes the hard sigmoid of a scaled convolution.

    The hard sigmoid is `clamp(x / 6 + 0.5, 0, 1)`, and an activation that a layer can carry.
    """
    found = 0
    for node, conv in calls_of(graph, nn.Conv2d):
        scaled = only_user(node)
        if not is_call(scaled, operator.mul) or not isinstance(scaled.args[1], float):
            continue
        shifted = only_user(scaled)
        if not is_call(shifted, operator.add) or shifted.args[1] != 0.5:
            continue
        clamped = only_user(shifted)
        if not is_call(clamped, "clamp") or clamped.args[1:] != (0.0, 1.0):
            continue
        with torch.no_grad():
            for parameter in conv.parameters():
                parameter.mul_(6.0 * scaled.args[1])
        with graph.graph.inserting_after(node):
            gate = graph.graph.call_function(nn.functional.hardsigmoid, (node,))
        for old in (clamped, shifted, scaled):
            absorb(gate, old)
        gate.args = (node,)
        found += 1
    return found
