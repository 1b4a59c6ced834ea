"""The two networks as the stages of a page see them: pictures go in, what they show comes out.

Stages name no engine and no device. Here is what looks with an engine of this process;
`scanner.device` has what asks another process that looks at the pictures of many pages at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt
import torch

from gpu_ops.ctc import collapse, doubts
from gpu_ops.network_input import network_input
from gpu_ops.text_regions import Rule, text_regions
from scanner.ctc import LEAST_ODDS, Decoded, split_lines
from scanner.line_batches import form_batches
from scanner.models.recogniser import HEIGHT, STEP
from scanner.runtime import Engine

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
            height, width = grown(picture, MULTIPLE)
            tensor = torch.from_numpy(fill(picture, height, width))
            (maps,) = self.engine(network_input([tensor], height, width))
            found += text_regions(maps[:, 0], [picture.shape[:2]], RULE)
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


def grown(picture: Pixels, grain: int) -> tuple[int, int]:
    """Height and width of a picture, each up to the next multiple of `grain`."""
    height, width = picture.shape[:2]
    return -(-height // grain) * grain, -(-width // grain) * grain


def fill(picture: Pixels, height: int, width: int) -> Pixels:
    """The picture with its last row and column repeated up to a size."""
    down, right = height - picture.shape[0], width - picture.shape[1]
    if not down and not right:
        return picture
    filled = cv2.copyMakeBorder(picture, 0, down, 0, right, cv2.BORDER_REPLICATE)
    return np.asarray(filled, dtype=np.uint8)


def decode(outputs: Sequence[torch.Tensor], steps: torch.Tensor) -> list[Decoded]:
    """The lines of a batch from what the recogniser gives (`models.recogniser.best_two`)."""
    ids, probability, others, odds = outputs
    steps = steps.to(ids.device)
    doubtful = doubts(others, odds, steps, LEAST_ODDS)
    return split_lines(collapse(ids.int(), probability, steps), doubtful)


def line_steps(widths: Sequence[int]) -> torch.Tensor:
    """How many steps of the recogniser lines of these widths have, int32; the rest is padding."""
    return torch.tensor([-(-width // STEP) for width in widths], dtype=torch.int32)
