"""Every operator on a device: that it gives what the processor gives, and how fast."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from benchmarks.gpu_clock import Clock, Job, Row
from gpu_ops import (
    components,
    ctc,
    denoise,
    illumination,
    line_crops,
    morphology,
    network_input,
    resample,
    resize,
    text_regions,
    threshold,
)

CLASSES = 18_710
WIDTH = 120
WHITE = (255.0, 255.0, 255.0)
RULE = text_regions.Rule(text=0.3, sure=0.5, unclip=1.6)


@dataclass(frozen=True, slots=True)
class Case:
    """An operator with its arguments; `moved` are the bytes that it must read and write.

    It may differ from the processor's result by `allowed`.
    """

    name: str
    run: Callable[..., Any]
    arguments: tuple[Any, ...]
    moved: float
    allowed: float


def time_operators(clock: Clock) -> Iterator[Job]:
    """A row for the copy that all are held against, and one for each operator."""
    rate = cache(clock.copy_rate)
    yield Job({"operator": "copy"}, lambda row: row.update(gb_s=rate() / 1e9))
    for case in cases(clock.size):
        yield Job({"operator": case.name}, partial(_time_case, case, clock, rate))


def _time_case(case: Case, clock: Clock, rate: Callable[[], float], row: Row) -> None:
    there = _move(case.arguments, clock.device)
    expected, found = case.run(*case.arguments), case.run(*there)
    row["worst"] = difference(expected, found)
    row["agrees"] = row["worst"] <= case.allowed
    seconds = clock.time(partial(case.run, *there))
    row["ms"] = 1e3 * seconds
    row["gb_s"] = case.moved / seconds / 1e9
    row["share_of_copy"] = case.moved / seconds / rate()


def cases(size: float) -> list[Case]:
    """The operators on a page of A4 at 300 dpi times `size`, and on the lines of one."""
    random = np.random.default_rng(7)
    height, width = max(128, round(3508 * size)), max(128, round(2480 * size))
    page = torch.from_numpy(random.integers(0, 256, (height, width, 3), dtype=np.uint8))
    grey = page[..., 0].contiguous()
    pixels = height * width
    steps = max(64, round(2048 * size))
    logits = torch.randn(steps, CLASSES, generator=torch.manual_seed(7)).half()
    features, weight = torch.randn(steps, WIDTH).half(), torch.randn(CLASSES, WIDTH).half()
    ids = torch.randint(0, 5, (16, steps // 16), dtype=torch.int32)
    lengths = torch.full((16,), steps // 16, dtype=torch.int32)
    packed = torch.stack([page[:128, :128]] * 4)
    turn = np.array([[0.999, -0.01, 20.0], [0.01, 0.999, -9.0], [0.0, 0.0, 1.0]])
    nodes = mesh(height, width)
    quads = line_quads(height, width)
    areas = float(np.prod(quads.max(axis=1) - quads.min(axis=1), axis=1).sum())
    room = [-(-int(w) // 64) * 64 for w in line_crops.line_widths(quads, 48)]
    cropped = 48 * sum(room)
    of_page = [0] * len(quads)

    def cut(picture: Tensor) -> list[Tensor]:
        buckets = line_crops.cut_lines([picture], of_page, quads, 48, room, torch.float16)
        return [bucket.pictures for bucket in buckets]

    small = (round(0.45 * height), round(0.45 * width))
    grown = (-(-small[0] // 128) * 128, -(-small[1] // 128) * 128)

    def detector_input(picture: Tensor) -> Tensor:
        return network_input.page_input([picture], [small], *grown, torch.float16)

    def warped(picture: Tensor) -> Tensor:
        scale = np.diag([0.45, 0.45, 1.0])
        return resample.warped_input(picture, scale @ turn, 1.0, small, grown, WHITE, torch.float16)

    maps = text_maps(quads / 2, height // 2, width // 2)

    def regions(probability: Tensor) -> list[Tensor]:
        found = text_regions.text_regions(probability, [maps.shape[1:]], RULE)
        return [torch.from_numpy(quads) for quads in found]

    return [
        Case(
            "packed_input",
            network_input.packed_input,
            (packed, torch.full((4,), packed.shape[2], dtype=torch.int32)),
            5.0 * packed.numel(),
            1e-5,
        ),
        Case("cut_lines", cut, (page,), 3 * areas + 6.0 * cropped, 2.5 / 127.5),
        Case("components.label", components.label, (maps > RULE.text,), 5.0 * maps.numel(), 0),
        Case("text_regions", regions, (maps,), 4.0 * maps.numel(), 1e-3),
        Case("ctc.best_two", ctc.best_two, (logits,), 2.0 * logits.numel(), 1e-3),
        Case(
            "ctc.head",
            ctc.head,
            (features, weight, torch.zeros(CLASSES).half()),
            2.0 * (features.numel() + weight.numel()),
            1e-2,
        ),
        Case(
            "ctc.collapse",
            ctc.collapse,
            (ids, torch.rand(ids.shape), lengths),
            8.0 * ids.numel() * 3,
            1e-6,
        ),
        Case(
            "warp_perspective",
            resample.warp_perspective,
            (page, turn, (height, width), WHITE),
            6.0 * pixels,
            2,
        ),
        Case(
            "warp_mesh",
            resample.warp_mesh,
            (page, nodes, 32.0, (height, width), WHITE),
            6.0 * pixels,
            2,
        ),
        Case(
            "warped_input",
            warped,
            (page,),
            3.0 * pixels + 6.0 * small[0] * small[1],
            2.5 / 127.5,
        ),
        Case(
            "page_input",
            detector_input,
            (page,),
            3.0 * pixels + 6.0 * small[0] * small[1],
            2.5 / 127.5,
        ),
        Case(
            "resize",
            resize.resize,
            (page, *small),
            3.0 * (pixels + small[0] * small[1]),
            1,
        ),
        Case("closing", morphology.closing, (page, (9, 9)), 6.0 * pixels, 0),  # in four passes
        Case("opening of rulings", morphology.opening, (grey, (1, 101)), 2.0 * pixels, 0),  # in two
        Case(
            "flatten",
            illumination.flatten,
            (page, page[::16, ::16].clamp(min=1), 0.1),
            6.0 * pixels,
            2,
        ),
        Case("sauvola", threshold.sauvola, (grey, 31, 0.2, 60, 200), 2.0 * pixels, 1),
        Case("darker", threshold.darker, (grey, 31, 15), 2.0 * pixels, 0),
        Case("remove_specks", denoise.remove_specks, (grey > 99,), 2.0 * pixels, 0),
        Case("median", denoise.median, (page, 3), 6.0 * pixels, 0),
        Case("bilateral", denoise.bilateral, (page, 2, 30.0, 1.5), 6.0 * pixels, 1),
        Case("sharpen", denoise.sharpen, (page, 0.7), 6.0 * pixels, 1),
    ]


def line_quads(height: int, width: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Lines of a dense page, every other one slightly slanted."""
    tops = np.arange(0.03, 0.95, 0.0125) * height
    quads = []
    for number, top in enumerate(tops):
        lean = 2.0 * (number % 2)
        left, right, down = 0.06 * width, (0.6 + 0.3 * (number % 5) / 4) * width, 0.011 * height
        quads.append(
            [(left, top), (right, top + lean), (right, top + lean + down), (left, top + down)]
        )
    return np.array(quads)


def text_maps(quads: np.ndarray[Any, np.dtype[np.float64]], height: int, width: int) -> Tensor:
    """What a detector says of lines, `[1, height, width]`."""
    maps = torch.rand(1, height, width, generator=torch.manual_seed(7)) * 0.25
    for (left, top), _, (right, bottom), _ in np.rint(quads).astype(int).tolist():
        maps[0, top + 2 : bottom - 1, left:right] += 0.5
    return maps


def mesh(height: int, width: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """A slightly bent sheet, a node every 32 pixels."""
    rows, columns = (-(-side // 32) + 1 for side in (height, width))
    y, x = np.mgrid[0:rows, 0:columns] * 32.0
    return np.stack([x, y + 8 * np.sin(x / width * 3)], axis=2)


def difference(expected: Any, found: Any) -> float:
    """The largest difference of two results, tensors or sequences of them."""
    if isinstance(expected, Tensor):
        if expected.shape != found.shape:
            raise ValueError(f"shapes {tuple(expected.shape)} and {tuple(found.shape)}")
        return (
            float((expected.double() - found.cpu().double()).abs().max())
            if expected.numel()
            else 0.0
        )
    return max((difference(a, b) for a, b in zip(expected, found, strict=True)), default=0.0)


def _move(arguments: Sequence[Any], device: torch.device) -> tuple[Any, ...]:
    return tuple(a.to(device) if isinstance(a, Tensor) else a for a in arguments)
