"""Every kernel compiles for the GPUs it is meant for, on a machine that has none."""

from __future__ import annotations

import os
import subprocess
import sys
from pkgutil import iter_modules

import pytest

from gpu_ops import kernels

COMPILE = """
import importlib, sys
import triton
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource

module, capability = sys.argv[1], int(sys.argv[2])
for variant in importlib.import_module(module).VARIANTS:
    types = {**variant.types, **dict.fromkeys(variant.constants, "constexpr")}
    source = ASTSource(variant.kernel, signature=types, constexprs=dict(variant.constants))
    target = GPUTarget("cuda", capability, 32)
    compiled = triton.compile(source, target=target, options=dict(variant.options))
    print(variant.kernel.__name__, len(compiled.asm["cubin"]), compiled.metadata.shared)
"""

MODULES = sorted({found.name for found in iter_modules(kernels.__path__)} - {"variants"})


SHARED = {80: 163 * 1024, 90: 227 * 1024}
"""Bytes of shared memory that a program can have; one that needs more does not start."""


@pytest.mark.parametrize("capability", [80, 90])
@pytest.mark.parametrize("module", MODULES)
def test_kernels_compile(module: str, capability: int) -> None:
    # The interpreter replaces the compiler for a whole process, so this needs one of its own.
    environment = {name: value for name, value in os.environ.items() if name != "TRITON_INTERPRET"}
    done = subprocess.run(
        [sys.executable, "-c", COMPILE, f"gpu_ops.kernels.{module}", str(capability)],
        capture_output=True,
        text=True,
        env=environment,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    kernels = [line.split() for line in done.stdout.splitlines()]
    assert kernels
    assert min(int(cubin) for _, cubin, _ in kernels) > 0
    assert max(int(shared) for *_, shared in kernels) <= SHARED[capability]
