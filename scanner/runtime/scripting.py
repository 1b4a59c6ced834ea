"""Functions compiled with TorchScript, once each, whoever asks first."""

from __future__ import annotations

import functools
import threading
import warnings
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import torch

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def scripted(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """The function in TorchScript.

    Tracing cannot record operators that take lists of optional scalars, but it records calls of
    scripted functions, so each such operator stands in one.
    """
    with _SCRIPTING:
        script: Callable[Arguments, Result] = _script(function)
    return script


@functools.cache
def _script(function: Callable[..., Any]) -> Callable[..., Any]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"`torch\.jit\.\w+` is deprecated", DeprecationWarning)
        script: Callable[..., Any] = torch.jit.script(function)
    return script


_SCRIPTING = threading.Lock()
