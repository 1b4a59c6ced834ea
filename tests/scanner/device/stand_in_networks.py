"""Networks that need no weights: what they see in a picture is its sum."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import torch

Pixels = npt.NDArray[np.uint8]


@dataclass(eq=False)
class Summing:
    """Pictures of one shape share batches of at most `limit`.

    Batches of more than `room` pictures find no memory. Pictures that hold `poison` fail. Batches
    wait for `gate`.
    """

    limit: int = 4
    room: int = 100
    poison: int = 255
    gate: threading.Event = field(default_factory=threading.Event)
    batches: list[list[int]] = field(default_factory=list)
    spared: list[int] = field(default_factory=list)

    def kind(self, picture: Pixels) -> tuple[int, ...]:
        return picture.shape

    def most(self, picture: Pixels) -> int:
        return self.limit

    def begin(self, pictures: Sequence[Pixels]) -> Callable[[], list[int]]:
        assert len({picture.shape for picture in pictures}) == 1
        assert self.gate.wait(30)
        if len(pictures) > self.room:
            raise torch.OutOfMemoryError("CUDA out of memory")
        if any((picture == self.poison).any() for picture in pictures):
            raise ValueError("this picture cannot be looked at")
        sums = [int(picture.sum()) for picture in pictures]
        self.batches.append(sums)
        return lambda: sums

    def elsewhere(self, picture: Pixels) -> int:
        self.spared.append(int(picture.sum()))
        return self.spared[-1]


def pictures(*values: int, size: int = 2) -> list[Pixels]:
    """Pictures of one pixel each, `size` bytes, with these values."""
    return [np.full((1, size), value, dtype=np.uint8) for value in values]
