"""Named rewritings of a network's graph; each returns how many places it changed."""

from __future__ import annotations

from collections.abc import Callable

from torch.fx import GraphModule

from scanner.runtime.passes.folding import fold_gates, fold_norms
from scanner.runtime.passes.fusion import fuse_activations
from scanner.runtime.passes.packing import (
    fuse_head,
    pack_best_class,
    pack_convolutions,
    pack_pointwise,
    tell_doubts,
    unfold_layers,
)
from scanner.runtime.passes.pooling import pool_early

Pass = Callable[[GraphModule], int]

FOLDING: tuple[Pass, ...] = (fold_norms, fold_gates, pool_early)
"""On float32 weights, before the network takes its precision."""

PACKING: tuple[Pass, ...] = (
    pack_best_class,
    pack_pointwise,
    pack_convolutions,
    fuse_activations,
    unfold_layers,
)
"""Afterwards; layers first, then what they carry."""

__all__ = ["FOLDING", "PACKING", "Pass", "fuse_head", "tell_doubts"]
