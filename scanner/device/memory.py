"""Memory that several processes see, in slots of one size, and pictures in it."""

from __future__ import annotations

import mmap
import os
import sys
import tempfile
from collections.abc import Sequence
from math import prod
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scanner.device.address import SLOT

Pixels = npt.NDArray[np.uint8]

_ALIGNED = 64


class SharedMemory:
    """Slots of `SLOT` bytes; a file without a name where the system has those (Linux).

    Such a file needs no room in /dev/shm, which containers keep small, and is gone with the last
    process that has it open.
    """

    def __init__(self, path: str, slots: int, *, made: int | None = None) -> None:
        """Open the memory that `make` made, which has its file open as the number `made`."""
        self.path = path
        self._made = made
        with Path(path).open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), slots * SLOT)
        self._bytes = np.frombuffer(self._map, dtype=np.uint8).reshape(slots, SLOT)

    @classmethod
    def make(cls, slots: int) -> SharedMemory:
        """New memory; it takes room only as far as it is written to."""
        if sys.platform == "linux":
            number = os.memfd_create("scanner-slots")
            path = f"/proc/{os.getpid()}/fd/{number}"
        else:
            number, path = tempfile.mkstemp(prefix="scanner-slots-")
        os.truncate(number, slots * SLOT)
        return cls(path, slots, made=number)

    def pictures(self, slot: int, shapes: Sequence[tuple[int, ...]]) -> list[Pixels]:
        """Pictures of these shapes in a slot, one after the other; they must fit into it."""
        found, start = [], 0
        for shape in shapes:
            found.append(self._bytes[slot, start : start + prod(shape)].reshape(shape))
            start += _aligned(prod(shape))
        return found

    def close(self) -> None:
        """Let nobody else open it: of the memory's maker. Who has it open keeps it."""
        if self._made is None:
            return
        os.close(self._made)
        self._made = None
        if sys.platform != "linux":
            Path(self.path).unlink(missing_ok=True)


def packed_size(shapes: Sequence[tuple[int, ...]]) -> int:
    """The bytes that pictures of these shapes take in a slot."""
    return sum(_aligned(prod(shape)) for shape in shapes)


def _aligned(size: int) -> int:
    return -(-size // _ALIGNED) * _ALIGNED
