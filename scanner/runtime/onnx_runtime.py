"""Networks run by ONNX Runtime: any graph, in float32."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import onnx
import torch
from torch import Tensor

from scanner.runtime.engine import CPU, EngineName, Precision


@dataclass(slots=True, eq=False)
class OnnxRuntimeEngine:
    """An ONNX graph of one input; needs the package `onnxruntime`."""

    model: onnx.ModelProto
    precision: Precision = Precision.FLOAT32
    name: EngineName = EngineName.ONNXRUNTIME
    device: torch.device = CPU
    _session: Any = field(init=False)
    _input: str = field(init=False)

    def __post_init__(self) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        options.inter_op_num_threads = 1
        # With ever new shapes its arena would only grow.
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(
            self.model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name

    def __call__(self, x: Tensor) -> tuple[Tensor, ...]:
        """The graph's outputs."""
        outputs = self._session.run(None, {self._input: x.contiguous().numpy()})
        return tuple(torch.from_numpy(output) for output in outputs)
