"""ONNX files of recognisers as graphs that give the best class, with their characters."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

from scanner.errors import WeightsError
from scanner.models.graphs import detector_graph, recogniser_graph


def write_recogniser(path: Path, classes: int, opset: int, characters: str | None) -> Path:
    """A graph that passes its input `[batch, steps, classes]` on as the probabilities."""
    shape = ["batch", "steps", classes]
    graph = helper.make_graph(
        [helper.make_node("Identity", ["x"], ["probability"])],
        "recogniser",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("probability", TensorProto.FLOAT, shape)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    if characters is not None:
        onnx.helper.set_model_props(model, {"character": characters})
    onnx.save(model, str(path))
    return path


@pytest.mark.parametrize("opset", [11, 17, 18, 20])
def test_the_graph_gives_the_two_best_classes(tmp_path: Path, opset: int) -> None:
    model, characters = recogniser_graph(write_recogniser(tmp_path / "r.onnx", 4, opset, "a\nb"))
    onnx.checker.check_model(model)
    assert characters == ("", "a", "b", " ")
    x = np.array([[[0.1, 0.2, 0.6, 0.1], [0.7, 0.05, 0.05, 0.2]]], dtype=np.float32)
    ids, probability, others, odds = ReferenceEvaluator(model).run(None, {"x": x})
    assert ids.tolist() == [[2, 0]]
    np.testing.assert_allclose(probability, [[0.6, 0.7]])
    assert others.tolist() == [[1, 3]]
    np.testing.assert_allclose(odds, [[1 / 3, 2 / 7]], rtol=1e-6)


def test_characters_come_from_a_text_file(tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text("ж\nщ\n", encoding="utf-8")
    path = write_recogniser(tmp_path / "r.onnx", 4, 17, None)
    assert recogniser_graph(path, listed)[1] == ("", "ж", "щ", " ")
    # A network without a class for the space.
    path = write_recogniser(tmp_path / "s.onnx", 3, 17, "x")
    assert recogniser_graph(path, listed)[1] == ("", "ж", "щ")


def test_what_cannot_be_used_is_named(tmp_path: Path) -> None:
    bare = write_recogniser(tmp_path / "bare.onnx", 4, 17, None)
    with pytest.raises(WeightsError, match=r"bare\.onnx: has no character list"):
        recogniser_graph(bare)
    short = tmp_path / "short.txt"
    short.write_text("a\n", encoding="utf-8")
    with pytest.raises(WeightsError, match=r"short\.txt: has 1 characters.*4 classes"):
        recogniser_graph(bare, short)
    with pytest.raises(WeightsError, match=r"none\.txt"):
        recogniser_graph(bare, tmp_path / "none.txt")
    with pytest.raises(WeightsError, match=r"none\.onnx: cannot be read"):
        detector_graph(tmp_path / "none.onnx")
    with pytest.raises(WeightsError, match=r"short\.txt: is no ONNX file"):
        detector_graph(short)
