"""JPEGs decoded and encoded on a device, beside torchvision's codec."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch
from torch import Tensor

from benchmarks.gpu_clock import Clock, Job, Row
from benchmarks.gpu_scans import dense_page
from gpu_ops.jpeg import JpegError, decode, encode

BATCH = 16


def time_jpegs(clock: Clock) -> Iterator[Job]:
    """Gigapixels a second both ways, of a batch of dense pages."""
    page = dense_page(clock.size)
    batch = BATCH if clock.device.type == "cuda" else 2
    pixels = batch * page.shape[0] * page.shape[1]
    files = [encode([page])[0]] * batch
    there = [page.to(clock.device)] * batch
    here = torch.device("cpu")

    def decodes(row: Row) -> None:
        row["worst"] = worst(decode(files, here), decode(files, clock.device))
        rate(partial(decode, files, clock.device), row)

    def encodes(row: Row) -> None:
        row["worst"] = worst(decode(files, here), decode(encode(there), clock.device))
        rate(partial(encode, there), row)

    def rate(run: Callable[[], object], row: Row) -> None:
        row["gigapixels_s"] = pixels / clock.time(run) / 1e9

    yield Job({"codec": "ours", "way": "decode"}, decodes)
    yield Job({"codec": "ours", "way": "encode"}, encodes)
    for way, run in torchvision_ways(files, there, clock.device):
        yield Job({"codec": "torchvision", "way": way}, partial(rate, run))


def torchvision_ways(
    files: list[bytes], images: list[Tensor], device: torch.device
) -> list[tuple[str, Callable[[], Any]]]:
    """Its decoder and encoder for the same batch; none where it is not installed."""
    try:
        from torchvision.io import decode_jpeg, encode_jpeg
    except ImportError:
        return []
    tensors = [torch.frombuffer(bytearray(data), dtype=torch.uint8) for data in files]
    planar = [image.permute(2, 0, 1).contiguous() for image in images]
    return [
        ("decode", lambda: decode_jpeg(tensors, device=device)),
        ("encode", lambda: encode_jpeg(planar, quality=85)),
    ]


def worst(expected: list[Tensor | JpegError], found: list[Tensor | JpegError]) -> int:
    """The largest difference in levels; raises the error of a picture that was not decoded."""
    largest = 0
    for a, b in zip(expected, found, strict=True):
        for picture in (a, b):
            if isinstance(picture, JpegError):
                raise picture
        if isinstance(a, Tensor) and isinstance(b, Tensor):
            largest = max(largest, int((a.int() - b.cpu().int()).abs().max()))
    return largest
