"""Whole pages, JPEG to text and to Excel, on a device; beside it RapidOCR and plain PyTorch."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from difflib import SequenceMatcher
from functools import cache, partial
from pathlib import Path
from statistics import mean

import torch
from torch import nn

from benchmarks.gpu_clock import Clock, Job, Row
from benchmarks.gpu_scans import write_pages
from scanner.batch import BatchRun, plan_batch
from scanner.batch.pool import default_workers
from scanner.device.server import Server, load_networks
from scanner.images import SourcePage, UnmadeImage
from scanner.inference import EngineFinder, EngineReader
from scanner.inputs import find_inputs
from scanner.line_reading import Recogniser
from scanner.models.weights import load_detector, load_recogniser
from scanner.options import Options
from scanner.pipeline import Models, PageReader, ScannedPage, page_reader, scan_page
from scanner.runtime.eager import EagerEngine
from scanner.sources import open_source
from scanner.stages import watched
from table_restore.document import Document
from table_restore.export import render

TICK = 0.2
"""Seconds between two looks at how busy the GPU is."""


def time_pages(clock: Clock) -> Iterator[Job]:
    """Folders of pages, with workers; one page by stages, and that it reads as on the processor."""
    gpu = clock.device.type == "cuda"
    options = Options(device=str(clock.device), precision=None if gpu else "float32", tables=False)
    with tempfile.TemporaryDirectory() as folder:
        page = write_pages(Path(folder), 1, clock.size)

        @cache
        def expected() -> list[str]:
            (source,) = _sources(page)
            return text_of(page_reader(Options(precision="float32", tables=False))(source))

        for what, form in (("to text", "txt"), ("to Excel", "xlsx")):
            yield Job({"what": what}, partial(run_folder, clock, form, expected))
        yield Job(
            {"what": "one page, its pixels on the device"},
            partial(read_there, clock, page, options, expected),
        )
        yield Job(
            {"what": "one page, its pixels here"},
            partial(read_here, clock, page, options, expected),
        )


def read_here(
    clock: Clock, page: list[Path], options: Options, expected: Callable[[], list[str]], row: Row
) -> None:
    """A page read in this process."""
    (source,) = _sources(page)
    _time_page(clock, source, page_reader(options), expected, row)


def read_there(
    clock: Clock, page: list[Path], options: Options, expected: Callable[[], list[str]], row: Row
) -> None:
    """A page as a worker reads it, by a server that has the device, here in the same process."""
    (source,) = _sources(page, encoded=True)
    with Server(load_networks(clock.device, options), 1) as server:
        _time_page(clock, source, page_reader(options, server.address), expected, row)


def _time_page(
    clock: Clock,
    source: SourcePage,
    reader: PageReader,
    expected: Callable[[], list[str]],
    row: Row,
) -> None:
    found = reader(source)
    row["left_to_the_processor"] = not isinstance(found.image, UnmadeImage)
    row["seconds"] = clock.time(lambda: reader(source))
    with watched() as stages:
        reader(source)
    row["stages"] = {name: round(seconds, 4) for name, seconds in stages.items()}
    row["lines_as_on_cpu"] = share_of_same(expected(), text_of(found))


def run_folder(clock: Clock, form: str, expected: Callable[[], list[str]], row: Row) -> None:
    """Pages a second of the command's own run over a folder, counted from the first page on.

    Starting processes and loading networks is before that. Ends early when its time is over. In
    text the pages are held against the `expected` lines; tables are restored for Excel only.
    """
    count = 400 if clock.device.type == "cuda" else 2
    row["workers"] = default_workers(str(clock.device))
    options = Options(device=str(clock.device), tables=form != "txt")
    until = time.monotonic() + clock.left / 3
    done: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        scans, out = Path(folder) / "in", Path(folder) / "out"
        scans.mkdir()
        write_pages(scans, count, clock.size)
        batch = plan_batch(find_inputs([str(scans)]).files, out, (form,))
        with BatchRun(batch, options) as run, gpu_load(clock.device) as load:
            row["failures"], started = 0, time.monotonic()
            for result in run.results():
                done.append(time.monotonic())
                row["failures"] += len(result.failures)
                for failure in result.failures[:1]:
                    row["why"] = str(failure)[:300]
                if len(done) > 1 and done[-1] > until:
                    break
        written = [path.read_text("utf-8").splitlines() for path in out.glob("*.txt")]
    row["pages"] = len(done)
    if len(done) > 1:
        row["pages_s"] = (len(done) - 1) / (done[-1] - done[0])
        middle = (len(done) - 1) // 2  # by then the device's kernels and graphs are made
        row["pages_s_later_half"] = (len(done) - 1 - middle) / (done[-1] - done[middle])
    if done and (busy := load[int((done[0] - started) / TICK) :]):
        row["gpu_busy"] = mean(busy) / 100
    if written:
        row["lines_as_on_cpu"] = min(share_of_same(expected(), lines) for lines in written)


def time_peers(clock: Clock) -> Iterator[Job]:
    """RapidOCR, on the GPU where ONNX Runtime has it, and our stages on eager PyTorch."""
    with tempfile.TemporaryDirectory() as folder:
        paths = write_pages(Path(folder), 1, clock.size)

        def eager(row: Row) -> None:
            (source,) = _sources(paths)
            models = eager_models(clock.device)
            row["pages_s"] = 1 / clock.time(lambda: scan_page(source, models, Options()))

        def rapid(row: Row) -> None:
            row["provider"], read = rapidocr(clock.device)
            row["pages_s"] = 1 / clock.time(lambda: read(paths[0]))

        yield Job({"what": "RapidOCR"}, rapid)
        yield Job({"what": "eager PyTorch, one page after the other"}, eager)


class Elsewhere(nn.Module):
    """A network on a device, for pictures that lie anywhere."""

    def __init__(self, network: nn.Module, device: torch.device) -> None:
        super().__init__()
        self.network, self.device = network.eval().to(device), device

    def forward(self, x: torch.Tensor) -> object:
        return self.network(x.to(self.device))


def eager_models(device: torch.device) -> Models:
    """The networks as a user of PyTorch would run them."""
    network, characters = load_recogniser()
    finder = EagerEngine(Elsewhere(load_detector(), device), device=device)
    reader = EagerEngine(Elsewhere(network, device), device=device)
    return Models(EngineFinder(finder), Recogniser(EngineReader(reader), characters))


def rapidocr(device: torch.device) -> tuple[str, Callable[[Path], object]]:
    """RapidOCR as it comes, and the provider its networks run on."""
    import onnxruntime
    from rapidocr import RapidOCR

    gpu = device.type == "cuda" and "CUDAExecutionProvider" in onnxruntime.get_available_providers()
    engine = RapidOCR(params={"EngineConfig.onnxruntime.use_cuda": True} if gpu else None)
    return ("CUDA" if gpu else "CPU"), lambda path: engine(str(path))


def text_of(scanned: ScannedPage) -> list[str]:
    """The lines of a page as the format txt has them."""
    return render(Document("page", (scanned.page,)), "txt").decode().splitlines()


def share_of_same(expected: list[str], found: list[str]) -> float:
    """The share of the expected lines that were found too, in order."""
    matcher = SequenceMatcher(None, expected, found, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) / max(1, len(expected))


@contextmanager
def gpu_load(device: torch.device) -> Iterator[list[int]]:
    """Percentages of time that the GPU is at work, as its driver says."""
    samples: list[int] = []
    if device.type != "cuda":
        yield samples
        return
    query = ["nvidia-smi", f"--id={device.index or 0}", "--query-gpu=utilization.gpu"]
    query += ["--format=csv,noheader,nounits", "-lms", str(round(1000 * TICK))]
    with subprocess.Popen(query, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield samples
        finally:
            process.terminate()
            for line in process.stdout or ():
                with suppress(ValueError):
                    samples.append(int(line))


def _sources(paths: list[Path], *, encoded: bool = False) -> list[SourcePage]:
    found = []
    for path in paths:
        with open_source(path, Options()) as source:
            found.append(source.read(1, encoded=encoded))
    return found
