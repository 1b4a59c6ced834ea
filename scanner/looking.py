"""The two networks as the stages of a page see them: pictures go in, what they show comes out.

Stages name no engine and no device. Here is what looks with an engine of this process;
`scanner.device` has what asks another process that looks at the pictures of many pages at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch

from gpu_ops.ctc import collapse, doubts
from gpu_ops.network_input import network_input
from scanner.ctc import LEAST_ODDS, Decoded, split_lines
from scanner.line_batches import form_batches
from scanner.models.recogniser import HEIGHT, STEP
from scanner.runtime import Engine

Pixels = npt.NDArray[np.uint8]
Map = npt.NDArray[np.float32]


class TextFinder(Protocol):
    """Where text is; may be called from several threads at a time."""

    def __call__(self, pictures: Sequence[Pixels]) -> list[Map]:
        """For each picture the probability of text, `[height, width]`.

        Pictures are RGB `[height, width, 3]` or grey `[height, width]`, their sides multiples
        of 32.
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

    def __call__(self, pictures: Sequence[Pixels]) -> list[Map]:
        found = []
        for picture in pictures:
            tensor = torch.from_numpy(picture)
            (maps,) = self.engine(network_input([tensor], *tensor.shape[:2]))
            found.append(maps[0, 0].numpy(force=True))
        return found


@dataclass(frozen=True, slots=True, eq=False)
class EngineReader:
    """Reads lines with an engine, those of like width in one batch."""

    engine: Engine

    def __call__(self, pictures: Sequence[Pixels]) -> list[Decoded]:
        found: dict[int, Decoded] = {}
        widths = [picture.shape[1] for picture in pictures]
        for width, batch in form_batches(widths):
            tensors = [torch.from_numpy(pictures[index]) for index in batch]
            outputs = self.engine(network_input(tensors, HEIGHT, width))
            lines = decode(outputs, line_steps([widths[index] for index in batch]))
            found.update(zip(batch, lines, strict=True))
        return [found[index] for index in range(len(pictures))]


def decode(outputs: Sequence[torch.Tensor], steps: torch.Tensor) -> list[Decoded]:
    """The lines of a batch from what the recogniser gives (`models.recogniser.best_two`)."""
    ids, probability, others, odds = outputs
    steps = steps.to(ids.device)
    doubtful = doubts(others, odds, steps, LEAST_ODDS)
    return split_lines(collapse(ids.int(), probability, steps), doubtful)


def line_steps(widths: Sequence[int]) -> torch.Tensor:
    """How many steps of the recogniser lines of these widths have, int32; the rest is padding."""
    return torch.tensor([-(-width // STEP) for width in widths], dtype=torch.int32)
