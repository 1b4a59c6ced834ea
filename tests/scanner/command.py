"""The command for tests: in this process, or as a program with stand-ins for the networks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from stand_ins import make_reader

from scanner.cli import cli

# The command in a process of its own, its pages read by the stand-in; "slow" pages take long.
PROGRAM = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import light_reader
from scanner import cli

cli.cli.main(prog_name="scanner", obj=light_reader.make_reader)
"""


def scan(*args: str | Path) -> Result:
    """The command, in this process."""
    arguments = ["scan", "--workers", "0", *map(str, args)]
    return CliRunner().invoke(cli, arguments, obj=make_reader)


def message_for(path: Path) -> str:
    """What stderr says of a single bad file, less the file's name."""
    done = scan(path, "--out", path.parent / "out")
    assert done.exit_code == 1, done.output
    (line,) = done.stderr.splitlines()
    name, _, message = line.partition(": ")
    assert name == path.name
    (entry,) = manifest(path.parent / "out")
    assert entry["status"] == "failed"
    assert f"{entry['error']['stage']}: {entry['error']['message']}" in message
    return message


def manifest(out: Path) -> list[dict[str, Any]]:
    lines = (out / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]
