"""Operators as graphs see them: PyTorch's own checks, and graphs that call them."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from gpu_ops import components, ctc, library

RANDOM = torch.Generator().manual_seed(3)
LOGITS = torch.randn(5, 40, generator=RANDOM)
FEATURES, WEIGHT, BIAS = LOGITS[:, :8], LOGITS.reshape(25, 8), LOGITS.flatten()[:25]
IDS = torch.randint(0, 3, (4, 9), dtype=torch.int32, generator=RANDOM)
LENGTHS = torch.tensor([9, 0, 4, 8], dtype=torch.int32)

CALLS = [
    ("best_two", ctc.best_two, (LOGITS,)),
    ("best_two", ctc.best_two, (LOGITS.half()[::2, :33],)),
    ("best_two", ctc.best_two, (LOGITS[:0],)),
    ("head", ctc.head, (FEATURES, WEIGHT, BIAS)),
    ("head", ctc.head, (FEATURES.bfloat16(), WEIGHT.bfloat16(), BIAS.bfloat16())),
    ("collapse", ctc.collapse, (IDS, torch.rand(4, 9, generator=RANDOM), LENGTHS)),
    ("label", components.label, (LOGITS.reshape(2, 10, 10) > 0,)),
    ("label", components.label, ((LOGITS.reshape(2, 10, 10) > 0)[:, ::2, 1:].mT,)),
    ("collapse", ctc.collapse, (IDS.mT, torch.rand(4, 9).mT, torch.full((9,), 4).int())),
]


@pytest.mark.parametrize(("name", "function", "arguments"), CALLS)
def test_operators_pass_the_dispatchers_checks(
    name: str, function: Callable[..., Any], arguments: tuple[Tensor, ...]
) -> None:
    operator = getattr(torch.ops.gpu_ops, name)
    torch.library.opcheck(operator, arguments)
    found, expected = operator(*arguments), function(*arguments)
    if isinstance(expected, Tensor):
        found, expected = [found], [expected]
    for mine, other in zip(found, expected, strict=True):
        assert torch.equal(mine, other)


def test_importing_again_registers_nothing_twice() -> None:
    importlib.reload(library)
    ids, *_ = torch.ops.gpu_ops.best_two(LOGITS)
    assert torch.equal(ids, ctc.best_two(LOGITS)[0])


def read(features: Tensor, weight: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
    ids, probability, *_ = torch.ops.gpu_ops.head(features, weight, bias)
    return ids + 0, probability


@pytest.mark.parametrize("compiler", ["script", "trace"])
@pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")
def test_torchscript_graphs_call_them(compiler: str) -> None:
    arguments = (FEATURES, WEIGHT, BIAS)
    graph = torch.jit.script(read) if compiler == "script" else torch.jit.trace(read, arguments)
    assert "gpu_ops::head" in str(graph.graph)
    assert torch.equal(graph(*arguments)[0], ctc.head(*arguments)[0])
    more = FEATURES.repeat(3, 1)
    assert torch.equal(graph(more, WEIGHT, BIAS)[0], ctc.head(more, WEIGHT, BIAS)[0])


def test_shapes_are_known_without_a_device() -> None:
    kinds, *_, counts = torch.ops.gpu_ops.collapse(
        IDS.to("meta"), torch.empty(4, 9, device="meta"), LENGTHS.to("meta")
    )
    assert (kinds.shape, kinds.dtype, counts.shape) == ((4, 9), torch.int32, (4,))
    assert kinds.is_meta
