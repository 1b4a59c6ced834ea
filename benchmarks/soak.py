"""Whether a long run loses pages: poison among the pages, killed over and over, gone on with.

    python -m benchmarks.soak [--pages N] [--kills N] [--reader stand-in|real] [--out FILE]

Makes the pages, scans them with the command in a process that is killed (SIGKILL) at random
moments and started again, and looks at what is there in the end: every good page with its results,
every bad one with its reason, nothing twice, nothing half-written. The figures of memory are the
run's process and its largest worker, ten times a second (from /proc, so on Linux).

The stand-in reads a page in no time, so that ten thousand take minutes; all else is the program's.
"""

from __future__ import annotations

import json
import random
import shlex
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import click
import psutil
from lxml import etree

from benchmarks.soak_pages import REASONS, Input, make_inputs
from benchmarks.soak_reader import READERS
from scanner import cli

FORMATS = "xlsx,xml,json,txt"
PAGE_TIMEOUT = {"stand-in": 3, "real": 60}
WORKER_MEMORY = {"stand-in": 900, "real": 4096}


@dataclass(slots=True)
class State:
    """How far the soak is; kept in its folder, so that it can be gone on with.

    Memory is the largest resident seen, in MiB, of the run's process and of any worker, while
    each tenth of the files was done.
    """

    kills: int = 0
    seconds: float = 0.0
    run: list[float] = field(default_factory=lambda: [0.0] * 10)
    worker: list[float] = field(default_factory=lambda: [0.0] * 10)


@click.command()
@click.option("--pages", default=10_000, show_default=True)
@click.option("--kills", default=20, show_default=True)
@click.option("--reader", type=click.Choice(list(READERS)), default="stand-in", show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Keep all here, and go on with it.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the figures as JSON.")
@click.option("--child", nargs=2, type=str, hidden=True)
def main(
    pages: int,
    kills: int,
    reader: str,
    seed: int,
    folder: Path | None,
    out: Path | None,
    child: tuple[str, str] | None,
) -> None:
    """Scan, kill, go on, check."""
    if child is not None:
        scan(reader, *child)
        return
    with tempfile.TemporaryDirectory() as temporary:
        place = folder or Path(temporary)
        inputs = prepare(place, pages, reader, seed)
        figures = run(place, inputs, reader, kills, random.Random(seed))
        problems = check(place / "out", inputs)
    for problem in problems[:50]:
        click.echo(problem)
    click.echo(f"{len(problems)} problems")
    if out is not None:
        figures["command"] = shlex.join(["python", "-m", "benchmarks.soak", *sys.argv[1:]])
        figures["problems"] = problems
        out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    sys.exit(1 if problems else 0)


def prepare(place: Path, pages: int, reader: str, seed: int) -> list[Input]:
    """The inputs, made or found in the folder."""
    listed = place / "inputs.json"
    if not listed.exists():
        inputs = make_inputs(place / "in", pages, real=reader == "real", seed=seed)
        listed.write_text(json.dumps([asdict(one) for one in inputs]), encoding="utf-8")
    return [Input(**one) for one in json.loads(listed.read_text(encoding="utf-8"))]


def scan(reader: str, inputs: str, results: str) -> None:
    """The command itself, with the soak's reader."""
    arguments = ["scan", inputs, "--out", results, "--to", FORMATS, "--quiet"]
    arguments += ["--page-timeout", str(PAGE_TIMEOUT[reader])]
    arguments += ["--worker-memory", str(WORKER_MEMORY[reader])]
    cli.cli.main(arguments, prog_name="scanner", obj=READERS[reader])


def run(
    place: Path, inputs: list[Input], reader: str, kills: int, chance: random.Random
) -> dict[str, Any]:
    """Start, kill, start again; the last one is left alone. Gives the figures."""
    kept = place / "state.json"
    state = State(**json.loads(kept.read_text(encoding="utf-8"))) if kept.exists() else State()
    # Kills come after so many files, at some moment until the next.
    marks = sorted(chance.sample(range(len(inputs) * 19 // 20), kills))
    exit_code = -9
    while exit_code == -9:
        started = time.monotonic()
        mark = marks[state.kills] if state.kills < kills else len(inputs) + 1
        try:
            exit_code = run_once(place, reader, mark, len(inputs), state, chance.random() * 0.3)
            state.kills += exit_code == -9
        finally:
            state.seconds += time.monotonic() - started
            kept.write_text(json.dumps(asdict(state)), encoding="utf-8")
    if exit_code not in (0, 1):
        raise click.ClickException(f"exit code {exit_code}; see {place / 'stderr'}")
    count = sum(one.pages for one in inputs)
    poison = Counter(one.poison for one in inputs if one.poison)
    click.echo(f"{len(inputs)} files, {count} pages, {poison.total()} of them poison")
    click.echo(f"killed {state.kills} times; {state.seconds:.0f} s, all restarts counted")
    click.echo(f"memory of the run by tenths, MiB: {[round(m) for m in state.run]}")
    click.echo(f"memory of the largest worker, MiB: {[round(m) for m in state.worker]}")
    return {"files": len(inputs), "pages": count, "poison": poison, **asdict(state)}


def run_once(place: Path, reader: str, mark: int, files: int, state: State, delay: float) -> int:
    """The command, until it ends or `mark` files are done and `delay` seconds have passed.

    Gives its exit code, -9 if it was killed.
    """
    command = [sys.executable, "-m", "benchmarks.soak", "--reader", reader, "--child"]
    command += [str(place / "in"), str(place / "out")]
    with (
        (place / "stderr").open("ab") as errors,
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors) as process,
    ):
        try:
            watch(process, place / "out", mark, files, state)
            if process.poll() is None:
                time.sleep(delay)
        finally:
            process.kill()
    return process.returncode


def watch(
    process: subprocess.Popen[bytes], results: Path, mark: int, files: int, state: State
) -> None:
    """Until `mark` files are done or the process has ended; note the memory meanwhile."""
    manifest = results / "manifest.jsonl"
    done, size = 0, 0
    process_of_run = psutil.Process(process.pid)
    while process.poll() is None and done < mark:
        if manifest.exists() and manifest.stat().st_size != size:
            data = manifest.read_bytes()
            done, size = data.count(b"\n"), len(data)
        tenth = min(9, 10 * done // files)
        try:
            rss = process_of_run.memory_info().rss / 2**20
            state.run[tenth] = max(state.run[tenth], rss)
            for worker in process_of_run.children(recursive=True):
                rss = worker.memory_info().rss / 2**20
                state.worker[tenth] = max(state.worker[tenth], rss)
        except psutil.Error:
            pass
        time.sleep(0.1)


def check(results: Path, inputs: list[Input]) -> list[str]:
    """What is wrong with the results; nothing, one hopes."""
    problems = []
    lines = (results / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    counts = Counter(entry["source"] for entry in entries)
    problems += [f"{source}: {n} lines in the manifest" for source, n in counts.items() if n > 1]
    by_source = {entry["source"]: entry for entry in entries}
    expected = {"manifest.jsonl", "report.html"}
    for one in inputs:
        entry = by_source.pop(one.name, None)
        if entry is None:
            problems.append(f"{one.name}: not in the manifest")
            continue
        for names in entry["outputs"].values():
            expected |= {names} if isinstance(names, str) else set(names)
        problems += (
            _check_bad(one, entry, results) if one.poison else _check_good(one, entry, results)
        )
    problems += [f"{source}: was no input" for source in by_source]
    found = {
        str(path.relative_to(results))
        for path in results.rglob("*")
        if path.is_file() and path.relative_to(results).parts[0] not in (".scanner", "failures")
    }
    problems += [f"{name}: belongs to nothing" for name in sorted(found - expected)]
    left = [path for path in (results / ".scanner").rglob("*") if path.suffix in {".tmp", ".page"}]
    problems += [f"{path}: left behind" for path in left]
    return problems


def _check_good(one: Input, entry: dict[str, Any], results: Path) -> list[str]:
    if entry["status"] != "ok" or entry["pages"] != one.pages:
        return [f"{one.name}: {entry['status']}, {entry['pages']} pages: {entry['error']}"]
    try:
        for form in FORMATS.split(","):
            names = entry["outputs"][form]
            names = [names] if isinstance(names, str) else names
            for name in names:
                _read_back(results / name, form, one.pages)
            if form == "xml" and len(names) != one.pages:
                return [f"{one.name}: {len(names)} of {one.pages} XML files"]
    except Exception as error:  # whatever is wrong with a file is what is looked for
        return [f"{one.name}: {type(error).__name__}: {error}"]
    return []


def _read_back(path: Path, form: str, pages: int) -> None:
    data = path.read_bytes()
    match form:
        case "json":
            found = [page["number"] for page in json.loads(data)["pages"]]
            if found != list(range(1, pages + 1)):
                raise ValueError(f"pages {found}")
        case "xlsx":
            with ZipFile(path) as archive:
                if archive.testzip() is not None:
                    raise ValueError("damaged")
        case "xml":
            etree.fromstring(data)
        case "txt":
            if data.count(b"\f") != pages - 1:
                raise ValueError("another number of pages of text")


def _check_bad(one: Input, entry: dict[str, Any], results: Path) -> list[str]:
    reason = REASONS[one.poison or ""]
    if entry["status"] != "failed" or reason not in entry["error"]["message"]:
        return [f"{one.name}: {entry['status']}, {entry['error']}, not '{reason}'"]
    if not any(results.glob(f"failures/*{Path(one.name).stem}*/bundle.json")):
        return [f"{one.name}: no bundle"]
    return []


if __name__ == "__main__":
    main()
