"""How well the scanner reads, beside RapidOCR and Tesseract, page by page in one run.

    python -m benchmarks.accuracy [--set NAME ...] [--every K] [--limit N] [--out FILE]

The result file is rewritten after each page, so that an interrupted run is not lost, and what
was read is cached (`benchmarks.peers`), so that the next run goes on where it stopped.
"""

from __future__ import annotations

import json
import os
import platform
import shlex
import statistics
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.datasets import DEFAULT_DATA, SETS, Sample, load, select
from benchmarks.metrics import Score, score
from benchmarks.peers import DEFAULT_CACHE, ENGINES, Cache, Engine

PACKAGES = ("scanner-ocr", "rapidocr", "onnxruntime", "torch", "opencv-python-headless", "numpy")


@dataclass(frozen=True, slots=True)
class Reading:
    """How one engine did on one page; `error` says why it read nothing, if it failed."""

    sample: Sample
    engine: str
    score: Score
    error: str | None = None


def read(sample: Sample, engine: Engine, cache: Cache) -> Reading:
    """Have an engine read a page and score it; a failure scores as an empty page."""
    text, error = "", None
    try:
        text = cache.read(engine, sample.image)
    except Exception as failure:  # whatever a peer raises counts against it, and the run goes on
        error = f"{type(failure).__name__}: {failure}".replace(str(sample.image), sample.name)
    return Reading(sample, engine.name, score(sample.truth, text, sample.fold_case), error)


def summary(readings: Iterable[Reading]) -> dict[str, Any]:
    """The figures of one engine over the pages of a set; rates are fractions, not per cent."""
    readings = list(readings)
    total = Score.sum_of(reading.score for reading in readings)
    return {
        "pages": len(readings),
        "failed": sum(reading.error is not None for reading in readings),
        **rates(total),
        **{
            f"{name}_median_page": statistics.median(
                rates(reading.score)[name] for reading in readings
            )
            for name in rates(total)
        },
    }


def rates(of: Score) -> dict[str, float]:
    """The rates of a score by the names that they have in the result, to six decimals."""
    return {
        "cer": round(of.cer, 6),
        "wer": round(of.wer, 6),
        "word_f1": round(of.word_f1, 6),
    }


def report(readings: list[Reading], engines: list[Engine], complete: bool) -> dict[str, Any]:
    """The result as it is written to JSON: where and how it was measured, sets, pages."""
    sets: dict[str, dict[str, Any]] = {}
    for name in dict.fromkeys(reading.sample.set for reading in readings):
        of_set = [reading for reading in readings if reading.sample.set == name]
        engines_of_set = dict.fromkeys(reading.engine for reading in of_set)
        sets[name] = {
            engine: summary(reading for reading in of_set if reading.engine == engine)
            for engine in engines_of_set
        }
    return {
        "benchmark": "accuracy",
        "complete": complete,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": shlex.join(["python", "-m", "benchmarks.accuracy", *sys.argv[1:]]),
        "machine": machine(),
        "versions": {package: version(package) for package in PACKAGES},
        "engines": {engine.name: engine.version for engine in engines},
        "sets": sets,
        "pages": [
            {
                "set": sample.set,
                "image": sample.name,
                "engines": {reading.engine: page_result(reading) for reading in of_page},
            }
            for sample, of_page in groupby(readings, key=lambda reading: reading.sample)
        ],
    }


def page_result(reading: Reading) -> dict[str, Any]:
    """One engine's figures on one page."""
    return rates(reading.score) | asdict(reading.score) | {"error": reading.error}


def machine() -> dict[str, Any]:
    """The processor's name, the number of cores this process may use, the system, Python."""
    names = [
        line.partition(":")[2].strip()
        for line in _lines_of(Path("/proc/cpuinfo"))
        if line.startswith("model name")
    ]
    affinity = getattr(os, "sched_getaffinity", None)
    return {
        "cpu": names[0] if names else platform.processor(),
        "cores": len(affinity(0)) if affinity else os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def table_of(result: dict[str, Any]) -> Table:
    """The sets' figures as a table for the terminal, in per cent; word F1 as a fraction."""
    table = Table("set", "engine")
    for heading in ("pages", "failed", "CER %", "median", "WER %", "median", "word F1", "median"):
        table.add_column(heading, justify="right")
    for name, engines in result["sets"].items():
        table.add_section()
        for engine, figures in engines.items():
            per_cent = [
                f"{figures[key]:.2%}".rstrip("%")
                for key in ("cer", "cer_median_page", "wer", "wer_median_page")
            ]
            words = [f"{figures[key]:.4f}" for key in ("word_f1", "word_f1_median_page")]
            counts = [str(figures["pages"]), str(figures["failed"])]
            table.add_row(name, engine, *counts, *per_cent, *words)
            name = ""
    return table


def write(result: dict[str, Any], path: Path) -> None:
    """Replace the file at once, so that it is never half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    unfinished.replace(path)


def _lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


@click.command(context_settings={"show_default": True})
@click.option("--set", "sets", type=click.Choice(SETS), multiple=True, help="a set; all if none")
@click.option("--every", default=1, type=click.IntRange(1), help="take each K-th page of a set")
@click.option("--limit", type=click.IntRange(1), help="take at most this many pages of a set")
@click.option("--only", help="engines to run, comma-separated; all of them if not given")
@click.option("--data", default=DEFAULT_DATA, type=click.Path(path_type=Path, file_okay=False))
@click.option("--cache", default=DEFAULT_CACHE, type=click.Path(path_type=Path, file_okay=False))
@click.option("--threads", default=1, type=click.IntRange(1), help="of each engine")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="result as JSON")
def main(
    sets: tuple[str, ...],
    every: int,
    limit: int | None,
    only: str | None,
    data: Path,
    cache: Path,
    threads: int,
    out: Path | None,
) -> None:
    """Compare the scanner's text with RapidOCR's and Tesseract's on scans with truth."""
    names = only.split(",") if only else list(ENGINES)
    if unknown := set(names) - set(ENGINES):
        raise click.BadParameter(f"no such engine: {', '.join(unknown)}", param_hint="--only")
    samples = [sample for name in sets or SETS for sample in select(load(name, data), every, limit)]
    engines = [ENGINES[name](threads) for name in names]
    texts = Cache(cache)
    console = Console(stderr=True)
    readings: list[Reading] = []
    for sample in track(samples, "reading", console=console, disable=not console.is_terminal):
        readings += [read(sample, engine, texts) for engine in engines]
        if out:
            write(report(readings, engines, complete=False), out)
    result = report(readings, engines, complete=True)
    if out:
        write(result, out)
    Console(width=None if sys.stdout.isatty() else 120).print(table_of(result))


if __name__ == "__main__":
    main()
