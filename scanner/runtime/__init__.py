"""Running networks: the rest of the program sees `compile_model` and `Engine` only."""

from scanner.runtime.engine import Engine, Precision, best_precision, compile_model

__all__ = ["Engine", "Precision", "best_precision", "compile_model"]
