"""Checks and then times everything that runs on a GPU, in less than eight minutes.

    python -m benchmarks.gpu --device cuda

Each part has a share of the time, and what it found is written to benchmarks/results as soon as
it is done, so that one that fails or hangs on does not cost the others. On `--device cpu` the same
code runs, for those who have no GPU; its figures say nothing about one.
"""

from __future__ import annotations

import json
import platform
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import torch

from benchmarks.gpu_clock import Clock, Row
from benchmarks.gpu_jpeg import time_jpegs
from benchmarks.gpu_networks import time_networks
from benchmarks.gpu_operators import time_operators
from benchmarks.gpu_pages import time_pages, time_peers

Part = Callable[[Clock], Iterator[Row]]

PARTS: dict[str, tuple[Part, float]] = {
    "operators": (time_operators, 0.18),
    "jpeg": (time_jpegs, 0.12),
    "networks": (time_networks, 0.25),
    "pages": (time_pages, 0.3),
    "peers": (time_peers, 0.15),
}
"""What is timed, and its share of the time."""


@click.command()
@click.option("--device", default="cuda", show_default=True, help="cuda, cuda:N or cpu.")
@click.option("--seconds", default=440.0, show_default=True, help="The most it may take in all.")
@click.option("--only", multiple=True, type=click.Choice(list(PARTS)), help="These parts only.")
@click.option(
    "--size",
    default=1.0,
    show_default=True,
    help="Share of the sides of an A4 page.",
)
@click.option("--out", type=click.Path(path_type=Path), help="The file to write.")
def main(device: str, seconds: float, only: tuple[str, ...], size: float, out: Path | None) -> None:
    """Write what was found to a JSON file and print it."""
    where = torch.device(device)
    name = torch.cuda.get_device_name(where) if where.type == "cuda" else platform.machine()
    out = out or Path(__file__).parent / "results" / f"{name.replace(' ', '-').lower()}.json"
    report: dict[str, Any] = {"device": name, "torch": torch.__version__, "size": size, "parts": {}}
    for part, (run, share) in PARTS.items():
        if only and part not in only:
            continue
        clock = Clock(where, time.monotonic() + share * seconds, size)
        report["parts"][part] = run_part(part, run, clock)
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def run_part(name: str, run: Part, clock: Clock) -> dict[str, Any]:
    """The rows of a part, and what ended it if that was an error."""
    rows: list[Row] = []
    error, started = None, time.monotonic()
    try:
        for row in run(clock):
            rows.append(row)
            print(
                f"{name:10}", *(f"{key}={_short(value)}" for key, value in row.items()), flush=True
            )
    except Exception as caught:  # the other parts are still wanted
        error = f"{type(caught).__name__}: {caught}"
        traceback.print_exc()
    return {"rows": rows, "error": error, "seconds": round(time.monotonic() - started, 1)}


def _short(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
