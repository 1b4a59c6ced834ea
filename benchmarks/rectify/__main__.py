"""The command of this benchmark."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from benchmarks.datasets import DEFAULT_DATA
from benchmarks.rectify import clean, cost, light, photos, turned, warps
from scanner.options import Options
from scanner.pipeline import load_models

PARTS = ("photos", "warps", "turned", "clean", "light", "cost")


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default=DEFAULT_DATA, show_default=True)
@click.option("--only", default=",".join(PARTS), help="Parts to run, by commas.")
@click.option("--every", default=1, show_default=True, help="Take each n-th page of a set.")
@click.option("--count", default=40, show_default=True, help="How many generated photographs.")
@click.option("--threads", default=1, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="Write the result here, as JSON.")
def main(data: Path, only: str, every: int, count: int, threads: int, out: Path | None) -> None:
    """Measure rectification: photographs, warps, turned and clean pages, light, and the cost."""
    models = load_models(Options(threads=threads))
    parts = {
        "photos": lambda: photos.measure(data, models, every),
        "warps": lambda: warps.measure(models, count),
        "turned": lambda: turned.measure(data, models, every),
        "clean": lambda: clean.measure(data, models, every),
        "light": lambda: light.measure(data, models, every),
        "cost": lambda: cost.measure(data, models),
    }
    unknown = set(only.split(",")) - set(parts)
    if unknown:
        raise click.UsageError(f"no such part: {', '.join(sorted(unknown))}")
    result: dict[str, Any] = {}
    for name in only.split(","):
        result[name] = parts[name]()
        click.echo(f"{name}: {json.dumps(result[name], indent=2)}")
        if out:
            out.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
