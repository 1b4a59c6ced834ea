"""ONNX files of the PP-OCR family as graphs that a library for such files can run.

They are the files that this program's own weights come from, or others that a user brings: for
other scripts, or larger ones. A recogniser's file has its character list inside, or beside it.
"""

from __future__ import annotations

from pathlib import Path

import onnx
from onnx import TensorProto, helper

from scanner.errors import WeightsError
from scanner.models.weights import DETECTOR_FILE, RECOGNISER_FILE, weights_path


def detector_graph(file: Path | None = None) -> onnx.ModelProto:
    """A detector's graph: a picture to the probability of text `[batch, 1, height, width]`.

    Without a file it is the program's own. Raises `WeightsError`.
    """
    return _load(file or weights_path(DETECTOR_FILE))


def recogniser_graph(
    file: Path | None = None, characters_file: Path | None = None
) -> tuple[onnx.ModelProto, tuple[str, ...]]:
    """A recogniser's graph, and the text of each of its classes.

    The graph's outputs are those of `models.recogniser.best_two`.
    The characters are those in the file unless a text file with one a line is given. Raises
    `WeightsError`.
    """
    path = file or weights_path(RECOGNISER_FILE)
    model = _load(path)
    output = model.graph.output[0]
    classes = output.type.tensor_type.shape.dim[-1].dim_value
    characters = ("", *_characters(model, path, characters_file))
    # The last class is the space, which the lists leave out; a few networks know none.
    if len(characters) != classes:
        characters = (*characters, " ")
    if len(characters) != (classes or len(characters)):
        raise WeightsError(
            f"{characters_file or path}: has {len(characters) - 2} characters, where the network"
            f" {path.name} has {classes} classes"
        )
    _take_best(model)
    return model, characters


def _load(path: Path) -> onnx.ModelProto:
    try:
        return onnx.load(str(path))
    except OSError as error:
        raise WeightsError(f"{path}: cannot be read: {error.strerror}") from error
    except Exception as error:
        raise WeightsError(f"{path}: is no ONNX file") from error


def _characters(model: onnx.ModelProto, path: Path, file: Path | None) -> list[str]:
    if file is not None:
        try:
            return file.read_text(encoding="utf-8").removesuffix("\n").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise WeightsError(
                f"{file}: cannot be read as a list of characters: {error}"
            ) from error
    for entry in model.metadata_props:
        if entry.key == "character":
            return str(entry.value).split("\n")
    raise WeightsError(f"{path}: has no character list inside; give it as a text file")


def _take_best(model: onnx.ModelProto) -> None:
    """Replace the output, probabilities of every class, by the two best classes of each step."""
    graph = model.graph
    probability = graph.output[0].name
    constants = {"two": ([1], [2]), "first": ([], [0]), "second": ([], [1])}
    for name, (shape, values) in constants.items():
        graph.initializer.append(helper.make_tensor(name, TensorProto.INT64, shape, values))
    graph.node.extend(
        [
            helper.make_node("TopK", [probability, "two"], ["best_two", "classes"], axis=2),
            helper.make_node("Gather", ["classes", "first"], ["best_class"], axis=2),
            helper.make_node("Gather", ["best_two", "first"], ["best_probability"], axis=2),
            helper.make_node("Gather", ["classes", "second"], ["other_class"], axis=2),
            helper.make_node("Gather", ["best_two", "second"], ["other_probability"], axis=2),
            helper.make_node("Div", ["other_probability", "best_probability"], ["other_odds"]),
        ]
    )
    del graph.output[:]
    for name in ("best_class", "best_probability", "other_class", "other_odds"):
        kind = TensorProto.INT64 if name.endswith("class") else TensorProto.FLOAT
        graph.output.append(helper.make_tensor_value_info(name, kind, ["batch", "steps"]))
