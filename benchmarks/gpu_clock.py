"""Timing on a device, within a share of time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

import torch

Row = dict[str, Any]

ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Clock:
    """A device, when its time is over, and the size of pages (1 is A4 at 300 dpi)."""

    device: torch.device
    deadline: float
    size: float

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return max(0.0, self.deadline - time.monotonic())

    def time(self, run: Callable[[], object]) -> float:
        """The median seconds of a call, after two that are not counted.

        On a GPU that is until its work is done; as many calls as there is time for.
        """
        for _ in range(2):
            run()
        self.wait()
        found: list[float] = []
        until = time.monotonic() + min(2.0, self.left / 20)
        while len(found) < ROUNDS and (not found or time.monotonic() < until):
            started = time.perf_counter()
            run()
            self.wait()
            found.append(time.perf_counter() - started)
        return median(found)

    def wait(self) -> None:
        """Until the device has nothing to do."""
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)

    def copy_rate(self) -> float:
        """Bytes read and written a second by a plain copy on the device."""
        size = 2**30 if self.device.type == "cuda" else 2**26
        source = torch.zeros(size, dtype=torch.uint8, device=self.device)
        target = torch.empty_like(source)
        return 2 * size / self.time(lambda: target.copy_(source))


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """A row that says what is to be looked at, and what writes into it what was found."""

    row: Row
    fill: Callable[[Row], None]


Part = Callable[[Clock], Iterator[Job]]
"""The jobs of a part; each stands for itself, so that any may be left out."""
