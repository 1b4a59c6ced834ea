"""From a network to an engine: the one place that chooses."""

from __future__ import annotations

from pathlib import Path

from torch import nn

from scanner.runtime.eager import EagerEngine
from scanner.runtime.engine import Engine, EngineName, Precision, best_precision
from scanner.runtime.torchscript import TorchScriptEngine


def compile_model(
    network: nn.Module | Path,
    engine: EngineName = EngineName.TORCHSCRIPT,
    precision: Precision | None = None,
) -> Engine:
    """An engine for a module, or for an ONNX file where the engine runs those.

    Without a precision the fastest that is exact enough on this machine is taken.
    """
    if isinstance(network, Path):
        raise NotImplementedError
    if engine is EngineName.EAGER:
        return EagerEngine(network.eval())
    return TorchScriptEngine(network.eval(), precision or best_precision())
