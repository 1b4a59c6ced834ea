"""Kernels run in Triton's interpreter, on the CPU; it must be asked for before Triton is loaded."""

from __future__ import annotations

import os

os.environ["TRITON_INTERPRET"] = "1"
