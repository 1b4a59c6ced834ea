"""Networks compiled with TorchScript for the processor at hand.

TorchScript is deprecated upstream; it works in every PyTorch this program accepts, and all
that is said of it stands in this package.
"""

from __future__ import annotations

import copy
import threading
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, fx, nn

from scanner.runtime.engine import CPU, EngineName, Precision
from scanner.runtime.passes import FOLDING, PACKING, Pass

Run = Callable[[Tensor], Any]

EXAMPLE = 64
"""Tracing runs the network on a part of the first input with sides of no more than this."""


def usable_passes() -> tuple[Pass, ...]:
    """The rewritings for this processor; without oneDNN (Apple's) only those of weights."""
    return FOLDING + PACKING if torch._C._has_mkldnn else FOLDING


@dataclass(slots=True, eq=False)
class TorchScriptEngine:
    """A network that is traced when it first runs; the trace serves every shape."""

    module: nn.Module
    precision: Precision
    passes: tuple[Pass, ...] = field(default_factory=usable_passes)
    name: EngineName = EngineName.TORCHSCRIPT
    device: torch.device = CPU
    _run: Run | None = field(default=None, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def __call__(self, x: Tensor) -> tuple[Tensor, ...]:
        """The network's outputs; any batch, height and width will do."""
        x = x.to(_DTYPES[self.precision], memory_format=torch.channels_last)
        with self._lock:
            if self._run is None:
                with _COMPILING:
                    graph = rewrite(self.module, x.dtype, self.passes)
                    self._run = _compile(graph, x[:1, :, :EXAMPLE, :EXAMPLE])
        with torch.inference_mode(), _as_traced():
            outputs = self._run(x)
        outputs = (outputs,) if isinstance(outputs, Tensor) else outputs
        return tuple(x.float() if x.is_floating_point() else x for x in outputs)


def rewrite(module: nn.Module, dtype: torch.dtype, passes: tuple[Pass, ...]) -> fx.GraphModule:
    """A copy of a network in another number format and made of other operators.

    Submodules that the module names in `exact` keep float32; its `forward` casts what it passes
    them. The module itself is left as it is.
    """
    graph = fx.symbolic_trace(copy.deepcopy(module).eval().requires_grad_(False))
    for step in FOLDING:
        if step in passes:
            step(graph)
    exact = {
        name: copy.deepcopy(graph.get_submodule(name)) for name in getattr(module, "exact", ())
    }
    graph.to(dtype)
    for name, part in exact.items():
        graph.set_submodule(name, part)
    graph.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    for step in passes:
        if step not in FOLDING:
            step(graph)
    graph.graph.lint()
    graph.recompile()
    return graph


def _compile(module: nn.Module, example: Tensor) -> Run:
    """Trace and freeze a network."""
    # A clone also turns an inference tensor into an ordinary one.
    example = example.clone(memory_format=torch.channels_last)
    with warnings.catch_warnings(), torch.inference_mode(False), torch.no_grad():
        warnings.filterwarnings(
            "ignore", message=r"`torch\.jit\.\w+` is deprecated", category=DeprecationWarning
        )
        traced = torch.jit.trace(module, example, check_trace=False)  # type: ignore[no-untyped-call]
        frozen = torch.jit.freeze(traced)
    # Modules' own calls are patched, for all threads, while another network is rewritten.
    run: Run = frozen.forward
    return run


def _as_traced() -> AbstractContextManager[None]:
    """Run graphs as they are: optimising them wins nothing after our passes, and takes time."""
    unoptimised: AbstractContextManager[None] = torch.jit.optimized_execution(False)  # type: ignore[attr-defined]
    return unoptimised


_COMPILING = threading.Lock()
"""What rewriting patches, and the filters that hide the deprecation, are the interpreter's."""

_DTYPES = {Precision.FLOAT32: torch.float32, Precision.BFLOAT16: torch.bfloat16}
