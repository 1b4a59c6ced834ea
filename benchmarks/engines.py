"""The networks alone: every engine and every rewriting against ONNX Runtime, in one run.

    python -m benchmarks.engines --threads 2

Each variant runs the same input in turn, round after round, with the same number of threads;
figures are medians. Lines and a page drawn by `samples/` are the input. `agree` is the share of
those lines whose text is float32's, `error` the largest difference of the detector's map to it.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import click
import onnxruntime
import torch
from torch import Tensor, nn

from scanner.detect import detect
from scanner.host_plate import HostPlate
from scanner.inference import EngineFinder, EngineReader
from scanner.line_reading import Recogniser, read_crops
from scanner.models.recogniser import HEIGHT
from scanner.models.weights import (
    DETECTOR_FILE,
    RECOGNISER_FILE,
    WeightsFile,
    load_detector,
    load_recogniser,
    weights_path,
)
from scanner.networks import detector_engine, recogniser_engine
from scanner.options import Options
from scanner.runtime import Engine, EngineName, Precision, best_precision
from scanner.runtime.passes import FOLDING, PACKING
from scanner.runtime.torchscript import TorchScriptEngine
from scanner.sources import open_source
from scanner.words.crops import Crop, cut_line

SCANS = Path(__file__).parents[1] / "samples" / "scans"
PAGES = (
    "invoice_german.jpg",
    "report_two_columns.png",
    "receipt.jpg",
    "bank_statement.jpg",
    "letter_french.jpg",
)
LINES = ((1, 320), (6, 320), (6, 640), (4, 1600))
PAGE_SIZES = ((960, 672), (1280, 960))

Run = Callable[[Tensor], object]


@click.command()
@click.option("--threads", default=2, help="processor threads of every engine")
@click.option("--rounds", default=5, help="timed runs of each variant")
@click.option("--steps/--no-steps", default=True, help="also each rewriting added in turn")
@click.option("--network", type=click.Choice(["recogniser", "detector"]), multiple=True)
def main(threads: int, rounds: int, steps: bool, network: tuple[str, ...]) -> None:
    """Print the tables."""
    torch.set_num_threads(threads)
    report_machine()
    if "recogniser" in network or not network:
        compare_recognisers(rounds, steps)
    if "detector" in network or not network:
        compare_detectors(rounds, steps)


def compare_recognisers(rounds: int, steps: bool) -> None:
    """Print how fast each engine reads lines, and how many as float32 does."""
    recogniser, characters = load_recogniser()
    crops = sample_crops()
    expected = texts(recogniser_engine(EngineName.EAGER)[0], characters, crops)
    engines = variants(recogniser, steps) | others(lambda *which: recogniser_engine(*which)[0])
    print("\nrecogniser, milliseconds (times as fast as ONNX Runtime) by batch x width")
    head = " ".join(f"{f'{batch}x{width}':>14}" for batch, width in LINES)
    print(f"{'':28}{'agree':>7} {head}")
    inputs = [line_input(crops, batch, width) for batch, width in LINES]
    for name, cells in timed(plain_session(RECOGNISER_FILE), engines, inputs, rounds):
        same = ""
        if name in engines:
            read = texts(engines[name], characters, crops)
            share = sum(a == b for a, b in zip(read, expected, strict=True)) / len(expected)
            same = f"{share:.1%}"
        print(f"{name:28}{same:>7} {cells}", flush=True)


def compare_detectors(rounds: int, steps: bool) -> None:
    """Print how fast each engine looks at a page, and how far its map is from float32's."""
    engines = variants(load_detector(), steps) | others(detector_engine)
    print("\ndetector, milliseconds (times as fast as ONNX Runtime) by height x width")
    print(f"{'':28}{'error':>7} " + " ".join(f"{f'{h}x{w}':>14}" for h, w in PAGE_SIZES))
    page = sample_pages()[0].flip(2).permute(2, 0, 1)[None] / 127.5 - 1.0
    inputs = [page[:, :, :height, :width] for height, width in PAGE_SIZES]
    (truth,) = detector_engine(EngineName.EAGER)(inputs[0])
    for name, cells in timed(plain_session(DETECTOR_FILE), engines, inputs, rounds):
        error = ""
        if name in engines:
            error = f"{float((engines[name](inputs[0])[0] - truth).abs().max()):.4f}"
        print(f"{name:28}{error:>7} {cells}", flush=True)


def variants(network: nn.Module, steps: bool) -> dict[str, Engine]:
    """Our own engine: plain, with each rewriting added to those before, and in float32."""
    passes = FOLDING + PACKING
    found: dict[str, Engine] = {}
    for count in range(len(passes) + 1) if steps else (0, len(passes)):
        name = "torchscript plain" if count == 0 else f"  + {passes[count - 1].__name__}"
        name = "torchscript" if count == len(passes) else name
        found[name] = TorchScriptEngine(network, Precision.BFLOAT16, passes[:count])
    found["torchscript float32"] = TorchScriptEngine(network, Precision.FLOAT32)
    return found


def others(make: Callable[[EngineName, Precision], Engine]) -> dict[str, Engine]:
    """What the program uses (with the second look), PyTorch as it is, and OpenVINO."""
    return {
        "default": make(EngineName.TORCHSCRIPT, best_precision()),
        "eager float32": make(EngineName.EAGER, Precision.FLOAT32),
        "openvino float32": make(EngineName.OPENVINO, Precision.FLOAT32),
        "openvino bfloat16": make(EngineName.OPENVINO, Precision.BFLOAT16),
    }


def plain_session(file: WeightsFile) -> Run:
    """ONNX Runtime on the file as it comes, the way RapidOCR runs it."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    session = onnxruntime.InferenceSession(
        str(weights_path(file)), options, providers=["CPUExecutionProvider"]
    )
    return lambda x: session.run(None, {"x": x.contiguous().numpy()})


def timed(
    reference: Run, engines: dict[str, Engine], inputs: list[Tensor], rounds: int
) -> list[tuple[str, str]]:
    """A row of each variant: medians for every input, and ratios to the reference's."""
    runs: dict[str, Run] = {"onnxruntime": reference, **engines}
    medians: dict[str, list[float]] = {name: [] for name in runs}
    for x in inputs:
        times: dict[str, list[float]] = {name: [] for name in runs}
        for number in range(rounds + 2):
            for name, run in runs.items():
                # ONNX Runtime's threads go on spinning for a while after a run.
                time.sleep(0.01)
                start = time.perf_counter()
                run(x)
                # The first two rounds compile and allocate.
                if number >= 2:
                    times[name].append(time.perf_counter() - start)
        for name, seconds in times.items():
            medians[name].append(1e3 * statistics.median(seconds))
    first = medians["onnxruntime"]
    return [
        (name, " ".join(f"{m:7.1f} ({r / m:4.2f})" for m, r in zip(found, first, strict=True)))
        for name, found in medians.items()
    ]


def sample_pages() -> list[Tensor]:
    """Pictures of pages `[height, width, 3]`."""
    pages = []
    for name in PAGES:
        with open_source(SCANS / name, Options()) as source:
            pages.append(source.read(1).pixels)
    return pages


def sample_crops() -> list[Crop]:
    """The lines of the sample pages."""
    detector, nobody = EngineFinder(detector_engine(EngineName.EAGER)), Recogniser(lambda _: [], ())
    return [
        cut_line(page.numpy(), outline.polygon, HEIGHT)
        for page in sample_pages()
        for outline in detect(HostPlate(page.numpy(), detector, nobody))
    ]


def line_input(crops: list[Crop], batch: int, width: int) -> Tensor:
    """Real lines, cut off or repeated to a width."""
    rows = []
    for crop in sorted(crops, key=lambda crop: abs(crop.pixels.shape[1] - width))[:batch]:
        picture = torch.from_numpy(crop.pixels)
        picture = picture.repeat(1, -(-width // picture.shape[1]), 1)[:, :width]
        rows.append(picture.flip(2).permute(2, 0, 1) / 127.5 - 1.0)
    return torch.stack(rows).contiguous(memory_format=torch.channels_last)


def texts(engine: Engine, characters: tuple[str, ...], crops: list[Crop]) -> list[str]:
    """What an engine reads in the crops."""
    return [
        reading.text for reading in read_crops(crops, Recogniser(EngineReader(engine), characters))
    ]


def report_machine() -> None:
    """What the processor does at best: products of matrices of each kind, and copying."""
    size = 2048
    a = torch.randn(size, size)
    b = a.bfloat16()
    q = torch.randint(0, 255, (size, size), dtype=torch.uint8)
    w = torch.randint(-127, 127, (size, size), dtype=torch.int8)
    packed = torch.ops.onednn.qlinear_prepack(w, [size, size])
    scale, zero = torch.ones(size), torch.zeros(size, dtype=torch.int32)
    kinds: dict[str, Callable[[], object]] = {
        "float32": lambda: a @ a,
        "bfloat16": lambda: b @ b,
        "int8": lambda: torch.ops.onednn.qlinear_pointwise(
            q, 0.1, 0, packed, scale, zero, None, 1.0, 0, torch.bfloat16, "none", [], ""
        ),
    }
    rates = {name: 2 * size**3 / best_of(run) / 1e9 for name, run in kinds.items()}
    source = torch.empty(64 << 20, dtype=torch.uint8)
    target = torch.empty_like(source)
    copied = 2 * len(source) / best_of(lambda: target.copy_(source)) / 1e9
    print("the machine: " + ", ".join(f"{name} {rate:.0f} GFLOP/s" for name, rate in rates.items()))
    print(f"copying {copied:.0f} GB/s read and written")


def best_of(run: Callable[[], object], times: int = 4) -> float:
    """The least seconds of several runs."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        found.append(time.perf_counter() - start)
    return min(found)


if __name__ == "__main__":
    main()
