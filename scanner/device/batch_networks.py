"""The two networks on a device, a batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from gpu_ops.ctc import Characters, collapse, doubts
from scanner.ctc import LEAST_ODDS, Decoded, split_lines
from scanner.device.lanes import Lane
from scanner.line_batches import padded
from scanner.looking import LineReader, Map, TextFinder, line_steps
from scanner.models.recogniser import HEIGHT
from scanner.runtime import Engine

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
        grain = self.lane.grain
        height, width = (-(-side // grain) * grain for side in picture.shape[:2])
        return height, width

    def most(self, picture: Pixels) -> int:
        """As many as the device takes pixels at a time."""
        height, width = self.kind(picture)
        return _power_of_two(self.lane.page_pixels // (height * width))

    def begin(self, pictures: Sequence[Pixels]) -> Callable[[], list[Map]]:
        """Begin a batch of pictures of one kind."""
        height, width = self.kind(pictures[0])
        with self.lane.computing():
            filled = [_fill(picture, height, width) for picture in pictures]
            (maps,) = self.engine(self.lane.feed(filled, height, width))
            fetched = self.lane.fetch((maps[: len(pictures), 0],))
        sizes = [picture.shape[:2] for picture in pictures]

        def wait() -> list[Map]:
            (found,) = fetched()
            return [m.numpy()[:high, :wide] for m, (high, wide) in zip(found, sizes, strict=True)]

        return wait

    def elsewhere(self, picture: Pixels) -> Map:
        """The map of one picture, by the processor."""
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
        return _power_of_two(self.lane.line_width // self.kind(picture))

    def begin(self, pictures: Sequence[Pixels]) -> Callable[[], list[Decoded]]:
        """Begin a batch of pictures of one kind; only the best two classes are copied."""
        width, count = self.kind(pictures[0]), len(pictures)
        steps = line_steps([picture.shape[1] for picture in pictures])
        with self.lane.computing():
            outputs = self.engine(self.lane.feed(pictures, HEIGHT, width))
            ids, probability, others, odds = (output[:count] for output in outputs)
            there = steps.to(self.lane.device, non_blocking=True)
            found = collapse(ids.int(), probability, there)
            fetched = self.lane.fetch((*found, others.int(), odds))

        def wait() -> list[Decoded]:
            # How many steps are in doubt is known only when the batch is done, so they are looked
            # for here: nobody waits for it who has other batches to begin.
            *characters, seconds, chances = fetched()
            doubtful = doubts(seconds, chances, steps, LEAST_ODDS)
            return split_lines(Characters(*characters), doubtful)

        return wait

    def elsewhere(self, picture: Pixels) -> Decoded:
        """What one line says, by the processor."""
        return self._spare([picture])[0]

    @cached_property
    def _spare(self) -> LineReader:
        return self.spare()


def _power_of_two(limit: int) -> int:
    """The largest power of two that is no more than the limit, 1 at least."""
    return 1 << (max(1, limit).bit_length() - 1)


def _fill(picture: Pixels, height: int, width: int) -> Pixels:
    """The picture with its last row and column repeated up to a size."""
    down, right = height - picture.shape[0], width - picture.shape[1]
    if not down and not right:
        return picture
    filled = cv2.copyMakeBorder(picture, 0, down, 0, right, cv2.BORDER_REPLICATE)
    return np.asarray(filled, dtype=np.uint8)
