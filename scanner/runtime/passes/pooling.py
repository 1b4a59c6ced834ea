"""Averages move before the linear layers that they follow, which then have less to do."""

from __future__ import annotations

import operator

from torch import nn
from torch.fx import GraphModule
from torch.nn import functional as F

from scanner.runtime.passes.rewriting import calls_of, is_call, only_user


def pool_early(graph: GraphModule) -> int:
    """The average over windows of `x + conv(y)` becomes that of `x` and `conv` of that of `y`.

    A 1x1 convolution is linear in each pixel, so averaging pixels before it or after it is the
    same; before it, there are as many times fewer pixels to multiply as a window has.
    """
    found = 0
    for project, conv in calls_of(graph, nn.Conv2d):
        total = only_user(project)
        if conv.kernel_size != (1, 1) or conv.stride != (1, 1) or not is_call(total, operator.add):
            continue
        average = only_user(total)
        if not is_call(average, F.avg_pool2d) or average.kwargs:
            continue
        (kept,) = (node for node in total.all_input_nodes if node is not project)
        with graph.graph.inserting_before(total):
            pooled_kept, pooled = (
                graph.graph.call_function(F.avg_pool2d, (node, *average.args[1:]))
                for node in (kept, project.all_input_nodes[0])
            )
            smaller = graph.graph.call_module(str(project.target), (pooled,))
            result = graph.graph.call_function(operator.add, (pooled_kept, smaller))
        average.replace_all_uses_with(result)
        for old in (average, total, project):
            graph.graph.erase_node(old)
        found += 1
    return found
