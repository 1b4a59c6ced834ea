"""Running networks: the rest of the program sees `compile_model` and `Engine` only."""

from scanner.runtime.compile import PRECISIONS, best_engine, compile_model, prepare
from scanner.runtime.engine import (
    CPU,
    Engine,
    EngineName,
    Precision,
    best_precision,
    engine_versions,
)
from scanner.runtime.kernels import keep_kernels

__all__ = [
    "CPU",
    "PRECISIONS",
    "Engine",
    "EngineName",
    "Precision",
    "best_engine",
    "best_precision",
    "compile_model",
    "engine_versions",
    "keep_kernels",
    "prepare",
]
