"""Our networks against the ONNX graphs that their weights come from."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime
import pytest
import torch

from scanner.inference import decode
from scanner.models.detector import Detector
from scanner.models.recogniser import STEP, Recogniser, best_two
from scanner.models.weights import (
    DETECTOR_FILE,
    RECOGNISER_FILE,
    WeightsFile,
    load_detector,
    load_recogniser,
    weights_path,
)
from scanner.words.ctc import Glyph, spell

TEXTS = ("Invoice No. 2024-118", "Übergrößenträger", "1,234.56", "naïve café", "(a+b)²")


@pytest.fixture(scope="module")
def detector() -> Detector:
    return load_detector()


@pytest.fixture(scope="module")
def recogniser() -> tuple[Recogniser, tuple[str, ...]]:
    return load_recogniser()


def drawn_line(text: str, width: int) -> npt.NDArray[np.float32]:
    """A line of text `[3, 48, width]` as the recogniser wants it."""
    picture = np.full((48, width, 3), 235, dtype=np.uint8)
    cv2.putText(picture, text, (8, 34), cv2.FONT_HERSHEY_COMPLEX, 1.0, (20, 20, 20), 2)
    return (picture.astype(np.float32) / 127.5 - 1.0).transpose(2, 0, 1)


def spelled(outputs: tuple[torch.Tensor, ...], characters: tuple[str, ...]) -> list[list[Glyph]]:
    lines, steps = outputs[0].shape
    whole = torch.full((lines,), steps, dtype=torch.int32)
    return [spell(line, characters) for line in decode(outputs, whole)]


def run_onnx(file: WeightsFile, x: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    session = onnxruntime.InferenceSession(
        str(weights_path(file)), providers=["CPUExecutionProvider"]
    )
    return np.asarray(session.run(None, {"x": x})[0])


@pytest.mark.parametrize(("height", "width"), [(160, 224), (96, 320), (32, 32)])
def test_detector_matches_the_graph(detector: Detector, height: int, width: int) -> None:
    page = np.full((height, width, 3), 240, dtype=np.uint8)
    cv2.putText(page, "Total 42", (4, height // 2), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (0, 0, 0), 2)
    x = (page.astype(np.float32) / 127.5 - 1.0).transpose(2, 0, 1)[None].copy()
    with torch.inference_mode():
        ours = detector(torch.from_numpy(x)).numpy()
    np.testing.assert_allclose(ours, run_onnx(DETECTOR_FILE, x), atol=1e-4)


def test_recogniser_matches_the_graph(
    recogniser: tuple[Recogniser, tuple[str, ...]],
) -> None:
    module, characters = recogniser
    x = np.stack([drawn_line(text, 400) for text in TEXTS])
    theirs = run_onnx(RECOGNISER_FILE, x)
    with torch.inference_mode():
        logits = module.logits(torch.from_numpy(x))
    assert logits.shape == (len(TEXTS), 400 // STEP, len(characters))
    np.testing.assert_allclose(logits.softmax(-1).numpy(), theirs, atol=1e-3)

    readings = spelled(best_two(logits), characters)
    their_readings = spelled(best_two(torch.from_numpy(theirs).log()), characters)
    assert len(readings) == len(TEXTS)
    for ours, expected in zip(readings, their_readings, strict=True):
        assert [g.text for g in ours] == [g.text for g in expected]
        assert [g.confidence for g in ours] == pytest.approx(
            [g.confidence for g in expected], abs=1e-3
        )


def test_every_class_has_a_text(recogniser: tuple[Recogniser, tuple[str, ...]]) -> None:
    _, characters = recogniser
    assert len(characters) == 18_710
    assert characters[0] == ""
    assert characters[-1] == " "
    assert {"é", "ß", "α", "中", "の", "€", "…"} <= set(characters)
    assert len(set(characters)) == len(characters)


def test_the_two_best_classes_of_a_step() -> None:
    logits = torch.randn(2, 5, 7, generator=torch.Generator().manual_seed(3)) * 4
    ids, probability, others, odds = (output.numpy() for output in best_two(logits))
    order = logits.argsort(-1, descending=True).numpy()
    softmax = logits.softmax(-1).sort(-1, descending=True).values.numpy()
    np.testing.assert_array_equal(ids, order[..., 0])
    np.testing.assert_array_equal(others, order[..., 1])
    np.testing.assert_allclose(probability, softmax[..., 0], rtol=1e-5)
    np.testing.assert_allclose(odds, softmax[..., 1] / softmax[..., 0], rtol=1e-5)
