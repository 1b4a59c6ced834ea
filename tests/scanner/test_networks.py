"""All engines read real lines alike, and those that cannot do what is asked say so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from scanner.detect import detect
from scanner.errors import UsageError
from scanner.host_plate import HostPlate
from scanner.inference import EngineFinder, EngineReader
from scanner.line_reading import Recogniser, read_crops
from scanner.models.recogniser import HEIGHT
from scanner.models.weights import RECOGNISER_FILE, weights_path
from scanner.networks import detector_engine, recogniser_engine
from scanner.options import Options
from scanner.pipeline import load_models
from scanner.runtime import PRECISIONS, EngineName, Precision, best_precision
from scanner.sources import open_source
from scanner.words.crops import Crop, cut_line

SCAN = Path(__file__).parents[2] / "samples" / "scans" / "invoice_german.jpg"
ENGINES = [
    (engine, precision)
    for engine in EngineName
    for precision in PRECISIONS[engine]
    if precision in (Precision.FLOAT32, best_precision())
]


@pytest.fixture(scope="module")
def page() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    with open_source(SCAN, Options()) as source:
        return source.read(1).pixels.numpy()[:1100]


@pytest.fixture(scope="module")
def crops(page: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> list[Crop]:
    finder = EngineFinder(detector_engine(EngineName.EAGER))
    outlines = detect(HostPlate(page, finder, Recogniser(lambda lines: [], ())))
    return [cut_line(page, outline.polygon, HEIGHT) for outline in outlines]


@pytest.fixture(scope="module")
def texts(crops: list[Crop]) -> list[str]:
    engine, characters = recogniser_engine(EngineName.EAGER)
    return [
        reading.text for reading in read_crops(crops, Recogniser(EngineReader(engine), characters))
    ]


@pytest.mark.parametrize(("name", "precision"), ENGINES)
def test_engines_read_alike(
    crops: list[Crop], texts: list[str], name: EngineName, precision: Precision
) -> None:
    engine, characters = recogniser_engine(name, precision)
    assert (engine.name, engine.precision, engine.device.type) == (name, precision, "cpu")
    read = [
        reading.text for reading in read_crops(crops, Recogniser(EngineReader(engine), characters))
    ]
    assert len(texts) > 20
    different = [(a, b) for a, b in zip(texts, read, strict=True) if a != b]
    # Rounding may turn a doubtful character over; float32 differs in the order of sums only.
    allowed = 0 if precision is Precision.FLOAT32 else 0.1 * len(texts)
    assert len(different) <= allowed, different


@pytest.mark.parametrize(("name", "precision"), ENGINES)
def test_engines_see_alike(
    page: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], name: EngineName, precision: Precision
) -> None:
    x = torch.from_numpy(page[:320, :640]).permute(2, 0, 1)[None].flip(1) / 127.5 - 1.0
    (expected,) = detector_engine(EngineName.EAGER)(x)
    (seen,) = detector_engine(name, precision)(x)
    assert seen.dtype == torch.float32
    difference = (seen - expected).abs()
    if precision is Precision.FLOAT32:
        assert difference.max() < 2e-3
    assert difference.mean() < 3e-3


def test_a_recogniser_comes_from_a_file() -> None:
    engine, characters = recogniser_engine(file=weights_path(RECOGNISER_FILE))
    assert engine.name is EngineName.ONNXRUNTIME
    assert len(characters) == 18_710
    outputs = engine(torch.zeros(2, 3, HEIGHT, 64))
    assert [output.shape for output in outputs] == [(2, 8)] * 4


def test_what_an_engine_cannot_do_is_refused() -> None:
    with pytest.raises(UsageError, match="does not compute in bfloat16"):
        detector_engine(EngineName.ONNXRUNTIME, Precision.BFLOAT16)
    with pytest.raises(UsageError, match="eager runs no ONNX files"):
        recogniser_engine(EngineName.EAGER, file=weights_path(RECOGNISER_FILE))


def test_an_engine_that_is_not_installed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = dict.fromkeys(EngineName, None)
    monkeypatch.setattr("scanner.runtime.compile.engine_versions", lambda: missing)
    with pytest.raises(UsageError, match="openvino is not installed"):
        detector_engine(EngineName.OPENVINO)
    with pytest.raises(UsageError, match="need the package onnxruntime or openvino"):
        recogniser_engine(file=weights_path(RECOGNISER_FILE))


def test_bfloat16_is_refused_where_the_processor_lacks_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.runtime.compile.best_precision", lambda: Precision.FLOAT32)
    with pytest.raises(UsageError, match="does not compute in bfloat16"):
        detector_engine(precision=Precision.BFLOAT16)
    assert detector_engine().precision is Precision.FLOAT32


def test_options_name_the_engine_and_the_precision() -> None:
    models = load_models(Options(engine="openvino", precision="float32"))
    for network in (models.detector, models.recogniser.read):
        assert isinstance(network, EngineFinder | EngineReader)
        engine = network.engine
        assert (engine.name, engine.precision) == (EngineName.OPENVINO, Precision.FLOAT32)
