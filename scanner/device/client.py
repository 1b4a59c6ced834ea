"""The connection of a worker to the process that has the device, and the networks behind it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Client
from typing import Any

import numpy as np
import numpy.typing as npt

from scanner.device.address import SLOT, Address, DeviceLost, LeftToWorker
from scanner.device.memory import SharedMemory, packed_size
from scanner.device.requests import (
    Close,
    Network,
    OpenFile,
    OpenPixels,
    Question,
    Request,
    Shape,
    Trouble,
)
from scanner.inference import Quads
from scanner.words.ctc import Decoded

Pixels = npt.NDArray[np.uint8]


class Caller:
    """A connection to the process that has the device; one request at a time.

    It has one page open at a time: threads that share it take turns (`turn`), a page each. Its
    making and every request raise `DeviceLost` when that process is gone.
    """

    def __init__(self, address: Address) -> None:
        self.turn = threading.Lock()
        self._lock = threading.Lock()
        self._slot = 0
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
        answer = self._exchange(Question(network, shapes), pictures)
        if isinstance(answer, Trouble):
            raise RuntimeError(answer.message)
        return list(answer)

    def bring(self, request: OpenFile | OpenPixels, data: Pixels) -> Any:
        """The answer to a request about bytes; raises `LeftToWorker` where there is none."""
        try:
            return _unless_trouble(self._exchange(request, [data]))
        except ValueError as error:
            raise LeftToWorker(str(error)) from error

    def tell(self, request: Request) -> Any:
        """The answer to a request about the open page; raises `LeftToWorker` without one."""
        return _unless_trouble(self._exchange(request))

    def seen(self, shapes: Sequence[Shape]) -> list[Pixels]:
        """The pictures that the last answer left in the open page's slot."""
        return self._memory.pictures(self._slot, shapes)

    def close_page(self) -> None:
        """Let the next page of anybody have the place of the open one."""
        with self._lock:
            self._talk(lambda: self._connection.send(Close()))

    def _exchange(self, request: Request, pictures: Sequence[Pixels] = ()) -> Any:
        shapes = [picture.shape for picture in pictures]
        if packed_size(shapes) > SLOT:
            raise ValueError("the pictures are larger than a slot")

        def talk() -> Any:
            self._connection.send(request)
            if pictures:
                self._slot = self._connection.recv()
                places = self._memory.pictures(self._slot, shapes)
                for place, picture in zip(places, pictures, strict=True):
                    place[:] = picture
                self._connection.send(None)
            return self._connection.recv()

        with self._lock:
            return self._talk(talk)

    def _talk(self, talk: Callable[[], Any]) -> Any:
        try:
            return talk()
        except (EOFError, OSError) as error:
            raise DeviceLost from error


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


def _unless_trouble(answer: Any) -> Any:
    if isinstance(answer, Trouble):
        raise LeftToWorker(answer.message)
    return answer


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
