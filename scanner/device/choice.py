"""Which device the networks run on."""

from __future__ import annotations

import torch

from scanner.errors import UsageError


def choose_device(name: str) -> torch.device:
    """The device that `Options.device` names: "cpu", "cuda", "cuda:N", or "auto" for the best.

    Raises `UsageError` where there is no such device.
    """
    if name == "cpu":
        return torch.device("cpu")
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if name == "auto":
        return torch.device("cuda", 0) if count else torch.device("cpu")
    index = torch.device(name).index or 0
    if index < count:
        return torch.device("cuda", index)
    if torch.version.cuda is None:
        why = "the PyTorch that is installed was built without CUDA"
    elif not count:
        why = "PyTorch finds no CUDA device on this machine"
    else:
        why = f"the last CUDA device of this machine is cuda:{count - 1}"
    raise UsageError(f"the device {name} cannot be used: {why}")
