"""Whether a second machine doubles the speed of a run, and what the loss of one costs.

    python -m benchmarks.cluster [--pages N] [--seconds S] [--out FILE]

Starts Ray clusters of machines of one processor core, all of them this one. In place of the
networks stands a reader that sleeps, so that machines do not take each other's processor: what is
measured is the program's handing out and taking in, not the reading. Speeds are pages a second
from the first result to the last, without the start of the workers. In the last run one of two
machines is removed, as by a power cut, at half of the pages.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import ray
from PIL import Image
from ray.cluster_utils import Cluster

from benchmarks.soak_reader import SECONDS, sleeping
from scanner.batch import BatchRun, plan_batch
from scanner.inputs import find_inputs
from scanner.options import Options
from scanner.results import Status

FORMS = ("json", "txt")


@click.command()
@click.option("--pages", default=60, show_default=True)
@click.option("--seconds", default=0.5, show_default=True, help="What a page takes.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the figures as JSON.")
def main(pages: int, seconds: float, out: Path | None) -> None:
    """Scan with one machine, with two, and with two of which one is lost."""
    os.environ[SECONDS] = str(seconds)
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path.cwd()), os.environ.get("PYTHONPATH", "")])
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        make_pages(folder / "in", pages)
        with machines(1) as cluster:
            one, _ = scan(folder, "one")
        with machines(2) as cluster:
            two, _ = scan(folder, "two")
        with machines(2) as cluster:
            last = cluster.list_all_nodes()[-1]
            lose = lambda: cluster.remove_node(last, allow_graceful=False)  # noqa: E731
            _, lost = scan(folder, "three", at=pages // 2, then=lose)
        same = results(folder / "one") == results(folder / "two") == results(folder / "three")
    figures: dict[str, Any] = {
        "pages": pages,
        "seconds_a_page": seconds,
        "pages_a_second_of_one": round(one, 3),
        "pages_a_second_of_two": round(two, 3),
        "ratio": round(two / one, 3),
        "lost_with_a_machine": pages - lost,
        "results_are_the_same": same,
    }
    for name, value in figures.items():
        click.echo(f"{name.replace('_', ' ')}: {value}")
    if out is not None:
        figures["command"] = shlex.join(["python", "-m", "benchmarks.cluster", *sys.argv[1:]])
        out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    sys.exit(0 if same and lost == pages else 1)


def make_pages(folder: Path, count: int) -> None:
    """Small pictures, no two alike."""
    folder.mkdir()
    for n in range(count):
        Image.new("L", (80, 60), n % 256).save(folder / f"{n:05}.png")


@contextmanager
def machines(count: int) -> Iterator[Cluster]:
    """A cluster of so many machines of one core, and a head that does no work."""
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
    for _ in range(count):
        cluster.add_node(num_cpus=1)
    ray.init(address=cluster.address, log_to_driver=False, logging_level="ERROR")
    try:
        yield cluster
    finally:
        ray.shutdown()
        cluster.shutdown()


def scan(
    folder: Path, name: str, at: int = 0, then: Callable[[], object] = lambda: None
) -> tuple[float, int]:
    """Pages a second of a run, and how many pages came out; `then` is done at page `at`."""
    batch = plan_batch(find_inputs([folder / "in"]).files, folder / name, FORMS)
    with BatchRun(batch, Options(cluster="ray"), make_reader=sleeping) as run:
        moments, good = [], 0
        for result in run.results():
            moments.append(time.monotonic())
            good += result.status is Status.OK
            if len(moments) == at:
                then()
    # Every worker has read a page by the first quarter.
    start = len(moments) // 4
    return (len(moments) - 1 - start) / (moments[-1] - moments[start]), good


def results(out: Path) -> dict[str, bytes]:
    """Every result by name."""
    return {path.name: path.read_bytes() for form in FORMS for path in out.rglob(f"*.{form}")}


if __name__ == "__main__":
    main()
