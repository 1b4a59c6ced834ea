"""Averages move before the linear layers that they follow, which then have less to do."""

from __future__ import annotations

import operator

from torch import nn
from torch.fx import GraphModule
from torch.nn import functional as F

from scanner.runtime.passes.rewriting import is_call, only_user


def pool_early(graph: GraphModule) -> int:
    """The average over windows of `x + conv(y)` becomes that of `x` and `conv` of that of `y`.

    A 1x1 convolution is linear in each pixel, so averaging pixels before it or after it is the
    same; before it, there are as many times fewer pixels to multiply as a window has.
    """
    found = 0
    for node in list(graph.graph.nodes):
        if not is_call(node, F.avg_pool2d):
            continue
        total, window = node.args[0], node.args[1:]
        if not is_call(total, operator.add) or only_user(total) is None or node.kwargs:
            continue
        kept, project = total.all_input_nodes
        if only_user(project) is None or not _is_pointwise(graph, project):
            continue
        with graph.graph.inserting_before(total):
            pooled = [
                graph.graph.call_function(F.avg_pool2d, (x, *window))
                for x in (kept, project.args[0])
            ]
            smaller = graph.graph.call_module(str(project.target), (pooled[1],))
            result = graph.graph.call_function(operator.add, (pooled[0], smaller))
        node.replace_all_uses_with(result)
        for old in (node, total, project):
            graph.graph.erase_node(old)
        found += 1
    return found


def _is_pointwise(graph: GraphModule, node: object) -> bool:
    if not hasattr(node, "op") or node.op != "call_module":
        return False
    conv = graph.get_submodule(str(node.target))
    return isinstance(conv, nn.Conv2d) and conv.kernel_size == conv.stride == (1, 1)
