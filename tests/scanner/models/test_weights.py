"""Weights are read from the installed package and checked."""

from __future__ import annotations

from dataclasses import replace

import onnx
import pytest

from scanner.errors import WeightsError
from scanner.models import weights
from scanner.models.weights import DETECTOR_FILE, checksum, initialisers, weights_path


def test_installed_files_are_the_known_ones() -> None:
    for file in (weights.DETECTOR_FILE, weights.RECOGNISER_FILE):
        assert checksum(weights_path(file)) == file.sha256


def test_a_missing_file_is_named() -> None:
    with pytest.raises(WeightsError, match=r"nowhere\.onnx"):
        weights_path(replace(DETECTOR_FILE, name="nowhere.onnx"))


def test_an_altered_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "DETECTOR_FILE", replace(DETECTOR_FILE, sha256="0" * 64))
    with pytest.raises(WeightsError, match="not the file this version was written for"):
        weights.load_detector()


def test_linear_weights_are_transposed_and_constants_left_out() -> None:
    helper = onnx.helper
    graph = helper.make_graph(
        [
            helper.make_node("MatMul", ["x", "w"], ["a"]),
            helper.make_node("Add", ["a", "b"], ["c"]),
            helper.make_node("Mul", ["c", "half"], ["y"]),
        ],
        "tiny",
        [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [1, 2])],
        [helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [1, 3])],
        [
            helper.make_tensor("w", onnx.TensorProto.FLOAT, [2, 3], [1, 2, 3, 4, 5, 6]),
            helper.make_tensor("b", onnx.TensorProto.FLOAT, [3], [7, 8, 9]),
            helper.make_tensor("half", onnx.TensorProto.FLOAT, [], [0.5]),
        ],
    )
    found = initialisers(helper.make_model(graph))
    assert [array.tolist() for array in found] == [[[1, 4], [2, 5], [3, 6]], [7, 8, 9]]
