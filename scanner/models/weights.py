"""Weights and the character list, from the ONNX files that the package `rapidocr` installs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from torch import nn

from scanner.errors import WeightsError
from scanner.models.detector import Detector
from scanner.models.recogniser import Recogniser


@dataclass(frozen=True, slots=True)
class WeightsFile:
    """A file of the `rapidocr` package and the SHA-256 of the one this program knows."""

    task: str
    name: str
    sha256: str


DETECTOR_FILE = WeightsFile(
    "detection",
    "PP-OCRv6_det_small.onnx",
    "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
)
RECOGNISER_FILE = WeightsFile(
    "recognition",
    "PP-OCRv6_rec_small.onnx",
    "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
)


def load_detector() -> Detector:
    """The detector with its weights, ready for inference; raises `WeightsError`."""
    detector = Detector()
    _fill(detector, initialisers(_read(DETECTOR_FILE)), DETECTOR_FILE)
    return detector.eval()


def load_recogniser() -> tuple[Recogniser, tuple[str, ...]]:
    """The recogniser and the text of each of its classes; raises `WeightsError`.

    Class 0, the CTC blank, has the empty text; the last class is the space.
    """
    graph = _read(RECOGNISER_FILE)
    listed = {entry.key: entry.value for entry in graph.metadata_props}.get("character")
    if listed is None:
        raise WeightsError(f"{RECOGNISER_FILE.name}: there is no character list in the file")
    characters = ("", *listed.split("\n"), " ")
    recogniser = Recogniser(len(characters))
    _fill(recogniser, initialisers(graph), RECOGNISER_FILE)
    return recogniser.eval(), characters


def weights_path(file: WeightsFile) -> Path:
    """Where the installed file lies; raises `WeightsError` where it is missing."""
    try:
        with as_file(files("rapidocr") / "models" / file.name) as path:
            if path.is_file():
                return path
    except ModuleNotFoundError:
        pass
    raise WeightsError(
        f"the weights {file.name} are missing: install the package rapidocr again (3.10)"
    )


def checksum(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def initialisers(model: onnx.ModelProto) -> list[npt.NDArray[np.float32]]:
    """The trained arrays of a graph in the order its nodes use them.

    Matrices of linear layers are transposed to PyTorch's [out, in]; constants that are no
    weights (divisors, epsilons) are left out.
    """
    arrays = {entry.name: entry for entry in model.graph.initializer}
    found = []
    for node in model.graph.node:
        for name in node.input:
            if name not in arrays:
                continue
            shape = tuple(arrays[name].dims)
            size = int(np.prod(shape))
            is_weight = node.op_type in ("Conv", "ConvTranspose", "MatMul", "BatchNormalization")
            is_bias = node.op_type == "Add" and len(shape) > 0
            is_scale = node.op_type == "Mul" and size > 1
            if is_weight or is_bias or is_scale:
                array = np.asarray(numpy_helper.to_array(arrays[name]), dtype=np.float32)
                found.append(array.T if node.op_type == "MatMul" else array)
    return found


def _read(file: WeightsFile) -> onnx.ModelProto:
    path = weights_path(file)
    if checksum(path) != file.sha256:
        raise WeightsError(
            f"{path}: is not the file this version was written for; install rapidocr 3.10 again"
        )
    return onnx.load(str(path))


def _fill(module: nn.Module, arrays: list[npt.NDArray[np.float32]], file: WeightsFile) -> None:
    targets = [tensor for name, tensor in module.state_dict().items() if "num_batches" not in name]
    if len(targets) != len(arrays):
        raise WeightsError(
            f"{file.name}: {len(arrays)} arrays where the network has {len(targets)}"
        )
    for target, array in zip(targets, arrays, strict=True):
        if target.numel() != array.size:
            raise WeightsError(f"{file.name}: an array of shape {array.shape} does not fit")
        target.copy_(torch.from_numpy(array.copy()).reshape(target.shape))
