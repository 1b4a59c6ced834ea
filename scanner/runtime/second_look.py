"""Lines that bfloat16 cannot decide are read again in float32.

Rounded to bfloat16 the recogniser reads one line in a hundred differently: where two classes are
all but tied. Which lines those may be shows in the scores, and they are few.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from scanner.runtime.engine import CPU, EngineName, Precision
from scanner.runtime.passes import tell_doubts
from scanner.runtime.torchscript import TorchScriptEngine, usable_passes


@dataclass(slots=True, eq=False)
class SecondLookEngine:
    """A recogniser in bfloat16 and, for the lines it is in doubt about, in float32."""

    module: nn.Module
    precision: Precision = Precision.BFLOAT16
    name: EngineName = EngineName.TORCHSCRIPT
    device: torch.device = CPU
    _first: TorchScriptEngine = field(init=False)
    _second: TorchScriptEngine = field(init=False)

    def __post_init__(self) -> None:
        passes = (*usable_passes(), tell_doubts)
        self._first = TorchScriptEngine(self.module, self.precision, passes)
        self._second = TorchScriptEngine(self.module, Precision.FLOAT32)

    def __call__(self, x: Tensor) -> tuple[Tensor, ...]:
        """The outputs of the network, those of doubtful lines in float32."""
        *outputs, doubtful = self._first(x)
        # One by one: for batches of every size oneDNN would generate kernels, for few lines.
        for row in doubtful.nonzero().flatten().tolist():
            better = self.look_again(x[row : row + 1])
            with torch.inference_mode():
                for output, line in zip(outputs, better, strict=True):
                    output[row] = line[0]
        return tuple(outputs)

    def look_again(self, x: Tensor) -> tuple[Tensor, ...]:
        """The outputs of the network in float32."""
        return self._second(x)
