"""Operators that graphs call, known to PyTorch's dispatcher as `torch.ops.gpu_ops.*`.

Import this module before such a graph is scripted, traced, exported or loaded. Each operator is
the plain function of its name, on the CPU and on CUDA, and a function on meta tensors that tells
the shapes. None has a gradient: they read what is on a page, and learn nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.library import custom_op

from gpu_ops import components, ctc

DEVICES = ("cpu", "cuda")


def _register(operator: Callable[..., Any], schema: str, shapes: Callable[..., Any]) -> Any:
    """Make an operator known by its own name; registering it again takes the place of the first."""
    known = custom_op(
        f"gpu_ops::{operator.__name__}",
        operator,
        mutates_args=(),
        device_types=DEVICES,
        schema=schema,
    )
    known.register_fake(shapes)
    return known


def _best_two(logits: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    rows = logits.shape[:1]
    ids, others = (logits.new_empty(rows, dtype=torch.int32) for _ in range(2))
    probability, odds = (logits.new_empty(rows, dtype=torch.float32) for _ in range(2))
    return ids, probability, others, odds


def _head(features: Tensor, weight: Tensor, bias: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    return _best_two(features)


def _collapse(
    ids: Tensor, probability: Tensor, lengths: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    kinds, begins, ends = (ids.new_empty(ids.shape) for _ in range(3))
    counts = lengths.new_empty(lengths.shape, dtype=torch.int32)
    return kinds, begins, ends, probability.new_empty(probability.shape), counts


def _label(ink: Tensor) -> Tensor:
    return ink.new_empty(ink.shape, dtype=torch.int32)


best_two = _register(ctc.best_two, "(Tensor logits) -> (Tensor, Tensor, Tensor, Tensor)", _best_two)
head = _register(
    ctc.head,
    "(Tensor features, Tensor weight, Tensor bias) -> (Tensor, Tensor, Tensor, Tensor)",
    _head,
)
collapse = _register(
    ctc.collapse,
    "(Tensor ids, Tensor probability, Tensor lengths) -> (Tensor, Tensor, Tensor, Tensor, Tensor)",
    _collapse,
)
label = _register(components.label, "(Tensor ink) -> Tensor", _label)
