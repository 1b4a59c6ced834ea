"""Whether the command's memory stays flat over many mixed pages.

    python -m benchmarks.memory [--pages N] [--warm N] [--random-sizes] [--data DIR] [--out FILE]

Runs `scanner scan` with one worker on single pages of all sizes and kinds in turn and notes the
resident memory of that worker. With `--random-sizes` pieces of the pages, each of another size,
are files that one `Scanner` scans in this process.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from itertools import chain, zip_longest
from pathlib import Path
from random import Random

import click
import psutil
from PIL import Image

from benchmarks.datasets import DEFAULT_DATA, SETS, load

SIDES = (200, 1200)
"""Pixels of the sides of random pieces."""

Samples = list[tuple[int, float]]
"""Pages done, and resident MiB then."""


@click.command()
@click.option("--pages", default=100, show_default=True, help="how many pages to scan")
@click.option("--warm", default=10, show_default=True, help="pages after which it may not grow")
@click.option("--random-sizes", is_flag=True, help="read pieces of pages of random sizes")
@click.option("--data", type=click.Path(path_type=Path), default=DEFAULT_DATA)
@click.option("--out", type=click.Path(path_type=Path), help="write the figures as JSON")
def main(pages: int, warm: int, random_sizes: bool, data: Path, out: Path | None) -> None:
    """Scan mixed pages with the command and watch its memory."""
    with tempfile.TemporaryDirectory() as folder:
        if random_sizes:
            samples = read_pieces(pages, data, Path(folder))
        else:
            inputs = link_inputs(pages, data, Path(folder) / "in")
            samples = watch(inputs, Path(folder) / "out")
    peaks = summary(samples, pages, warm)
    print(
        f"{pages} pages; resident memory in MiB: " + ", ".join(f"{k} {v}" for k, v in peaks.items())
    )
    if out is not None:
        figures = {
            "command": shlex.join(["python", "-m", "benchmarks.memory", *sys.argv[1:]]),
            "pages": pages,
            "mib": peaks,
            "mib_by_page": [[done, round(rss)] for done, rss in samples],
        }
        out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def summary(samples: Samples, pages: int, warm: int) -> dict[str, int]:
    """Peaks of resident memory, whole MiB, over parts of a run of so many pages."""
    parts = {
        f"peak of the first {warm}": [rss for done, rss in samples if done <= warm],
        "peak of all": [rss for _, rss in samples],
        "peak of the last tenth": [rss for done, rss in samples if done > 0.9 * pages],
    }
    return {name: round(max(part)) for name, part in parts.items()}


def link_inputs(pages: int, data: Path, folder: Path) -> Path:
    """A folder of links to `pages` scans, one of each set in turn, in that order by name."""
    folder.mkdir()
    by_set = [[sample.image for sample in load(name, data)] for name in SETS]
    mixed = [path for path in chain.from_iterable(zip_longest(*by_set)) if path is not None]
    for number, path in enumerate(mixed[:pages]):
        (folder / f"{number:04}{path.suffix}").symlink_to(path.resolve())
    return folder


def watch(inputs: Path, results: Path) -> Samples:
    """Run the command; (files done, resident MiB) ten times a second."""
    command = [sys.executable, "-m", "scanner", "scan", str(inputs), "--out", str(results)]
    process = subprocess.Popen(
        [*command, "--to", "xlsx,docx,xml,json,txt", "--quiet", "--workers", "1"]
    )
    manifest = results / "manifest.jsonl"
    samples = []
    while process.poll() is None:
        done = manifest.read_bytes().count(b"\n") if manifest.exists() else 0
        with suppress(psutil.Error):
            workers = psutil.Process(process.pid).children(recursive=True)
            largest = max((worker.memory_info().rss for worker in workers), default=0)
            samples.append((done, largest / 2**20))
        time.sleep(0.1)
    if process.returncode:
        raise click.ClickException(f"the command ended with {process.returncode}")
    return samples


def read_pieces(pages: int, data: Path, folder: Path) -> Samples:
    """Scan random pieces of pages in this process; every hundred are printed."""
    from scanner.api import Scanner
    from scanner.options import Options

    random, scanner, samples = Random(1), Scanner(Options(threads=1)), []
    process, started = psutil.Process(), time.monotonic()
    scans = [sample.image for name in SETS for sample in load(name, data)]
    for number in range(1, pages + 1):
        piece = folder / "piece.png"
        cut_piece(random.choice(scans), random).save(piece, compress_level=1)
        scanner.scan(piece)
        samples.append((number, process.memory_info().rss / 2**20))
        if number % 100 == 0:
            took = time.monotonic() - started
            print(f"{number} pages, {took:.0f} s: {samples[-1][1]:.0f} MiB", flush=True)
    return samples


def cut_piece(scan: Path, random: Random) -> Image.Image:
    """A piece of a scan, each side a random one of `SIDES` where the scan is as large."""
    with Image.open(scan) as whole:
        width, height = (min(random.randint(*SIDES), side) for side in whole.size)
        left, top = random.randint(0, whole.width - width), random.randint(0, whole.height - height)
        return whole.crop((left, top, left + width, top + height)).convert("RGB")


if __name__ == "__main__":
    main()
