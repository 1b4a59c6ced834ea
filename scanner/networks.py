"""The two networks, from a file's weights to an engine that runs them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch

from scanner.models.graphs import detector_graph, recogniser_graph
from scanner.models.weights import load_detector, load_recogniser
from scanner.options import Options
from scanner.runtime import CPU, Engine, EngineName, Precision, best_engine, compile_model


@dataclass(frozen=True, slots=True, eq=False)
class Engines:
    """Both networks, and the text of each of the recogniser's classes."""

    detector: Engine
    recogniser: Engine
    characters: tuple[str, ...]


def load_engines(options: Options, device: torch.device = CPU) -> Engines:
    """The networks that the options name, on a device.

    Raises what `detector_engine` raises.
    """
    engine = EngineName(options.engine) if options.engine else None
    precision = Precision(options.precision) if options.precision else None
    recogniser, characters = recogniser_engine(
        engine, precision, options.recogniser_file, options.characters_file, device
    )
    detector = detector_engine(engine, precision, options.detector_file, device)
    return Engines(detector, recogniser, characters)


def detector_engine(
    engine: EngineName | None = None,
    precision: Precision | None = None,
    file: Path | None = None,
    device: torch.device = CPU,
) -> Engine:
    """The program's detector, or one of the same family from an ONNX file, on a device.

    Raises `WeightsError` for a file that is missing or no such network, `UsageError` for an
    engine that is not installed or cannot do what is asked.
    """
    engine = engine or best_engine(graphs=file is not None)
    network = detector_graph(file) if file or engine.runs_graphs else load_detector()
    return compile_model(network, engine, precision, device)


def recogniser_engine(
    engine: EngineName | None = None,
    precision: Precision | None = None,
    file: Path | None = None,
    characters_file: Path | None = None,
    device: torch.device = CPU,
) -> tuple[Engine, tuple[str, ...]]:
    """The program's recogniser, or one from an ONNX file, and the text of each of its classes.

    Raises what `detector_engine` raises.
    """
    engine = engine or best_engine(graphs=file is not None)
    if file or engine.runs_graphs:
        graph, characters = recogniser_graph(file, characters_file)
        return compile_model(graph, engine, precision, device), characters
    module, characters = load_recogniser()
    return compile_model(module, engine, precision, device), characters
