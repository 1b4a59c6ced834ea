"""Networks that another process runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Client
from typing import Any

import numpy as np
import numpy.typing as npt

from scanner.device.address import SLOT, Address, DeviceLost
from scanner.device.memory import SharedMemory, packed_size
from scanner.device.server import Network, Question, Trouble
from scanner.inference import Quads
from scanner.words.ctc import Decoded

Pixels = npt.NDArray[np.uint8]


class Caller:
    """A connection to the process that runs the networks; one question at a time.

    Its making and every question raise `DeviceLost` when that process is gone.
    """

    def __init__(self, address: Address) -> None:
        self._lock = threading.Lock()
        try:
            self._connection = Client(address.listener, authkey=address.key)
            self._memory = SharedMemory(address.memory, address.slots)
            self.characters: tuple[str, ...] = self._connection.recv()
        except (EOFError, OSError) as error:
            raise DeviceLost from error

    def ask(self, network: Network, pictures: Sequence[Pixels]) -> list[Any]:
        """What the network sees in pictures that fit into one slot.

        Raises `RuntimeError` where it cannot look at them, `ValueError` where they do not fit.
        """
        shapes = tuple(picture.shape for picture in pictures)
        if packed_size(shapes) > SLOT:
            raise ValueError("the pictures are larger than a slot")
        with self._lock:
            try:
                self._connection.send(Question(network, shapes))
                slot = self._connection.recv()
                for place, picture in zip(
                    self._memory.pictures(slot, shapes), pictures, strict=True
                ):
                    place[:] = picture
                self._connection.send(None)
                answer = self._connection.recv()
            except (EOFError, OSError) as error:
                raise DeviceLost from error
        if isinstance(answer, Trouble):
            raise RuntimeError(answer.message)
        return list(answer)


@dataclass(frozen=True, slots=True, eq=False)
class RemoteFinder:
    """Finds text by a caller."""

    caller: Caller

    def __call__(self, pictures: Sequence[Pixels]) -> list[Quads]:
        return [q for part in _by_slot(pictures) for q in self.caller.ask(Network.FINDER, part)]


@dataclass(frozen=True, slots=True, eq=False)
class RemoteReader:
    """Reads lines by a caller."""

    caller: Caller

    def __call__(self, pictures: Sequence[Pixels]) -> list[Decoded]:
        return [d for part in _by_slot(pictures) for d in self.caller.ask(Network.READER, part)]


def _by_slot(pictures: Sequence[Pixels]) -> Iterator[list[Pixels]]:
    """The pictures in groups that fit into a slot."""
    part: list[Pixels] = []
    used = 0
    for picture in pictures:
        size = packed_size([picture.shape])
        if part and used + size > SLOT:
            yield part
            part, used = [], 0
        part.append(picture)
        used += size
    if part:
        yield part
