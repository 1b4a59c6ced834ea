"""The server of workers loads its libraries before the command's own are there."""

from __future__ import annotations

import subprocess
import sys

CHECK = """
import sys
from multiprocessing import forkserver
import scanner.__main__ as begin
started = []
forkserver.ensure_running = lambda: started.append("numpy" in sys.modules)
sys.argv = ["scanner", *sys.argv[1:]]
try:
    begin.main()
except SystemExit:
    pass
print(started)
"""


def started_by(*arguments: str) -> str:
    run = subprocess.run(
        [sys.executable, "-c", CHECK, *arguments], check=True, capture_output=True, text=True
    )
    return run.stdout.splitlines()[-1]


def test_the_server_starts_before_anything_large_is_loaded() -> None:
    assert started_by("scan", "nothing-there", "--out", "nowhere") == "[False]"


def test_other_commands_start_no_server() -> None:
    assert started_by("--version") == "[]"
    assert started_by("scan", "--help") == "[]"
