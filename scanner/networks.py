"""The two networks, from a file's weights to an engine that runs them."""

from __future__ import annotations

from pathlib import Path

from scanner.models.graphs import detector_graph, recogniser_graph
from scanner.models.weights import load_detector, load_recogniser
from scanner.runtime import Engine, EngineName, Precision, best_engine, compile_model


def detector_engine(
    engine: EngineName | None = None,
    precision: Precision | None = None,
    file: Path | None = None,
) -> Engine:
    """The program's detector, or one of the same family from an ONNX file.

    Raises `WeightsError` for a file that is missing or no such network, `UsageError` for an
    engine that is not installed or cannot do what is asked.
    """
    engine = engine or best_engine(graphs=file is not None)
    network = detector_graph(file) if file or engine.runs_graphs else load_detector()
    return compile_model(network, engine, precision)


def recogniser_engine(
    engine: EngineName | None = None,
    precision: Precision | None = None,
    file: Path | None = None,
    characters_file: Path | None = None,
) -> tuple[Engine, tuple[str, ...]]:
    """The program's recogniser, or one from an ONNX file, and the text of each of its classes.

    Raises what `detector_engine` raises.
    """
    engine = engine or best_engine(graphs=file is not None)
    if file or engine.runs_graphs:
        graph, characters = recogniser_graph(file, characters_file)
        return compile_model(graph, engine, precision), characters
    module, characters = load_recogniser()
    return compile_model(module, engine, precision), characters
