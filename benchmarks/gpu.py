"""Checks and then times everything that runs on a GPU, in less than eight minutes.

    python -m benchmarks.gpu --device cuda

Each part has a share of the time and, on a GPU, a process of its own: an error that leaves the
device unusable, a crash or a kernel that never ends costs the row it came with, and the part goes
on behind it in a new process. What was found is written to benchmarks/results row by row. On
`--device cpu` the same code runs, for those who have no GPU; its figures say nothing about one.
"""

from __future__ import annotations

import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import torch

from benchmarks.gpu_clock import Clock, Job, Part, Row
from benchmarks.gpu_jpeg import time_jpegs
from benchmarks.gpu_networks import time_networks
from benchmarks.gpu_operators import time_operators
from benchmarks.gpu_pages import time_pages, time_peers

PARTS: dict[str, tuple[Part, float]] = {
    "operators": (time_operators, 0.2),
    "pages": (time_pages, 0.4),
    "jpeg": (time_jpegs, 0.1),
    "networks": (time_networks, 0.2),
    "peers": (time_peers, 0.1),
}
"""What is timed, and its share of the time; what a part leaves over, the later ones have."""

MOST_STARTS = 6
"""So often a part's process is started; each time behind the row that ended the last one."""

GRACE = 15.0
"""Seconds that a process may take beyond its time, to load and to finish its last row."""

Emit = Callable[[Row], None]


@click.command()
@click.option("--device", default="cuda", show_default=True, help="cuda, cuda:N or cpu.")
@click.option("--seconds", default=420.0, show_default=True, help="The most it may take in all.")
@click.option("--only", multiple=True, type=click.Choice(list(PARTS)), help="These parts only.")
@click.option("--size", default=1.0, show_default=True, help="Share of the sides of an A4 page.")
@click.option("--out", type=click.Path(path_type=Path), help="The file to write.")
@click.option("--apart/--together", default=None, help="Parts in processes of their own.")
@click.option("--rows", type=click.Path(path_type=Path), hidden=True)
@click.option("--after", default=0, hidden=True)
def main(
    device: str,
    seconds: float,
    only: tuple[str, ...],
    size: float,
    out: Path | None,
    apart: bool | None,
    rows: Path | None,
    after: int,
) -> None:
    """Write what was found to a JSON file and print it."""
    where = torch.device(device)
    if rows is not None:
        clock = Clock(where, time.monotonic() + seconds, size)
        sys.exit(fill_rows(only[0], clock, rows, after))
    name = torch.cuda.get_device_name(where) if where.type == "cuda" else platform.machine()
    out = out or Path(__file__).parent / "results" / f"{name.replace(' ', '-').lower()}.json"
    report: dict[str, Any] = {"device": name, "torch": torch.__version__, "size": size, "parts": {}}
    out.parent.mkdir(parents=True, exist_ok=True)
    wanted = {part: share for part, (_, share) in PARTS.items() if part in (only or PARTS)}
    deadline = time.monotonic() + seconds
    for part, share in wanted.items():
        later = sum(wanted[other] for other in wanted if other not in report["parts"])
        until = time.monotonic() + (deadline - time.monotonic()) * share / later
        found: dict[str, Any] = {"rows": [], "error": None, "seconds": 0.0}
        report["parts"][part] = found
        started = time.monotonic()

        def emit(row: Row, part: str = part, found: dict[str, Any] = found) -> None:
            found["rows"].append(row)
            print(f"{part:10}", *(f"{k}={_short(v)}" for k, v in row.items()), flush=True)
            out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")

        if where.type == "cuda" if apart is None else apart:
            found["error"] = run_apart(part, device, size, until, emit)
        else:
            found["error"], _ = run_jobs(part, Clock(where, until, size), emit)
        found["seconds"] = round(time.monotonic() - started, 1)
        out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(*summary(report), sep="\n", flush=True)


def run_jobs(
    part: str, clock: Clock, emit: Emit, after: int = 0, begin: Emit = lambda row: None
) -> tuple[str | None, bool]:
    """Do a part's jobs behind the first `after`.

    Gives what ended it if that was an error, and whether the device is to blame, which does nothing
    more for this process then.
    """
    try:
        for number, job in enumerate(PARTS[part][0](clock)):
            if number < after:
                continue
            begin(job.row)
            if _broke_the_device(job, emit):
                return None, True
    except Exception as caught:  # the other parts are still wanted
        traceback.print_exc()
        return _said(caught), False
    return None, False


def _broke_the_device(job: Job, emit: Emit) -> bool:
    """Fill a row; one that fails says why."""
    try:
        job.fill(job.row)
    except Exception as error:  # other rows are still wanted
        traceback.print_exc()
        job.row["failed"] = _said(error)
        emit(job.row)
        return isinstance(error, torch.AcceleratorError)
    emit(job.row)
    return False


def fill_rows(part: str, clock: Clock, path: Path, after: int) -> int:
    """Do a part's jobs in this process, and note each row, begun and done; gives the exit code."""
    with path.open("a", encoding="utf-8") as file:

        def note(kind: str, value: object) -> None:
            print(json.dumps({kind: value}), file=file, flush=True)

        error, broken = run_jobs(
            part,
            clock,
            lambda row: note("done", row),
            after,
            lambda row: note("begun", row),
        )
        note("error", error)
    return 3 if broken else 0


def run_apart(part: str, device: str, size: float, until: float, emit: Emit) -> str | None:
    """Do a part's jobs in processes of its own; gives what ended it if that was an error."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows"
        path.touch()
        noted = 0
        for _ in range(MOST_STARTS):
            left = until - time.monotonic()
            if left <= 0:
                return "its time was over"
            command = [sys.executable, "-m", "benchmarks.gpu", "--device", device, "--only", part]
            command += ["--size", str(size), "--seconds", str(left), "--rows", str(path)]
            command += ["--after", str(sum("begun" in line for line in _lines(path)))]
            process = subprocess.Popen(command, start_new_session=True)
            while (ended := process.poll()) is None and time.monotonic() < until + GRACE:
                time.sleep(0.2)
                noted = _emit_new(path, noted, emit)
            if ended != 0:
                _kill(process)
            noted = _emit_new(path, noted, emit)
            lines = _lines(path)
            if ended == 0:
                error: str | None = lines[-1]["error"]
                return error
            if lines and "begun" in lines[-1]:
                why = "its time was over" if ended is None else f"its process ended with {ended}"
                emit(lines[-1]["begun"] | {"failed": why})
            elif ended is None or ended != 3:
                return f"its process ended with {ended}"
        return f"its process ended {MOST_STARTS} times"


def _lines(path: Path) -> list[dict[str, Any]]:
    """What a process has noted so far, whole lines only."""
    whole, _, _ = path.read_text(encoding="utf-8").rpartition("\n")
    return [json.loads(line) for line in whole.splitlines()]


def _emit_new(path: Path, noted: int, emit: Emit) -> int:
    """Hand on the rows done since the first `noted` lines; gives how many lines there are now."""
    lines = _lines(path)
    for line in lines[noted:]:
        if "done" in line:
            emit(line["done"])
    return len(lines)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and those that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def summary(report: dict[str, Any]) -> list[str]:
    """What matters most, in few lines: what failed, what disagrees, and the pages a second."""
    lines = [f"{report['device']}, torch {report['torch']}"]
    for part, found in report["parts"].items():
        rows = found["rows"]
        failed = [_name(row) for row in rows if "failed" in row]
        wrong = [_name(row) for row in rows if row.get("agrees") is False]
        said = f"{part}: {len(rows)} rows in {found['seconds']:.0f} s"
        said += f"; failed: {', '.join(failed)}" if failed else ""
        said += f"; disagree: {', '.join(wrong)}" if wrong else ""
        lines.append(said + (f"; ended: {found['error']}" if found["error"] else ""))
        rates = [f"{_name(row)} {row['pages_s']:.1f}" for row in rows if "pages_s" in row]
        if rates:
            lines.append("  pages a second: " + ", ".join(rates))
    return lines


def _name(row: Row) -> str:
    """What a row is about: its first words."""
    return " ".join(str(row[key]) for key in list(row)[:2] if isinstance(row[key], str))


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def _short(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
