"""Both networks on a device: eager, with each rewriting, and as CUDA graphs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial

import torch
from torch import Tensor, nn

from benchmarks.gpu_clock import Clock, Job, Row
from benchmarks.gpu_scans import dense_page
from gpu_ops.network_input import network_input
from scanner.models.weights import load_detector, load_recogniser
from scanner.runtime import Precision, compile_model
from scanner.runtime.passes import FOLDING, Pass
from scanner.runtime.torchscript import rewrite

Run = Callable[[Tensor], tuple[Tensor, ...]]


def time_networks(clock: Clock) -> Iterator[Job]:
    """A row for each network, variant and batch.

    `difference` is the mean one from float32 on the processor.
    """
    gpu = clock.device.type == "cuda"
    side = max(64, round(1280 * clock.size) // 32 * 32)
    networks: list[tuple[str, nn.Module, tuple[int, int], tuple[int, ...]]] = [
        ("detector", load_detector(), (side, side), (1, 4, 8) if gpu else (1,)),
        (
            "recogniser",
            load_recogniser()[0],
            (48, 640 if gpu else 128),
            (1, 8, 64) if gpu else (1,),
        ),
    ]
    for name, network, (height, width), batches in networks:
        picture = dense_page(0.6)[:height, :width].contiguous()
        x = network_input([picture], height, width)
        with torch.inference_mode():
            expected = _tuple(network.eval()(x))[0]
        for variant, make in variants(network, clock.device):
            made = cache(make)
            for batch in batches:
                yield Job(
                    {"network": name, "variant": variant, "batch": batch},
                    partial(_time_network, made, x, expected, clock),
                )


def _time_network(
    made: Callable[[], Run], x: Tensor, expected: Tensor, clock: Clock, row: Row
) -> None:
    many = (
        x.expand(row["batch"], -1, -1, -1)
        .contiguous(memory_format=torch.channels_last)
        .to(clock.device)
    )
    run = made()
    found = _tuple(run(many))[0][:1].cpu()
    row["difference"] = float((found.double() - expected.double()).abs().mean())
    seconds = clock.time(partial(run, many))
    row["ms"], row["images_s"] = 1e3 * seconds, row["batch"] / seconds


def variants(network: nn.Module, device: torch.device) -> Iterator[tuple[str, Callable[[], Run]]]:
    """Ways to run a network on a device, the program's own first, and what makes each."""
    if device.type == "cuda":
        half = Precision.FLOAT16
        yield "CUDA graph float16", partial(compile_model, network, precision=half, device=device)
    else:
        yield "torchscript", partial(compile_model, network)
    for dtype in (torch.float16, torch.float32) if device.type == "cuda" else (torch.float32,):
        for count in range(len(FOLDING) + 1):
            if count and dtype is torch.float32:
                continue
            name = f"+ {FOLDING[count - 1].__name__}" if count else "eager"
            make = partial(_plain, network, dtype, FOLDING[:count], device)
            yield f"{name} {dtype}".replace("torch.", ""), make


def _plain(
    network: nn.Module, dtype: torch.dtype, passes: tuple[Pass, ...], device: torch.device
) -> Run:
    module = rewrite(network, dtype, passes).to(device)

    def run(x: Tensor) -> tuple[Tensor, ...]:
        with torch.inference_mode():
            return _tuple(module(x.to(dtype)))

    return run


def _tuple(outputs: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return (outputs,) if isinstance(outputs, Tensor) else tuple(outputs)
