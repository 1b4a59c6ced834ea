"""How fast the whole command is beside RapidOCR, page by page in one run.

    python -m benchmarks.speed [--set NAME ...] [--every K] [--limit N] [--threads N] [--out FILE]

Both engines have the same weights, images and number of threads, each its own process, and read
each page one right after the other. Ours is the command from the scan to the files it writes;
RapidOCR's, on onnxruntime and without its angle classifier, ends with its lines. Pages in the
result file that the same source code read are kept, and the first `--limit` others are read.
"""

from __future__ import annotations

import json
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from benchmarks.accuracy import PACKAGES, machine, write
from benchmarks.datasets import DEFAULT_DATA, SETS, Sample, load, select
from benchmarks.metrics import Score, score
from benchmarks.peers import digest_of_sources

OURS, PEER = "scanner", "rapidocr-nocls"
DEFAULT_OUT = Path(__file__).parent / "results" / "speed.json"

Page = dict[str, Any]


class Worker:
    """An engine in a process of its own (`benchmarks.speed_worker`), ready when constructed."""

    def __init__(self, engine: str, threads: int) -> None:
        command = [sys.executable, "-m", "benchmarks.speed_worker", engine, str(threads)]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": str(threads)},
        )
        self._reply()

    def read(self, scan: Path) -> dict[str, Any]:
        """The worker's reply for a scan; raises `RuntimeError` where the engine fails."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{scan}\n")
        self._process.stdin.flush()
        return self._reply()

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def _reply(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the engine ended: {shlex.join(map(str, self._process.args))}")
        reply: dict[str, Any] = json.loads(line)
        return reply


@contextmanager
def workers(threads: int) -> Iterator[tuple[Worker, Worker]]:
    """This project's worker and the peer's."""
    ours, peer = Worker(OURS, threads), Worker(PEER, threads)
    try:
        yield ours, peer
    finally:
        ours.close()
        peer.close()


def compare(sample: Sample, threads: int, ours: Worker, peer: Worker) -> Page:
    """Both engines on one page: seconds, scores, our seconds by stage."""
    replies = {OURS: ours.read(sample.image), PEER: peer.read(sample.image)}
    return {
        "set": sample.set,
        "image": sample.name,
        "threads": threads,
        "seconds": {name: round(reply["seconds"], 4) for name, reply in replies.items()},
        "score": {
            name: asdict(score(sample.truth, reply["text"], sample.fold_case))
            for name, reply in replies.items()
        },
        "stages": {name: round(took, 4) for name, took in replies[OURS]["stages"].items()},
    }


def summary(pages: list[Page]) -> dict[str, Any]:
    """The figures of one set at one number of threads; a ratio above 1 says ours is faster."""
    ratios = [page["seconds"][PEER] / page["seconds"][OURS] for page in pages]
    total = {name: sum(page["seconds"][name] for page in pages) for name in (OURS, PEER)}
    stages: dict[str, float] = {}
    for page in pages:
        for name, took in page["stages"].items():
            stages[name] = stages.get(name, 0.0) + took
    return {
        "pages": len(pages),
        "ratio_of_totals": round(total[PEER] / total[OURS], 3),
        "ratio_of_median_page": round(statistics.median(ratios), 3),
        "lowest_ratio": round(min(ratios), 3),
        "word_f1": {
            name: round(Score.sum_of(Score(**page["score"][name]) for page in pages).word_f1, 5)
            for name in (OURS, PEER)
        },
        "share_by_stage": {
            name: round(took / total[OURS], 4)
            for name, took in sorted(stages.items(), key=lambda stage: -stage[1])
        },
    }


def first_page(scan: Path, threads: int) -> dict[str, float]:
    """Seconds from starting a process to the result of its first page, for both engines."""
    seconds = {}
    with tempfile.TemporaryDirectory() as out:
        command = ["-m", "scanner", "scan", str(scan), "--out", out, "--quiet"]
        read = (
            "import sys; from pathlib import Path; from benchmarks.peers import RapidOcr; "
            f"RapidOcr(False, {threads}).read(Path(sys.argv[1]))"
        )
        commands = {
            OURS: [*command, "--threads", str(threads)],
            PEER: ["-c", read, str(scan)],
        }
        for name, arguments in commands.items():
            started = time.perf_counter()
            subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
            seconds[name] = round(time.perf_counter() - started, 3)
    return seconds


def report(pages: list[Page], starts: list[Page], sources: str) -> dict[str, Any]:
    """The result as it is written to JSON."""
    keys = dict.fromkeys((page["set"], page["threads"]) for page in pages)
    return {
        "benchmark": "speed",
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": shlex.join(["python", "-m", "benchmarks.speed", *sys.argv[1:]]),
        "machine": machine(),
        "versions": {package: version(package) for package in PACKAGES},
        "sources": sources,
        "summary": [
            {"set": name, "threads": threads}
            | summary([p for p in pages if (p["set"], p["threads"]) == (name, threads)])
            for name, threads in keys
        ],
        "first_page": starts,
        "pages": pages,
    }


def table_of(result: dict[str, Any]) -> Table:
    """The sets' figures for the terminal; ratios are the peer's time over ours."""
    table = Table("set", "threads", "pages", "ratio", "median", "lowest", "F1 ours", "F1 peer")
    for row in result["summary"]:
        f1 = [f"{row['word_f1'][name]:.4f}" for name in (OURS, PEER)]
        ratios = [row["ratio_of_totals"], row["ratio_of_median_page"], row["lowest_ratio"]]
        table.add_row(
            row["set"], str(row["threads"]), str(row["pages"]), *(f"{r:.2f}" for r in ratios), *f1
        )
    return table


@click.command(context_settings={"show_default": True})
@click.option("--set", "sets", type=click.Choice(SETS), multiple=True, help="a set; all if none")
@click.option("--every", default=1, type=click.IntRange(1), help="take each K-th page of a set")
@click.option("--limit", type=click.IntRange(1), help="at most this many new pages of a set")
@click.option("--threads", default=1, type=click.IntRange(1), help="of each engine")
@click.option("--start/--no-start", default=False, help="time a first page from its start too")
@click.option("--data", default=DEFAULT_DATA, type=click.Path(path_type=Path, file_okay=False))
@click.option("--out", default=DEFAULT_OUT, type=click.Path(path_type=Path, dir_okay=False))
def main(
    sets: tuple[str, ...],
    every: int,
    limit: int | None,
    threads: int,
    start: bool,
    data: Path,
    out: Path,
) -> None:
    """Time this program and RapidOCR on the same scans, page by page."""
    sources = digest_of_sources()
    earlier = json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}
    kept = earlier if earlier.get("sources") == sources else {"pages": [], "first_page": []}
    pages, starts = kept["pages"], kept["first_page"]
    known = {(page["set"], page["image"], page["threads"]) for page in pages}
    samples = [
        sample
        for name in sets or SETS
        for sample in select(
            [s for s in load(name, data)[::every] if (s.set, s.name, threads) not in known],
            limit=limit,
        )
    ]
    if start:
        first = load((sets or SETS)[0], data)[0]
        starts.append({"set": first.set, "image": first.name, "threads": threads})
        starts[-1]["seconds"] = first_page(first.image, threads)
    if samples:
        with workers(threads) as (ours, peer):
            for sample in samples:
                pages.append(compare(sample, threads, ours, peer))
                write(report(pages, starts, sources), out)
    result = report(pages, starts, sources)
    write(result, out)
    show(result)


def show(result: dict[str, Any]) -> None:
    """Print the table, the stages and the first page's ratio."""
    console = Console(width=None if sys.stdout.isatty() else 120)
    console.print(table_of(result))
    for row in result["summary"]:
        shares = ", ".join(f"{name} {share:.1%}" for name, share in row["share_by_stage"].items())
        console.print(f"{row['set']}, {row['threads']} threads: {shares}")
    for entry in result["first_page"]:
        seconds = entry["seconds"]
        console.print(f"first page of {entry['set']}: {seconds}")


if __name__ == "__main__":
    main()
