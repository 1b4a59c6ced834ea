"""Networks compiled with TorchScript for the processor at hand.

TorchScript is deprecated upstream; it works in every PyTorch this program accepts, and all
that is said of it stands in this package.
"""

from __future__ import annotations

import copy
import threading
import warnings
from dataclasses import dataclass
from enum import StrEnum

import torch
from torch import Tensor, nn


class Precision(StrEnum):
    """The number format that a network computes in; inputs and outputs are always float32."""

    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"


@dataclass(frozen=True, slots=True, eq=False)
class Engine:
    """A compiled network: call it with a float32 tensor `[batch, channels, height, width]`."""

    script: torch.jit.ScriptModule
    precision: Precision

    def __call__(self, x: Tensor) -> Tensor:
        """The network's output as float32; any batch, height and width will do."""
        with torch.inference_mode():
            x = x.to(_DTYPES[self.precision], memory_format=torch.channels_last)
            output: Tensor = self.script(x)
            return output.float()


def best_precision() -> Precision:
    """bfloat16 where the processor multiplies it natively, else float32."""
    native = torch.cpu._is_avx512_bf16_supported()
    return Precision.BFLOAT16 if native else Precision.FLOAT32


def compile_model(
    module: nn.Module, example: Tensor, precision: Precision, exact: tuple[str, ...] = ()
) -> Engine:
    """Trace, freeze and fold a network for inference.

    `example` is an input of a typical shape; the compiled network takes other shapes as well.
    Submodules named in `exact` keep float32 whatever the precision; the network's `forward`
    casts what it passes them.
    The module itself is left as it is.
    """
    dtype = _DTYPES[precision]
    module = copy.deepcopy(module).eval().to(dtype)
    for name in exact:
        module.get_submodule(name).float()
    module = module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    example = example.to(dtype, memory_format=torch.channels_last)
    # The filters that hide the deprecation are the interpreter's, not the thread's.
    with _TRACING, warnings.catch_warnings(), torch.inference_mode(False), torch.no_grad():
        warnings.filterwarnings(
            "ignore", message=r"`torch\.jit\.\w+` is deprecated", category=DeprecationWarning
        )
        traced = torch.jit.trace(module, example, check_trace=False)  # type: ignore[no-untyped-call]
        return Engine(torch.jit.freeze(traced), precision)


_TRACING = threading.Lock()
_DTYPES = {Precision.FLOAT32: torch.float32, Precision.BFLOAT16: torch.bfloat16}
