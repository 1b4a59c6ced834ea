"""Networks compiled with TorchScript for the processor at hand.

TorchScript is deprecated upstream; it works in every PyTorch this program accepts, and all
that is said of it stands in this package.
"""

from __future__ import annotations

import copy
import threading
import warnings
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from scanner.runtime.engine import CPU, EngineName, Precision


@dataclass(slots=True, eq=False)
class TorchScriptEngine:
    """A network that is traced when it first runs; the trace serves every shape."""

    module: nn.Module
    precision: Precision
    name: EngineName = EngineName.TORCHSCRIPT
    device: torch.device = CPU
    _script: torch.jit.ScriptModule | None = field(default=None, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def __call__(self, x: Tensor) -> tuple[Tensor, ...]:
        """The network's outputs; any batch, height and width will do."""
        x = x.to(_DTYPES[self.precision], memory_format=torch.channels_last)
        with self._lock:
            if self._script is None:
                self._script = _compile(self.module, x, _DTYPES[self.precision])
        with torch.inference_mode():
            outputs = self._script(x)
        outputs = (outputs,) if isinstance(outputs, Tensor) else outputs
        return tuple(x.float() if x.is_floating_point() else x for x in outputs)


def _compile(module: nn.Module, example: Tensor, dtype: torch.dtype) -> torch.jit.ScriptModule:
    """Trace, freeze and fold a network for inference; the module itself is left as it is.

    Submodules that the module names in `exact` keep float32; its `forward` casts what it passes
    them.
    """
    module = copy.deepcopy(module).eval().to(dtype)
    for name in getattr(module, "exact", ()):
        module.get_submodule(name).float()
    module = module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    # The filters that hide the deprecation are the interpreter's, not the thread's.
    with _TRACING, warnings.catch_warnings(), torch.inference_mode(False), torch.no_grad():
        warnings.filterwarnings(
            "ignore", message=r"`torch\.jit\.\w+` is deprecated", category=DeprecationWarning
        )
        traced = torch.jit.trace(module, example.clone(), check_trace=False)  # type: ignore[no-untyped-call]
        frozen: torch.jit.ScriptModule = torch.jit.freeze(traced)
    return frozen


_TRACING = threading.Lock()
_DTYPES = {Precision.FLOAT32: torch.float32, Precision.BFLOAT16: torch.bfloat16}
