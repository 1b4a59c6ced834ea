"""From a network to an engine: the one place that chooses."""

from __future__ import annotations

import onnx
import torch
from torch import Tensor, nn

from scanner.errors import UsageError
from scanner.runtime.cuda import CudaGraphEngine
from scanner.runtime.eager import EagerEngine
from scanner.runtime.engine import (
    CPU,
    Engine,
    EngineName,
    Precision,
    best_precision,
    engine_versions,
)
from scanner.runtime.onnx_runtime import OnnxRuntimeEngine
from scanner.runtime.openvino_engine import OpenVinoEngine
from scanner.runtime.second_look import SecondLookEngine
from scanner.runtime.torchscript import TorchScriptEngine

PRECISIONS: dict[EngineName, tuple[Precision, ...]] = {
    EngineName.TORCHSCRIPT: (Precision.FLOAT32, Precision.BFLOAT16),
    EngineName.EAGER: (Precision.FLOAT32,),
    EngineName.ONNXRUNTIME: (Precision.FLOAT32,),
    EngineName.OPENVINO: (Precision.FLOAT32, Precision.BFLOAT16),
}
"""What each engine computes in on the processor."""


def best_engine(graphs: bool = False) -> EngineName:
    """The fastest installed engine that is exact enough, for modules or for ONNX graphs.

    Measured with `python -m benchmarks.engines`: see docs/performance.md. Graphs of unknown
    networks run in float32, where ONNX Runtime is what they were published for. Raises
    `UsageError` where none is installed.
    """
    if not graphs:
        return EngineName.TORCHSCRIPT
    installed = engine_versions()
    for name in (EngineName.ONNXRUNTIME, EngineName.OPENVINO):
        if installed[name] is not None:
            return name
    raise UsageError("networks from ONNX files need the package onnxruntime or openvino")


def compile_model(
    network: nn.Module | onnx.ModelProto,
    engine: EngineName = EngineName.TORCHSCRIPT,
    precision: Precision | None = None,
    device: torch.device = CPU,
) -> Engine:
    """An engine for a module, or for an ONNX graph where the engine runs those.

    Without a precision the fastest that is exact enough on this machine is taken: bfloat16 where
    the processor has it for a module, float32 for a graph, float16 on a CUDA device. There a
    module is run by CUDA graphs whatever the engine. Raises `UsageError` for an engine that is not
    installed or cannot do what is asked.
    """
    if device.type == "cuda":
        if isinstance(network, onnx.ModelProto):
            raise UsageError("networks from ONNX files run on the processor only")
        return CudaGraphEngine(network.eval(), precision or Precision.FLOAT16, device)
    if engine_versions()[engine] is None:
        raise UsageError(f"the engine {engine} is not installed: pip install {engine}")
    if precision is not None and precision not in PRECISIONS[engine]:
        raise UsageError(f"the engine {engine} does not compute in {precision}")
    if isinstance(network, onnx.ModelProto):
        precision = precision or Precision.FLOAT32
        if engine is EngineName.ONNXRUNTIME:
            return OnnxRuntimeEngine(network)
        if engine is EngineName.OPENVINO:
            return OpenVinoEngine(network, precision)
        raise UsageError(f"the engine {engine} runs no ONNX files; onnxruntime and openvino do")
    if engine.runs_graphs:
        raise UsageError(f"the engine {engine} runs ONNX files only")
    if engine is EngineName.EAGER:
        return EagerEngine(network.eval())
    precision = precision or best_precision()
    if precision is Precision.BFLOAT16 and best_precision() is not Precision.BFLOAT16:
        raise UsageError("this processor does not compute in bfloat16")
    if precision is Precision.BFLOAT16 and getattr(network, "second_look", False):
        return SecondLookEngine(network.eval())
    return TorchScriptEngine(network.eval(), precision)


def prepare(engine: Engine, x: Tensor) -> None:
    """Let an engine compile all that it may come to need; it does so when it is first run."""
    engine(x)
    if isinstance(engine, SecondLookEngine):
        engine.look_again(x)
