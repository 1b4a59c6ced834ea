"""Both networks on a device: eager, with each rewriting, and as CUDA graphs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import torch
from torch import Tensor, nn

from benchmarks.gpu_clock import Clock, Row, guarded
from benchmarks.gpu_scans import dense_page
from gpu_ops.network_input import network_input
from scanner.models.weights import load_detector, load_recogniser
from scanner.runtime import Precision, compile_model
from scanner.runtime.passes import FOLDING
from scanner.runtime.torchscript import rewrite

Run = Callable[[Tensor], tuple[Tensor, ...]]


def time_networks(clock: Clock) -> Iterator[Row]:
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
        for variant, run in variants(network, clock.device):
            for batch in batches:
                if not clock.left:
                    return
                with guarded({"network": name, "variant": variant, "batch": batch}) as row:
                    many = (
                        x.expand(batch, -1, -1, -1)
                        .contiguous(memory_format=torch.channels_last)
                        .to(clock.device)
                    )
                    found = _tuple(run(many))[0][:1].cpu()
                    row["difference"] = float((found.double() - expected.double()).abs().mean())
                    seconds = clock.time(partial(run, many))
                    row["ms"], row["images_s"] = 1e3 * seconds, batch / seconds
                yield row


def variants(network: nn.Module, device: torch.device) -> Iterator[tuple[str, Run]]:
    """Ways to run a network on a device, each made when it is asked for."""
    for dtype in (torch.float32, torch.float16) if device.type == "cuda" else (torch.float32,):
        for count in range(len(FOLDING) + 1):
            if count and dtype is torch.float32:
                continue
            module = rewrite(network, dtype, FOLDING[:count]).to(device)
            name = f"+ {FOLDING[count - 1].__name__}" if count else "eager"
            yield f"{name} {dtype}".replace("torch.", ""), _plain(module, dtype)
    if device.type == "cuda":
        yield (
            "CUDA graph float16",
            compile_model(network, precision=Precision.FLOAT16, device=device),
        )
    else:
        yield "torchscript", compile_model(network)


def _plain(module: nn.Module, dtype: torch.dtype) -> Run:
    def run(x: Tensor) -> tuple[Tensor, ...]:
        with torch.inference_mode():
            return _tuple(module(x.to(dtype)))

    return run


def _tuple(outputs: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return (outputs,) if isinstance(outputs, Tensor) else tuple(outputs)
