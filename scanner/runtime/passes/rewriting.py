"""What the passes share: how they look at a graph and change it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard, TypeVar

from torch import nn
from torch.fx import GraphModule, Node

Layer = TypeVar("Layer", bound=nn.Module)


def calls_of(graph: GraphModule, kind: type[Layer]) -> Iterator[tuple[Node, Layer]]:
    """The nodes that call a submodule of a kind, each with the submodule."""
    for node in list(graph.graph.nodes):
        if node.op == "call_module":
            module = graph.get_submodule(str(node.target))
            if isinstance(module, kind):
                yield node, module


def only_user(node: Node) -> Node | None:
    """The one node that uses this one's result; None where there are several."""
    return next(iter(node.users)) if len(node.users) == 1 else None


def is_call(node: Node | None, *targets: object) -> TypeGuard[Node]:
    """Whether a node calls one of the functions, or the method of one of the names."""
    return (
        node is not None and node.op in ("call_function", "call_method") and node.target in targets
    )


def replace_module(graph: GraphModule, node: Node, module: nn.Module) -> None:
    """Let a node call another module in the old one's place."""
    graph.set_submodule(str(node.target), module)


def absorb(into: Node, node: Node) -> None:
    """Give `node`'s users the result of `into`, which now does its work, and remove it."""
    node.replace_all_uses_with(into)
    node.graph.erase_node(node)
