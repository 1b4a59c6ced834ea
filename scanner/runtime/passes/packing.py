"""Layers become oneDNN calls with weights packed for them."""

from __future__ import annotations

import operator
from collections.abc import Callable

from torch import nn
from torch.fx import GraphModule, Node

from scanner.runtime.best_class import BestClass
from scanner.runtime.fused_head import FusedHead
from scanner.runtime.kernels import FusedConvolution, FusedLayer, FusedLinear, Pointwise
from scanner.runtime.passes.rewriting import absorb, calls_of, replace_module


def pack_pointwise(graph: GraphModule) -> int:
    """1x1 convolutions and linear layers become matrix products."""
    found = 0
    for node, linear in calls_of(graph, nn.Linear):
        replace_module(graph, node, FusedLinear(linear.weight, linear.bias))
        found += 1
    for node, conv in calls_of(graph, nn.Conv2d):
        if conv.kernel_size == (1, 1) and conv.stride == (1, 1):
            replace_module(graph, node, Pointwise(conv))
            found += 1
    return found


def pack_convolutions(graph: GraphModule) -> int:
    """All other convolutions."""
    found = 0
    for node, conv in calls_of(graph, nn.Conv2d):
        replace_module(graph, node, FusedConvolution(conv))
        found += 1
    return found


def unfold_layers(graph: GraphModule) -> int:
    """Packed layers become calls of their functions, with the weights in the graph's own hands.

    Nothing can be done to them after that. Tracing takes half the time without so many modules.
    """
    found = 0
    asked = {str(node.target).rpartition(".")[0] for node in graph.graph.find_nodes(op="get_attr")}
    for node, layer in calls_of(graph, FusedLayer):
        if node.target in asked:
            continue  # its weight is looked at elsewhere
        own: list[Node | None] = []
        with graph.graph.inserting_before(node):
            for kind, tensor in (("weight", layer.weight), ("bias", layer.bias)):
                name = f"{node.target}_{kind}".replace(".", "_")
                graph.register_buffer(name, tensor)
                own.append(None if tensor is None else graph.graph.get_attr(name))
            call = graph.graph.call_function(
                layer.function,
                (node.args[0], *own, *layer.settings),  # type: ignore[arg-type]
            )
        absorb(call, node)
        found += 1
    graph.delete_all_unused_submodules()
    return found


def tell_doubts(graph: GraphModule) -> int:
    """The network also says which lines are in doubt, in an output after the others."""
    found = 0
    for node, _ in calls_of(graph, BestClass):
        output = graph.graph.output_node()
        (results,) = output.args
        with graph.graph.inserting_before(output):
            doubts = graph.graph.call_function(operator.getitem, (node, 4))
        output.args = ((*results, doubts),)  # type: ignore[misc]
        found += 1
    return found


def pack_best_class(graph: GraphModule) -> int:
    """A linear layer of which only the two best classes are wanted, as by `best_two`."""
    return _replace_best_two(graph, BestClass)


def fuse_head(graph: GraphModule) -> int:
    """The same for a CUDA device."""
    return _replace_best_two(graph, FusedHead)


def _replace_best_two(graph: GraphModule, layer: Callable[[nn.Linear], nn.Module]) -> int:
    found = 0
    for node, linear in calls_of(graph, nn.Linear):
        if {user.target for user in node.users} != {"topk", "logsumexp"}:
            continue
        output = graph.graph.output_node()
        replace_module(graph, node, layer(linear))
        with graph.graph.inserting_before(output):
            output.args = (
                tuple(graph.graph.call_function(operator.getitem, (node, n)) for n in range(4)),
            )
        graph.graph.eliminate_dead_code()
        found += 1
    return found
