"""The process that runs the networks for all others.

Others find text and read lines by it: they write pictures into a slot of shared memory and get
back rectangles around text, or the characters of lines. Pictures of all of them share batches.
Whoever finds no slot free waits, so what is under way has a bound.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from functools import cache, partial
from multiprocessing.connection import Connection, Listener
from typing import Any, Self

import torch

from scanner.device.address import Address
from scanner.device.batch_networks import FinderBatches, ReaderBatches
from scanner.device.combiner import BatchNetwork, Combiner
from scanner.device.lanes import make_lane
from scanner.device.memory import SharedMemory
from scanner.device.slots import Slots, SlotsClosedError
from scanner.inference import EngineFinder, EngineReader
from scanner.networks import Engines, load_engines
from scanner.options import Options

log = logging.getLogger(__name__)

_BACKLOG = 256


class Network(Enum):
    """Which of the two networks is asked."""

    FINDER = "finder"
    READER = "reader"


@dataclass(frozen=True, slots=True)
class Question:
    """Pictures of these shapes are to be looked at."""

    network: Network
    shapes: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why there is no answer."""

    message: str


@dataclass(frozen=True, slots=True, eq=False)
class Networks:
    """What a server runs: the two networks, and the text of each of the reader's classes."""

    finder: FinderBatches
    reader: ReaderBatches
    characters: tuple[str, ...]


def load_networks(device: torch.device, options: Options) -> Networks:
    """Both networks on a device; raises `WeightsError` and `UsageError`."""
    lane, engines = make_lane(device), load_engines(options, device)

    @cache
    def spare() -> Engines:
        """What the device has no room for is left to the processor, which is seldom."""
        half = options.precision == "float16"  # not for processors
        return load_engines(options.model_copy(update={"precision": None}) if half else options)

    return Networks(
        FinderBatches(engines.detector, lane, lambda: EngineFinder(spare().detector)),
        ReaderBatches(engines.recogniser, lane, lambda: EngineReader(spare().recogniser)),
        engines.characters,
    )


class Server:
    """Answers from its beginning to its end as a context manager, in threads of its own.

    `broken` is called where the device is at fault and will do nothing more for this process.
    """

    def __init__(
        self, networks: Networks, slots: int, broken: Callable[[], None] = lambda: None
    ) -> None:
        self._networks = networks
        self._broken = broken
        self._slots = Slots(slots)
        self._memory = SharedMemory.make(slots)
        self._combiner = Combiner()
        key = os.urandom(32)
        self._listener = Listener(backlog=_BACKLOG, authkey=key)
        self.address = Address(str(self._listener.address), key, self._memory.path, slots)

    def __enter__(self) -> Self:
        self._combiner.__enter__()
        threading.Thread(target=self._accept, name="accept", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._slots.close()
        self._combiner.close()
        self._listener.close()
        self._memory.close()

    def _accept(self) -> None:
        while True:
            try:
                connection = self._listener.accept()
            except OSError:
                return  # closed
            except Exception as error:  # a caller without the key, or one that went at once
                log.debug("a call was refused: %s", error)
                continue
            threading.Thread(target=partial(self._answer, connection), daemon=True).start()

    def _answer(self, connection: Connection[Any, Any]) -> None:
        """Answer one caller until it is gone; what it holds comes back then."""
        with connection, suppress(EOFError, OSError, SlotsClosedError):
            connection.send(self._networks.characters)
            while True:
                question = connection.recv()
                with self._slots.lease() as slot:
                    connection.send(slot)
                    connection.recv()  # the pictures are there
                    answer = self._look(slot, question)
                connection.send(answer)

    def _look(self, slot: int, question: Question) -> Any:
        """The answer to a question about the pictures in a slot."""
        finds = question.network is Network.FINDER
        network: BatchNetwork = self._networks.finder if finds else self._networks.reader
        try:
            pictures = self._memory.pictures(slot, question.shapes)
            return self._combiner.ask(network, pictures).result()
        except Exception as error:  # the caller's page fails; the others go on
            if isinstance(error, torch.AcceleratorError):
                log.exception("the device failed")
                self._broken()
            return Trouble(f"{type(error).__name__}: {error}")
