"""Layers become oneDNN calls with weights packed for them."""

from __future__ import annotations

import operator

from torch import nn
from torch.fx import GraphModule

from scanner.runtime.best_class import BestClass
from scanner.runtime.kernels import FusedConvolution, FusedLinear, Pointwise
from scanner.runtime.passes.rewriting import calls_of, is_call, replace_module


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


def tell_doubts(graph: GraphModule) -> int:
    """The network also says which lines are in doubt, in an output after the others."""
    found = 0
    for node, _ in calls_of(graph, BestClass):
        output = graph.graph.output_node()
        (results,) = output.args
        with graph.graph.inserting_before(output):
            doubts = graph.graph.call_function(operator.getitem, (node, 2))
        output.args = ((*results, doubts),)  # type: ignore[misc]
        found += 1
    return found


def pack_best_class(graph: GraphModule) -> int:
    """A linear layer of which only the best class and its probability are wanted.

    The probability is written `exp(max - logsumexp)`, cut off at 0 and 1.
    """
    found = 0
    for node, linear in calls_of(graph, nn.Linear):
        uses = {user.target: user for user in node.users}
        if set(uses) != {"max", "logsumexp"}:
            continue
        top, ids = sorted(uses["max"].users, key=lambda user: str(user.args[1]))
        chain = [uses["logsumexp"]]
        while not is_call(chain[-1], "clamp"):
            chain.append(next(iter(chain[-1].users)))
        replace_module(graph, node, BestClass(linear))
        with graph.graph.inserting_after(node):
            best = graph.graph.call_function(operator.getitem, (node, 0))
            probability = graph.graph.call_function(operator.getitem, (node, 1))
        ids.replace_all_uses_with(best)
        chain[-1].replace_all_uses_with(probability)
        for old in (*reversed(chain), top, ids, uses["max"]):
            graph.graph.erase_node(old)
        found += 1
    return found
