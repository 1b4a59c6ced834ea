"""What every engine is, whatever library runs it."""

from __future__ import annotations

from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from typing import Protocol

import torch
from torch import Tensor

CPU = torch.device("cpu")


class EngineName(StrEnum):
    """The libraries that can run a network."""

    TORCHSCRIPT = "torchscript"
    EAGER = "eager"
    ONNXRUNTIME = "onnxruntime"
    OPENVINO = "openvino"

    @property
    def runs_graphs(self) -> bool:
        """Whether it takes ONNX graphs; the others take modules."""
        return self in (EngineName.ONNXRUNTIME, EngineName.OPENVINO)


class Precision(StrEnum):
    """The number format that a network computes in; inputs and outputs are always float32."""

    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    FLOAT16 = "float16"


class Engine(Protocol):
    """A network ready to run; may be called from several threads at a time."""

    @property
    def name(self) -> EngineName:
        """The library that runs it."""

    @property
    def precision(self) -> Precision:
        """What it computes in."""

    @property
    def device(self) -> torch.device:
        """Where it computes."""

    def __call__(self, x: Tensor) -> tuple[Tensor, ...]:
        """The network's outputs for a float32 tensor `[batch, channels, height, width]`."""


_PACKAGES = {
    EngineName.TORCHSCRIPT: "torch",
    EngineName.EAGER: "torch",
    EngineName.ONNXRUNTIME: "onnxruntime",
    EngineName.OPENVINO: "openvino",
}


def engine_versions() -> dict[EngineName, str | None]:
    """For each engine the version of its library, or None where that is not installed."""
    found: dict[EngineName, str | None] = {}
    for name, package in _PACKAGES.items():
        try:
            found[name] = version(package)
        except PackageNotFoundError:
            found[name] = None
    return found


def best_precision() -> Precision:
    """bfloat16 where the processor multiplies it natively, else float32."""
    native = torch.cpu._is_avx512_bf16_supported()
    return Precision.BFLOAT16 if native else Precision.FLOAT32
