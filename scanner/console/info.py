"""What is installed, in a form that fits into a problem report."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version

import torch

from scanner.errors import WeightsError
from scanner.models.weights import (
    DETECTOR_FILE,
    RECOGNISER_FILE,
    WeightsFile,
    checksum,
    weights_path,
)
from scanner.runtime import EngineName, best_engine, best_precision, engine_versions

# Packages whose version can change what is read or written.
_PACKAGES = (
    "torch",
    "numpy",
    "opencv-python-headless",
    "pillow",
    "pillow-heif",
    "pypdfium2",
    "rapidocr",
    "onnx",
    "xlsxwriter",
    "python-docx",
    "lxml",
    "pyarrow",
)


def describe_installation() -> list[tuple[str, str]]:
    """Pairs of a name and a description: versions, devices, engines, weights."""
    return [
        ("scanner", _version("scanner-ocr")),
        ("Python", f"{platform.python_version()} on {platform.platform()}"),
        *((package, _version(package)) for package in _PACKAGES),
        *_devices(),
        *(("engine", _engine(name, found)) for name, found in engine_versions().items()),
        *(("weights", _weights(file)) for file in (DETECTOR_FILE, RECOGNISER_FILE)),
    ]


def _engine(name: EngineName, found: str | None) -> str:
    """An engine's name and version, and what it is used for."""
    if found is None:
        return f"{name}: not installed"
    used = {
        best_engine(): f", the default, in {best_precision()}",
        EngineName.EAGER: ", the reference",
    }
    return f"{name} ({found}){used.get(name, '')}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _devices() -> list[tuple[str, str]]:
    """The processor and every CUDA device that PyTorch sees."""
    cores, threads = os.cpu_count(), torch.get_num_threads()
    found = [("device", f"CPU: {platform.machine()}, {cores} cores, {threads} threads in use")]
    for index in range(torch.cuda.device_count()):
        found.append(("device", f"CUDA {index}: {torch.cuda.get_device_name(index)}"))
    return found


def _weights(file: WeightsFile) -> str:
    """Name, task and checksum of a file of weights, and whether it is the expected one."""
    try:
        found = checksum(weights_path(file))
    except WeightsError as error:
        return f"{file.name} ({file.task}): {error}"
    verdict = "as expected" if found == file.sha256 else f"ALTERED, expected {file.sha256}"
    return f"{file.name} ({file.task}): sha256 {found}, {verdict}"
