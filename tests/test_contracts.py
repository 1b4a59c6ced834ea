"""What holds for the code as a whole: lint, format, types, who imports whom, module size."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("scanner", "gpu_ops", "table_restore")
LONGEST_MODULE = 400


def run(*command: str) -> None:
    """Run a tool of this environment in the project's folder; what it prints is the message."""
    tool = Path(sys.executable).with_name(command[0])
    done = subprocess.run(
        [tool, *command[1:]],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1", "FORCE_COLOR": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_lint() -> None:
    run("ruff", "check", ".")


def test_format() -> None:
    run("ruff", "format", "--check", ".")


def test_types() -> None:
    run("mypy")


def test_imports_go_one_way() -> None:
    run("lint-imports")


@pytest.mark.parametrize("package", PACKAGES)
def test_modules_are_short(package: str) -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / package).rglob("*.py")
    }
    assert lengths
    assert {name: n for name, n in lengths.items() if n > LONGEST_MODULE} == {}


def test_importing_the_program_loads_no_weights_and_touches_no_gpu() -> None:
    code = (
        "import sys, torch, scanner, scanner.cli\n"
        "assert not torch.cuda.is_initialized()\n"
        "assert 'rapidocr' not in sys.modules, 'the weights package was imported'\n"
        "assert 'ray' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=ROOT, check=True)


def test_the_commands_own_process_does_without_the_large_libraries() -> None:
    """Workers are forked from a server that loads them on another core meanwhile."""
    code = (
        "import sys, scanner.cli, scanner.report\n"
        "large = {'torch', 'cv2', 'scipy', 'lxml', 'docx', 'xlsxwriter'} & set(sys.modules)\n"
        "assert not large, large\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=ROOT, check=True)


def test_flat_pages_do_without_scipy() -> None:
    code = "import sys, scanner.batch.preload; assert 'scipy' not in sys.modules"
    subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=ROOT, check=True)
