"""Networks on a CUDA device: half precision, and every shape's kernels launched as one graph.

A page's networks are hundreds of small kernels; launching them one by one costs more than running
them. A CUDA graph records the launches for one shape and replays them on the same memory, so the
input is copied into a fixed tensor and the outputs out of fixed ones.
"""

from __future__ import annotations

import copy
import logging
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, fx, nn

from scanner.runtime.engine import EngineName, Precision
from scanner.runtime.passes import FOLDING, fuse_head

MOST_SHAPES = 256
"""So many shapes are kept as graphs; the one longest unused goes. Lines alone have some 150."""

OFTEN = 3
"""A shape is recorded when it comes for the third time: a recording costs several runs."""

log = logging.getLogger(__name__)

_DTYPES = {
    Precision.FLOAT32: torch.float32,
    Precision.BFLOAT16: torch.bfloat16,
    Precision.FLOAT16: torch.float16,
}


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """One shape: the memory it reads and writes, and how to run it."""

    static_input: Tensor
    static_outputs: tuple[Tensor, ...]
    replay: Callable[[], Any]


@dataclass(slots=True, eq=False)
class CudaGraphEngine:
    """A module on a CUDA device; inputs may lie anywhere, outputs lie on the device.

    Shapes that come seldom, such as pages of odd sizes, are run kernel by kernel.
    """

    module: nn.Module
    precision: Precision = Precision.FLOAT16
    device: torch.device = field(default_factory=lambda: torch.device("cuda"))
    name: EngineName = EngineName.EAGER
    _module: nn.Module = field(init=False)
    _pool: Any = None
    _aside: Any = None
    _records: bool = True
    _seen: Counter[tuple[int, ...]] = field(default_factory=Counter)
    _recordings: OrderedDict[tuple[int, ...], Recording] = field(default_factory=OrderedDict)
    # Graphs share one pool of memory, so one runs at a time.
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        graph = fx.symbolic_trace(copy.deepcopy(self.module).eval().requires_grad_(False))
        for step in (*FOLDING, fuse_head):
            step(graph)
        exact = getattr(self.module, "exact", ())
        parts = {name: copy.deepcopy(graph.get_submodule(name)) for name in exact}
        graph.recompile()
        graph.to(self.device, _DTYPES[self.precision])
        for name, part in parts.items():
            graph.set_submodule(name, part.to(self.device))
        self._module = graph.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def __call__(self, x: Tensor) -> tuple[Tensor, ...]:
        """The network's outputs for a float32 tensor; a shape that comes often is recorded."""
        with self._lock, torch.inference_mode():
            shape = tuple(x.shape)
            recording = self._recordings.get(shape) or self._recorded(shape, x)
            if recording is None:
                return _copies(_tuple(self._module(self._there(x))))
            self._recordings.move_to_end(shape)
            recording.static_input.copy_(x, non_blocking=True)
            recording.replay()
            return _copies(recording.static_outputs)

    def _recorded(self, shape: tuple[int, ...], x: Tensor) -> Recording | None:
        """A recording of a shape that has none, if it comes often enough."""
        self._seen[shape] += 1
        if not self._records or self._seen[shape] < OFTEN:
            return None
        try:
            recording = self._record(x)
        except torch.OutOfMemoryError:
            self._recordings.clear()  # they hold memory that the batch may do with
            raise
        except RuntimeError as error:
            log.warning("networks are run kernel by kernel, as they cannot be recorded: %s", error)
            self._records = False
            return None
        self._recordings[shape] = recording
        if len(self._recordings) > MOST_SHAPES:
            unused, _ = self._recordings.popitem(last=False)
            self._seen[unused] = 0
        return recording

    def _there(self, x: Tensor) -> Tensor:
        return x.to(
            self.device, _DTYPES[self.precision], memory_format=torch.channels_last, copy=True
        )

    def _record(self, x: Tensor) -> Recording:
        if self._pool is None:
            self._pool = torch.cuda.graph_pool_handle()
            self._aside = torch.cuda.Stream(self.device)  # type: ignore[no-untyped-call]
        static = self._there(x)
        here = torch.cuda.current_stream(self.device)
        self._aside.wait_stream(here)
        graph = torch.cuda.CUDAGraph()
        # `torch.cuda.graph` would wait for the device and give all its free memory back each time.
        with torch.cuda.stream(self._aside):
            self._module(static)  # what chooses kernels and allocates must not be recorded
            # Other threads may allocate meanwhile, for what they do with results.
            graph.capture_begin(self._pool, capture_error_mode="thread_local")
            try:
                outputs = self._module(static)
            finally:
                graph.capture_end()
        here.wait_stream(self._aside)
        return Recording(static, _tuple(outputs), graph.replay)


def _tuple(outputs: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return (outputs,) if isinstance(outputs, Tensor) else tuple(outputs)


def _copies(outputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """Outputs that the next run does not write to, numbers as float32."""
    return tuple(
        output.to(torch.float32 if output.is_floating_point() else output.dtype, copy=True)
        for output in outputs
    )
