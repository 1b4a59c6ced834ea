"""Networks run by OpenVINO: any graph, in bfloat16 or float32."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

import onnx
import torch
from torch import Tensor

from scanner.runtime.engine import CPU, EngineName, Precision

_HINTS = {Precision.FLOAT32: "f32", Precision.BFLOAT16: "bf16"}


@dataclass(slots=True, eq=False)
class OpenVinoEngine:
    """An ONNX graph of one input; needs the package `openvino`."""

    model: onnx.ModelProto
    precision: Precision
    name: EngineName = EngineName.OPENVINO
    device: torch.device = CPU
    _compiled: Any = field(init=False)
    _requests: threading.local = field(default_factory=threading.local, init=False)

    def __post_init__(self) -> None:
        import openvino

        settings = {
            "INFERENCE_PRECISION_HINT": _HINTS[self.precision],
            "INFERENCE_NUM_THREADS": torch.get_num_threads(),
            "PERFORMANCE_HINT": "LATENCY",
        }
        core = openvino.Core()
        model = core.read_model(self.model.SerializeToString())
        self._compiled = core.compile_model(model, "CPU", settings)

    def __call__(self, x: Tensor) -> tuple[Tensor, ...]:
        """The graph's outputs; every thread has a request of its own."""
        if not hasattr(self._requests, "own"):
            self._requests.own = self._compiled.create_infer_request()
        outputs = self._requests.own.infer([x.contiguous().numpy()])
        return tuple(torch.from_numpy(output.copy()) for output in outputs.values())
