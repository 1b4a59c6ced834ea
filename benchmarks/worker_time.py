"""What a page costs the process of a worker whose networks run in the process for the device.

    python -m benchmarks.worker_time SCAN... [--tables] [--profile]

The device is the processor here, in a process of its own, so its work is not counted: what is left
is what keeps a core busy on a machine with a GPU. Printed are processor seconds a page, the least
of some rounds, by stage, and how many pages a second so many cores could feed.
"""

from __future__ import annotations

import cProfile
import gc
import pstats
import tempfile
import time
from pathlib import Path
from statistics import mean

import click

from benchmarks.gpu_scans import write_pages
from scanner.batch.device_process import DeviceProcess
from scanner.fork_server import worker_context
from scanner.options import Options
from scanner.pipeline import PageReader, page_reader
from scanner.sources import open_source
from scanner.stages import stage, watched

CORES = 16


@click.command()
@click.argument("scans", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--tables", is_flag=True, help="restore tables too")
@click.option("--rounds", default=3)
@click.option("--profile", is_flag=True, help="print where the time of the last page goes")
def main(scans: tuple[Path, ...], tables: bool, rounds: int, profile: bool) -> None:
    """Time the scans, or a dense page of A4 at 300 dpi."""
    options = Options(device="cpu", tables=tables, threads=1)
    with tempfile.TemporaryDirectory() as folder:
        device = DeviceProcess(worker_context(), options, 1, Path(folder) / "log")
        paths = list(scans) or write_pages(Path(folder), 1, 1.0)
        try:
            reader = page_reader(options, device.address())
            gc.freeze()  # as workers do, which are forked from a process that did
            best = [time_page(path, reader, options, rounds) for path in paths]
            if profile:
                with cProfile.Profile() as profiler:
                    read(paths[-1], reader, options)
                pstats.Stats(profiler).sort_stats("tottime").print_stats(40)
        finally:
            device.close()
    seconds = mean(sum(page.values()) for page in best)
    print(f"mean {1e3 * seconds:.0f} ms: {CORES / seconds:.0f} pages/s for {CORES} cores")


def time_page(path: Path, reader: PageReader, options: Options, rounds: int) -> dict[str, float]:
    """Processor seconds by stage, of the round that took least."""
    found = [read(path, reader, options) for _ in range(rounds + 1)][1:]
    best = min(found, key=lambda page: sum(page.values()))
    parts = ", ".join(f"{name} {1e3 * seconds:.0f}" for name, seconds in best.items())
    print(f"{path.name}: {1e3 * sum(best.values()):.0f} ms ({parts})", flush=True)
    return best


def read(path: Path, reader: PageReader, options: Options) -> dict[str, float]:
    """Read a page; processor seconds by stage."""
    with watched(clock=time.process_time) as seconds:
        with stage("read"), open_source(path, options) as source:
            page = source.read(1, encoded=True)
        reader(page)
    return seconds


if __name__ == "__main__":
    main()
