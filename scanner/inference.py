"""The two networks as the stages of a page see them: pictures go in, what they show comes out.

Stages name no engine and no device. Here is what looks with an engine of this process;
`scanner.device` has what asks another process that looks at the pictures of many pages at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch

from gpu_ops.ctc import collapse, doubts
from gpu_ops.network_input import network_input, page_input
from gpu_ops.text_regions import Rule, text_regions
from scanner.models.recogniser import HEIGHT, STEP
from scanner.runtime import Engine
from scanner.words.ctc import LEAST_ODDS, Decoded, split_lines
from scanner.words.line_batches import form_batches

Pixels = npt.NDArray[np.uint8]
Quads = npt.NDArray[np.float64]

RULE = Rule(text=0.3, sure=0.5, unclip=1.6)
"""What the maps of PP-OCR's detectors call text."""

MULTIPLE = 32
"""Sides of the pictures that a detector takes are multiples of this."""


class TextFinder(Protocol):
    """Where text is; may be called from several threads at a time."""

    def __call__(self, pictures: Sequence[Pixels]) -> list[Quads]:
        """For each picture, RGB or grey, the rectangles around text: `[n, 4, 2]`, x and y.

        They are clockwise from the corner that is top left when the picture is upright.
        """
        ...


class LineReader(Protocol):
    """What lines say; may be called from several threads at a time."""

    def __call__(self, pictures: Sequence[Pixels]) -> list[Decoded]:
        """For each picture of a line, 48 pixels high, RGB or grey, its characters.

        What a line says does not depend on the lines that are read with it.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class EngineFinder:
    """Finds text with an engine, one picture after the other."""

    engine: Engine

    def __call__(self, pictures: Sequence[Pixels]) -> list[Quads]:
        found: list[Quads] = []
        for picture in pictures:
            height, width = grown(picture.shape, MULTIPLE)
            size = (picture.shape[0], picture.shape[1])
            batch = page_input([torch.from_numpy(picture)], [size], height, width)
            (maps,) = self.engine(batch)
            found += text_regions(maps[:, 0], [size], RULE)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class EngineReader:
    """Reads lines with an engine, those of like width in one batch.

    With several `threads` as many batches are read side by side, each by one thread: that loses
    nothing to threads that wait for each other.
    """

    engine: Engine
    threads: int = 1
    _pool: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        # PyTorch's number of threads is that of the thread it is set in.
        pool = ThreadPoolExecutor(self.threads, initializer=torch.set_num_threads, initargs=(1,))
        object.__setattr__(self, "_pool", pool)

    def __call__(self, pictures: Sequence[Pixels]) -> list[Decoded]:
        widths = [picture.shape[1] for picture in pictures]
        batches = list(form_batches(widths))[::-1]  # the longest first

        def read(width: int, batch: list[int]) -> list[Decoded]:
            tensors = [torch.from_numpy(pictures[index]) for index in batch]
            outputs = self.engine(network_input(tensors, HEIGHT, width))
            return decode(outputs, line_steps([widths[index] for index in batch]))

        side_by_side = 1 < self.threads <= len(batches)
        lines = (self._pool.map if side_by_side else map)(
            read, [width for width, _ in batches], [batch for _, batch in batches]
        )
        found = {
            index: line
            for (_, batch), of_batch in zip(batches, lines, strict=True)
            for index, line in zip(batch, of_batch, strict=True)
        }
        return [found[index] for index in range(len(pictures))]


def grown(size: tuple[int, ...], grain: int) -> tuple[int, int]:
    """Height and width of a picture of a size, each up to the next multiple of `grain`."""
    height, width = size[:2]
    return -(-height // grain) * grain, -(-width // grain) * grain


def decode(outputs: Sequence[torch.Tensor], steps: torch.Tensor) -> list[Decoded]:
    """The lines of a batch from what the recogniser gives (`models.recogniser.best_two`)."""
    ids, probability, others, odds = outputs
    steps = steps.to(ids.device, non_blocking=True)
    doubtful = doubts(others, odds, steps, LEAST_ODDS)
    return split_lines(collapse(ids.int(), probability, steps), doubtful)


def line_steps(widths: Sequence[int]) -> torch.Tensor:
    """How many steps of the recogniser lines of these widths have, int32; the rest is padding."""
    return torch.tensor([-(-width // STEP) for width in widths], dtype=torch.int32)
