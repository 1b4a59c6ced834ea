"""The two networks on a device, a batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import torch

from gpu_ops.network_input import fill
from gpu_ops.text_regions import text_regions
from scanner.device.lanes import Lane
from scanner.inference import (
    RULE,
    LineReader,
    Quads,
    TextFinder,
    decode,
    grown,
    line_steps,
)
from scanner.models.recogniser import HEIGHT
from scanner.runtime import Engine
from scanner.words.ctc import Decoded
from scanner.words.line_batches import padded

Pixels = npt.NDArray[np.uint8]


@dataclass(eq=False)
class FinderBatches:
    """Finds text on pages; those that are of one size once padded share a batch.

    `spare` makes what looks at a page that the device has no room for.
    """

    engine: Engine
    lane: Lane
    spare: Callable[[], TextFinder]

    def kind(self, picture: Pixels) -> tuple[int, int]:
        """The height and width of the padded picture."""
        return grown(picture.shape, self.lane.grain)

    def most(self, picture: Pixels) -> int:
        """As many as the device takes pixels at a time."""
        height, width = self.kind(picture)
        return self.lane.most(self.lane.page_pixels // (height * width))

    def begin(self, pictures: Sequence[Pixels]) -> Callable[[], list[Quads]]:
        """Begin a batch of pictures of one kind."""
        height, width = self.kind(pictures[0])
        sizes = [(picture.shape[0], picture.shape[1]) for picture in pictures]
        with self.lane.computing():
            filled = [fill(torch.from_numpy(p), height, width).numpy() for p in pictures]
            (maps,) = self.engine(self.lane.feed(filled, height, width))
            begun = self.lane.begun()

        def wait() -> list[Quads]:
            with begun():
                return text_regions(maps[: len(sizes), 0], sizes, RULE)

        return wait

    def elsewhere(self, picture: Pixels) -> Quads:
        """Where text is on one picture, by the processor."""
        return self._spare([picture])[0]

    @cached_property
    def _spare(self) -> TextFinder:
        return self.spare()


@dataclass(eq=False)
class ReaderBatches:
    """Reads lines; those that are padded to one width share a batch, whatever page they are from.

    `spare` makes what reads a line that the device has no room for.
    """

    engine: Engine
    lane: Lane
    spare: Callable[[], LineReader]

    def kind(self, picture: Pixels) -> int:
        """The width of the padded picture."""
        return padded(picture.shape[1])

    def most(self, picture: Pixels) -> int:
        """As many as the device takes pixels of width at a time."""
        return self.lane.most(self.lane.line_width // self.kind(picture))

    def begin(self, pictures: Sequence[Pixels]) -> Callable[[], list[Decoded]]:
        """Begin a batch of pictures of one kind; only what lines say comes back."""
        width, count = self.kind(pictures[0]), len(pictures)
        steps = line_steps([picture.shape[1] for picture in pictures])
        with self.lane.computing():
            outputs = self.engine(self.lane.feed(pictures, HEIGHT, width))
            begun = self.lane.begun()

        def wait() -> list[Decoded]:
            with begun():
                return decode([output[:count] for output in outputs], steps)

        return wait

    def elsewhere(self, picture: Pixels) -> Decoded:
        """What one line says, by the processor."""
        return self._spare([picture])[0]

    @cached_property
    def _spare(self) -> LineReader:
        return self.spare()
