"""PyTorch as it is: the reference that the other engines are held against."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from scanner.runtime.engine import CPU, EngineName, Precision


@dataclass(frozen=True, slots=True, eq=False)
class EagerEngine:
    """A module run operator by operator in float32."""

    module: nn.Module
    precision: Precision = Precision.FLOAT32
    name: EngineName = EngineName.EAGER
    device: torch.device = CPU

    def __call__(self, x: Tensor) -> tuple[Tensor, ...]:
        """The module's outputs; any batch, height and width will do."""
        with torch.inference_mode():
            outputs = self.module(x)
        return (outputs,) if isinstance(outputs, Tensor) else tuple(outputs)
