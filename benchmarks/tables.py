"""How well tables are restored, beside img2table, on the same pages and words in one run.

    python -m benchmarks.tables [--set NAME ...] [--limit N] [--img2table PYTHON] [--out FILE]

img2table brings its own OpenCV, so it lives in an environment of its own
(`python -m venv ENV; ENV/bin/pip install img2table==2.0`) and PYTHON is ENV/bin/python;
without it only this project is measured. What it answers is kept, and with `--cache-lines` what
was recognised, too, so that an interrupted run goes on. `--timing N` times N pages of each set.
`--pictures DIR` draws each page's truth and result.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table as Display

from benchmarks.accuracy import machine, write
from benchmarks.datasets import DEFAULT_DATA
from benchmarks.peers import DEFAULT_CACHE
from benchmarks.table_datasets import SETS, WITHOUT_TABLES, TableSample, load
from benchmarks.table_metrics.plain import PlainTable, plain
from benchmarks.table_ours import Ours, ReadPage
from benchmarks.table_peers import Img2Table
from benchmarks.table_pictures import draw_comparison, save_contact_sheets, save_worst_first
from benchmarks.table_scores import PageScore, score_page, summary
from benchmarks.table_times import measure, spread
from table_restore.document import Table

PACKAGES = ("scanner-ocr", "rapidocr", "torch", "opencv-python-headless", "numpy", "rapidfuzz")
HEADINGS = {
    "adj F1": ("adjacency_f1", "adjacency_weighted_f1"),
    "prec": ("adjacency_precision", "adjacency_f1_0.6"),
    "rec": ("adjacency_recall", "adjacency_f1_0.9"),
    "TEDS": ("teds",),
    "struct": ("teds_struct",),
    "GriTS top": ("grits_topology",),
    "con": ("grits_content",),
    "exact tables": ("exact_tables",),
    "pages": ("exact_pages",),
    "det .6": ("detection_0.6_f1",),
    ".8": ("detection_0.8_f1",),
    "joined": ("joined_cells",),
    "false": ("pages_with_false_tables",),
}
"""Columns of the table for the terminal; for ctdar "prec" and "rec" are F1 at IoU .6 and .9."""

Found = list[tuple[Table | None, PlainTable]]
System = Callable[[TableSample, ReadPage], Found]
"""Gives a page's tables."""


def run(sample: TableSample, page: ReadPage, system: System) -> tuple[Found, PageScore]:
    """One system's tables of a page and their score; a failure scores as none found."""
    found: Found = []
    error = None
    try:
        found = system(sample, page)
    except Exception as failure:  # counts against the system, and the run goes on
        error = f"{type(failure).__name__}: {failure}".replace(str(sample.image), sample.name)
    return found, score_page(sample, [form for _, form in found], error)


def restore_ours(ours: Ours, page: ReadPage) -> Found:
    return [(table, plain(table)) for table in ours.restore(page)]


def restore_peer(peer: Img2Table, sample: TableSample, page: ReadPage) -> Found:
    return [(None, table) for table in peer.restore(sample.image, page.source_lines)]


def report(
    scores: dict[str, list[PageScore]],
    times: dict[str, dict[str, Any]],
    versions: dict[str, str],
    arguments: Sequence[str],
) -> dict[str, Any]:
    """The result as it is written to JSON: where and how it was measured, sets, groups, pages.

    `times` is what `table_times.measure` gives for each set, nothing where it was not asked for.
    """
    sets: dict[str, dict[str, Any]] = {}
    groups: dict[str, dict[str, Any]] = {}
    for system, of_system in scores.items():
        for name in dict.fromkeys(score.sample.set for score in of_system):
            of_set = [score for score in of_system if score.sample.set == name]
            sets.setdefault(name, {})[system] = summary(of_set)
            for group in sorted({score.sample.group for score in of_set} - {""}):
                of_group = [score for score in of_set if score.sample.group == group]
                groups.setdefault(f"{name}: {group}", {})[system] = summary(of_group)
    return {
        "benchmark": "tables",
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": shlex.join(["python", "-m", "benchmarks.tables", *arguments]),
        "machine": machine(),
        "versions": {package: version(package) for package in PACKAGES} | versions,
        "times": times,
        "sets": sets,
        "groups": groups,
        "pages": [page_result(system, score) for system in scores for score in scores[system]],
    }


def page_result(system: str, score: PageScore) -> dict[str, Any]:
    """One page of the result file."""
    return {
        "set": score.sample.set,
        "page": score.sample.name,
        "system": system,
        "value": round(score.value, 4),
        "true_tables": len(score.sample.tables) + len(score.sample.boxed),
        "found_tables": score.found,
        "exact": score.exact,
        "joined_cells": score.joined,
        "teds": [round(table.teds, 4) for table in score.tables],
        "error": score.error,
    }


def tables_on_pages_without(pages: Sequence[dict[str, Any]]) -> list[str]:
    """The pages of sets without tables on which one was found, to be looked at."""
    return [
        f"{page['system']} finds a table on {page['set']} {page['page']}"
        for page in pages
        if page["set"] in WITHOUT_TABLES and page["found_tables"]
    ]


def table_of(sets: dict[str, dict[str, Any]]) -> Display:
    """The sets' figures as a table for the terminal."""
    display = Display("set", "system", "n")
    for heading in HEADINGS:
        display.add_column(heading, justify="right")
    for name, systems in sets.items():
        display.add_section()
        for system, figures in systems.items():
            values = [
                next((figures[key] for key in keys if key in figures), "")
                for keys in HEADINGS.values()
            ]
            shown = [f"{value:.3f}" if isinstance(value, float) else str(value) for value in values]
            display.add_row(name, system, str(figures["pages"]), *shown)
    return display


@click.command(context_settings={"show_default": True})
@click.option("--set", "sets", type=click.Choice(SETS), multiple=True, help="a set; all if none")
@click.option("--every", default=1, type=click.IntRange(1), help="take each K-th page of a set")
@click.option("--limit", type=click.IntRange(1), help="take at most this many pages of a set")
@click.option("--only", help="take the pages whose names contain this")
@click.option("--img2table", "peer", type=click.Path(path_type=Path, dir_okay=False, exists=True),
              help="the interpreter that has img2table")  # fmt: skip
@click.option("--data", default=DEFAULT_DATA, type=click.Path(path_type=Path, file_okay=False))
@click.option("--cache", default=DEFAULT_CACHE, type=click.Path(path_type=Path, file_okay=False))
@click.option("--cache-lines", is_flag=True, help="keep what our recogniser reads between runs")
@click.option("--seed", type=int, help="first seed of generated pages, for tuning")
@click.option("--true-lines", is_flag=True, help="generated pages with their lines, not read")
@click.option("--threads", default=1, type=click.IntRange(1), help="of the recogniser")
@click.option("--timing", default=0, type=click.IntRange(0), help="time so many pages of each set")
@click.option("--pictures", type=click.Path(path_type=Path, file_okay=False))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="result as JSON")
def main(
    sets: tuple[str, ...],
    every: int,
    limit: int | None,
    only: str | None,
    peer: Path | None,
    data: Path,
    cache: Path,
    cache_lines: bool,
    seed: int | None,
    true_lines: bool,
    threads: int,
    timing: int,
    pictures: Path | None,
    out: Path | None,
) -> None:
    """Compare restored tables with the truth, and with img2table's given the same words."""
    samples = [
        sample
        for name in sets or SETS
        for sample in load(
            name,
            data,
            cache / "generated-tables",
            seed,
            slice(None, limit and limit * every, every),
        )
        if only is None or only in sample.name
    ]
    ours = Ours(threads, cache / "lines" if cache_lines else None)
    systems: dict[str, System] = {ours.name: lambda _, page: restore_ours(ours, page)}
    console = Console(stderr=True)
    with ExitStack() as stack:
        versions, other = {}, None
        if peer is not None:
            other = stack.enter_context(Img2Table(peer, cache / "img2table"))
            versions = {other.name: other.version}
            systems[other.name] = partial(restore_peer, other)
        scores: dict[str, list[PageScore]] = {name: [] for name in systems}
        for sample in track(samples, "restoring", console=console, disable=not console.is_terminal):
            known = true_lines and sample.lines
            page = ours.given(sample.image, sample.lines) if known else ours.read(sample.image)
            for name, system in systems.items():
                found, score = run(sample, page, system)
                scores[name].append(score)
                if pictures:
                    drawn = draw_comparison(sample, found, score)
                    named = (score.value, f"{sample.set}_{sample.name}", drawn)
                    save_worst_first([named], pictures / name)
        times = {}
        for name in dict.fromkeys(s.set for s in samples) if timing else ():
            timed = spread([s for s in samples if s.set == name], timing)
            times[name] = measure(timed, ours, other)
    if pictures:
        for name in systems:
            save_contact_sheets(pictures / name)
    result = report(scores, times, versions, sys.argv[1:])
    if out:
        write(result, out)
    terminal = Console(width=None if sys.stdout.isatty() else 160)
    terminal.print(table_of(result["sets"] | result["groups"]))
    for named in tables_on_pages_without(result["pages"]):
        terminal.print(named)
    for name, figures in times.items():
        ratios = {key: value for key, value in figures.items() if "_to_" in key}
        terminal.print(f"{name}, {len(figures['pages'])} pages timed: {ratios}")


if __name__ == "__main__":
    main()
