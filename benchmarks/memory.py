"""Whether the command's memory stays flat over many mixed pages.

    python -m benchmarks.memory [--pages N] [--random-sizes] [--data DIR] [--out FILE]

Runs `scanner scan` with one worker on single pages of all sizes and kinds in turn and notes the
resident memory of that worker. With `--random-sizes` it reads pieces of the receipts, each of
another size, through the library in this process.
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

from benchmarks.datasets import DEFAULT_DATA, SETS, load

WARM = 10
"""Pages after which memory should grow no more."""


@click.command()
@click.option("--pages", default=100, show_default=True, help="how many pages to scan")
@click.option("--random-sizes", is_flag=True, help="read pieces of pages of random sizes")
@click.option("--data", type=click.Path(path_type=Path), default=DEFAULT_DATA)
@click.option("--out", type=click.Path(path_type=Path), help="write the figures as JSON")
def main(pages: int, random_sizes: bool, data: Path, out: Path | None) -> None:
    """Scan mixed pages with the command and watch its memory."""
    with tempfile.TemporaryDirectory() as folder:
        if random_sizes:
            samples = read_pieces(pages, data)
        else:
            inputs = link_inputs(pages, data, Path(folder) / "in")
            samples = watch(inputs, Path(folder) / "out")
    warm = max(rss for done, rss in samples if done <= WARM)
    peak = max(rss for done, rss in samples)
    last = max(rss for done, rss in samples if done > 0.9 * pages)
    print(f"{pages} pages; resident memory in MiB: peak of the first {WARM} {warm:.0f}, ", end="")
    print(f"peak of all {peak:.0f}, peak of the last tenth {last:.0f}")
    if out is not None:
        figures = {
            "command": shlex.join(["python", "-m", "benchmarks.memory", *sys.argv[1:]]),
            "pages": pages,
            "peak_of_first_ten_mib": round(warm),
            "peak_mib": round(peak),
            "peak_of_last_tenth_mib": round(last),
            "mib_by_page": [[done, round(rss)] for done, rss in samples],
        }
        out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def link_inputs(pages: int, data: Path, folder: Path) -> Path:
    """A folder of links to `pages` scans, one of each set in turn, in that order by name."""
    folder.mkdir()
    by_set = [[sample.image for sample in load(name, data)] for name in SETS]
    mixed = [path for path in chain.from_iterable(zip_longest(*by_set)) if path is not None]
    for number, path in enumerate(mixed[:pages]):
        (folder / f"{number:04}{path.suffix}").symlink_to(path.resolve())
    return folder


def watch(inputs: Path, results: Path) -> list[tuple[int, float]]:
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


def read_pieces(pages: int, data: Path) -> list[tuple[int, float]]:
    """Read random pieces of receipts in this process; (pieces read, resident MiB) after each."""
    from scanner.images import SourcePage
    from scanner.options import Options
    from scanner.pipeline import page_reader
    from scanner.sources import open_source

    random, options = Random(1), Options(threads=1)
    read_page = page_reader(options)
    receipts = [sample.image for sample in load("sroie", data)]
    samples = []
    for number in range(1, pages + 1):
        path = receipts[number % len(receipts)]
        with open_source(path, options) as source:
            pixels = source.read(1).pixels
        height, width = (random.randint(side // 8, side) for side in pixels.shape[:2])
        piece = pixels[:height, :width].contiguous()
        read_page(SourcePage(path, 1, piece, None))
        samples.append((number, psutil.Process().memory_info().rss / 2**20))
    return samples


if __name__ == "__main__":
    main()
