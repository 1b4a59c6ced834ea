"""The process that has the device, for all others.

It answers from its beginning to its end, each caller in a thread of its own. What callers ask is
put into batches with what others ask. A caller opens a page, which gets a slot: room in shared
memory and on the device, and has text found and lines read on it there; or it asks about single
pictures that it has, which it writes into a slot. Whoever finds no slot free waits, so what is
under way has a bound.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from math import prod
from multiprocessing.connection import Connection, Listener
from typing import Any, Self

import torch
from torch import Tensor

from scanner.device.address import SLOT, Address
from scanner.device.batch_networks import FinderBatches, ReaderBatches
from scanner.device.combiner import BatchNetwork, Combiner
from scanner.device.lanes import Lane, make_lane
from scanner.device.memory import SharedMemory
from scanner.device.pages import (
    File,
    FileBatches,
    LeftToWorkerError,
    PageFinderBatches,
    PageLines,
    PageMemory,
    PageReaderBatches,
    PageText,
    Scaled,
    part_of,
)
from scanner.device.requests import (
    Close,
    Find,
    Lines,
    Network,
    Opened,
    OpenFile,
    OpenPixels,
    Part,
    Question,
    Read,
    Request,
    Resample,
    Trouble,
    pack_lines,
)
from scanner.device.slots import Slots, SlotsClosedError
from scanner.inference import EngineFinder, EngineReader
from scanner.networks import Engines, load_engines
from scanner.options import Options
from scanner.plate import SMALL, scaled_size
from scanner.resampling import resample
from scanner.runtime import Precision

log = logging.getLogger(__name__)

_BACKLOG = 256


@dataclass(frozen=True, slots=True, eq=False)
class Networks:
    """What a server runs: the two networks on pictures and on pages, and the reader's classes."""

    lane: Lane
    finder: BatchNetwork
    reader: BatchNetwork
    page_finder: BatchNetwork
    page_reader: BatchNetwork
    characters: tuple[str, ...]


def load_networks(device: torch.device, options: Options) -> Networks:
    """Both networks on a device; raises `WeightsError` and `UsageError`."""
    lane, engines = make_lane(device), load_engines(options, device)

    @cache
    def spare() -> Engines:
        """What the device has no room for is left to the processor, which is seldom."""
        half = options.precision == "float16"  # not for processors
        return load_engines(options.model_copy(update={"precision": None}) if half else options)

    half = engines.recogniser.precision is Precision.FLOAT16
    dtype = torch.float16 if half else torch.float32
    return Networks(
        lane,
        FinderBatches(engines.detector, lane, lambda: EngineFinder(spare().detector)),
        ReaderBatches(engines.recogniser, lane, lambda: EngineReader(spare().recogniser)),
        PageFinderBatches(engines.detector, lane, dtype),
        PageReaderBatches(engines.recogniser, lane, dtype),
        engines.characters,
    )


class Server:
    """Answers from its beginning to its end as a context manager, in threads of its own.

    `broken` is called where the device is at fault and will do nothing more for this process.
    """

    def __init__(
        self, networks: Networks, slots: int, broken: Callable[[], None] = lambda: None
    ) -> None:
        self.networks = networks
        self.broken = broken
        self.slots = Slots(slots)
        self.shared = SharedMemory.make(slots)
        self.pages = PageMemory(networks.lane.device, slots)
        self.files = FileBatches(self.pages, networks.lane)
        self.combiner, self.decoding = Combiner(), Combiner()
        key = os.urandom(32)
        self._listener = Listener(backlog=_BACKLOG, authkey=key)
        self.address = Address(str(self._listener.address), key, self.shared.path, slots)

    def __enter__(self) -> Self:
        self.combiner.__enter__()
        self.decoding.__enter__()
        threading.Thread(target=self._accept, name="accept", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.slots.close()
        self.decoding.close()
        self.combiner.close()
        self._listener.close()
        self.shared.close()

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
            connection.send(self.networks.characters)
            with Caller(self, connection) as caller:
                while True:
                    caller.answer(connection.recv())


class Caller:
    """Whoever is at the other end of a connection, and the page that it has open."""

    def __init__(self, server: Server, connection: Connection[Any, Any]) -> None:
        self._server = server
        self._connection = connection
        self._held = ExitStack()
        self._slot: int | None = None
        self._pages: dict[int, Tensor] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def answer(self, request: Request) -> None:
        """Answer one request; what goes wrong is the answer, and the others go on."""
        match request:
            case Close():
                self._close()
            case OpenFile() | OpenPixels():
                self._close()
                self._slot = self._held.enter_context(self._server.slots.lease())
                self._filled(self._slot)
                self._reply(self._slot, request)
            case Question():
                with self._own_slot() as slot:
                    self._filled(slot)
                    self._reply(slot, request)
            case _ if self._slot is not None:
                self._reply(self._slot, request)
            case _:
                self._connection.send(Trouble("no page is open"))

    def _close(self) -> None:
        self._held.close()
        self._slot = None
        self._pages.clear()

    @contextmanager
    def _own_slot(self) -> Iterator[int]:
        """The slot of the open page, or one for a single question."""
        if self._slot is not None:
            yield self._slot
            return
        with self._server.slots.lease() as slot:
            yield slot

    def _filled(self, slot: int) -> None:
        """Have the caller write into its slot."""
        self._connection.send(slot)
        self._connection.recv()

    def _reply(self, slot: int, request: Request) -> None:
        try:
            answer = self._answer_to(slot, request)
        except Exception as error:  # the caller's page fails; the others go on
            if isinstance(error, torch.AcceleratorError):
                log.exception("the device failed")
                self._server.broken()
            answer = Trouble(f"{type(error).__name__}: {error}")
        self._connection.send(answer)

    def _answer_to(self, slot: int, request: Request) -> Any:
        networks, lane = self._server.networks, self._server.networks.lane
        match request:
            case Question(network, shapes):
                pictures = self._server.shared.pictures(slot, shapes)
                asked = networks.finder if network is Network.FINDER else networks.reader
                return self._server.combiner.ask(asked, pictures).result()
            case OpenFile(length):
                (data,) = self._server.shared.pictures(slot, [(length,)])
                file = File(data.tobytes(), slot)
                (found,) = self._server.decoding.ask(self._server.files, [file]).result()
                if not isinstance(found, Tensor):
                    raise found
                return self._opened(slot, found, 0)
            case OpenPixels(shape):
                (pixels,) = self._server.shared.pictures(slot, [shape])
                with lane.at_once():
                    page = self._server.pages.keep(slot, 0, torch.from_numpy(pixels))
                return self._opened(slot, page, 0)
            case Resample(place, way, size, paper):
                with lane.at_once():
                    flat = resample(self._page(place), way, size, paper)
                    page = self._server.pages.keep(slot, 1 - place, flat)
                return self._opened(slot, page, 1 - place)
            case Find(place, scale):
                page = self._page(place)
                look = Scaled(page, scaled_size(page.shape, scale))
                return self._server.combiner.ask(networks.page_finder, [look]).result()[0]
            case Part(place, edges, scale):
                with lane.at_once():
                    return self._show(slot, part_of(self._page(place), edges, scale))
            case Read(place, quads):
                lines = PageLines(self._page(place), quads)
                (text,) = self._server.combiner.ask(networks.page_reader, [lines]).result()
                return self._lines(slot, text)
        raise ValueError(f"no request: {request}")

    def _page(self, place: int) -> Tensor:
        if place not in self._pages:
            raise LeftToWorkerError("the page could not be opened")
        return self._pages[place]

    def _opened(self, slot: int, page: Tensor, place: int) -> Opened:
        self._pages[place] = page
        scale = min(1.0, SMALL / max(page.shape))
        with self._server.networks.lane.at_once():
            small = self._show(slot, part_of(page, None, scale))
        return Opened(place, (page.shape[0], page.shape[1]), small)

    def _show(self, slot: int, picture: Tensor) -> tuple[int, ...]:
        """Let the caller see a picture in its slot; gives its shape."""
        shape = tuple(picture.shape)
        if prod(shape) > SLOT:
            raise LeftToWorkerError("the picture is larger than a slot")
        (place,) = self._server.shared.pictures(slot, [shape])
        torch.from_numpy(place).copy_(picture)
        return shape

    def _lines(self, slot: int, text: PageText) -> Lines:
        shapes = [tuple(pictures.shape) for _, pictures in text.pictures]
        if sum(map(prod, shapes)) > SLOT - 64 * len(shapes):
            raise LeftToWorkerError("the pictures of the lines are larger than a slot")
        with self._server.networks.lane.at_once():
            places = self._server.shared.pictures(slot, shapes)
            for place, (_, pictures) in zip(places, text.pictures, strict=True):
                torch.from_numpy(place).copy_(pictures)
        rooms = tuple((pictures.shape[2], tuple(lines)) for lines, pictures in text.pictures)
        read = [index for index, line in enumerate(text.lines) if line is not None]
        return Lines(rooms, tuple(read), *pack_lines([line for line in text.lines if line]))
