"""Pages whose networks run together for all, against the same pages read one by one."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing import AuthenticationError
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch

from scanner.detect import LONGEST
from scanner.device.address import SLOT, DeviceLost
from scanner.device.client import Caller
from scanner.device.requests import Network
from scanner.device.server import Networks, Server, load_networks
from scanner.errors import StageError
from scanner.images import SourcePage
from scanner.options import Options
from scanner.pipeline import Models, ScannedPage, load_models, page_reader, scan_page
from scanner.sources import open_source
from table_restore.document import Document
from table_restore.export import render

Pixels = npt.NDArray[np.uint8]

SCANS = Path(__file__).parents[3] / "samples" / "scans"
NAMES = ("price_list.png", "receipt.jpg")
OPTIONS = Options(engine="eager", threads=1, orient=False)


@dataclass(eq=False)
class Watched:
    """A network that has room for `room` pictures, and notes how large its batches were.

    Its first batch waits until `hold` pictures were asked about.
    """

    network: Any
    room: int = 1000
    hold: int = 0
    asked: int = 0
    sizes: list[int] = field(default_factory=list)
    spared: int = 0

    def kind(self, picture: Pixels) -> Any:
        self.asked += 1
        return self.network.kind(picture)

    def most(self, picture: Pixels) -> int:
        return int(self.network.most(picture))

    def begin(self, pictures: Sequence[Pixels]) -> Callable[[], Sequence[Any]]:
        patience = time.monotonic() + 60
        while self.asked < self.hold:
            assert time.monotonic() < patience
            time.sleep(0.01)
        if len(pictures) > self.room:
            raise torch.OutOfMemoryError("CUDA out of memory")
        self.sizes.append(len(pictures))
        wait: Callable[[], Sequence[Any]] = self.network.begin(pictures)
        return wait

    def elsewhere(self, picture: Pixels) -> Any:
        self.spared += 1
        return self.network.elsewhere(picture)


@pytest.fixture(scope="module")
def networks() -> Networks:
    return load_networks(torch.device("cpu"), OPTIONS)


@pytest.fixture(scope="module")
def models() -> Models:
    return load_models(OPTIONS)


@pytest.fixture(scope="module")
def sources() -> list[SourcePage]:
    """A small table, the top of a receipt, and the table thrice more."""
    pages = []
    for name in NAMES:
        with open_source(SCANS / name, OPTIONS) as source:
            page = source.read(1)
            pages.append(replace(page, pixels=page.pixels[:640].contiguous()))
    return pages + pages[:1] * 3


@pytest.fixture(scope="module")
def expected(sources: list[SourcePage], models: Models) -> list[str]:
    pages = [scan_page(source, models, OPTIONS) for source in sources[: len(NAMES)]]
    table, receipt = (as_json(page) for page in pages)
    return [table, receipt, table, table, table]


def as_json(scanned: ScannedPage) -> str:
    """All that is known of a page: text, places, tables and their cells."""
    return render(Document("page", (scanned.page,)), "json").decode()


def read_together(server: Server, sources: Sequence[SourcePage], at_once: int) -> list[str]:
    """Read pages as so many workers do, each with a connection of its own."""

    def read(source: SourcePage) -> str:
        return as_json(page_reader(OPTIONS, server.address)(source))

    with ThreadPoolExecutor(at_once) as threads:
        return list(threads.map(read, sources))


def watched(networks: Networks, room: int = 1000) -> tuple[Networks, Watched, Watched]:
    finder, reader = Watched(networks.finder, room), Watched(networks.reader, room)
    return replace(networks, finder=finder, reader=reader), finder, reader


def test_pages_read_together_say_what_they_say_alone(
    networks: Networks, sources: list[SourcePage], expected: list[str]
) -> None:
    shared, finder, reader = watched(networks)
    # One worker waits for a slot. When four have asked, two of them have a picture of one size
    # besides the one that was begun with.
    finder.hold = 4
    with Server(shared, slots=4) as server:
        assert read_together(server, sources, at_once=len(sources)) == expected
    assert max(finder.sizes) > 1
    assert max(reader.sizes) > 1
    assert finder.spared == reader.spared == 0


@pytest.mark.parametrize("room", [0, 1])
def test_without_memory_pages_say_the_same(
    networks: Networks, sources: list[SourcePage], expected: list[str], room: int
) -> None:
    shared, finder, reader = watched(networks, room)
    with Server(shared, slots=2) as server:
        assert read_together(server, sources[:2], at_once=2) == expected[:2]
    assert set(finder.sizes + reader.sizes) <= {1}
    assert bool(finder.spared) == bool(reader.spared) == (room == 0)


def test_a_page_that_fails_fails_alone(
    networks: Networks, sources: list[SourcePage], expected: list[str]
) -> None:
    class Picky(Watched):
        def begin(self, pictures: Sequence[Pixels]) -> Callable[[], Sequence[Any]]:
            if any(picture.ndim == 3 and picture[0, 0, 1] == 0 for picture in pictures):
                raise ValueError("not this colour")
            return super().begin(pictures)

    red = sources[1].pixels.clone()
    red[..., 1] = 0
    pages = [sources[0], replace(sources[1], pixels=red), sources[0]]
    with Server(replace(networks, finder=Picky(networks.finder)), slots=3) as server:
        read = [partial(page_reader(OPTIONS, server.address), page) for page in pages]
        with ThreadPoolExecutor(3) as threads:
            found = [threads.submit(one) for one in read]
            with pytest.raises(StageError, match="ValueError: not this colour"):
                found[1].result()
            assert [as_json(found[n].result()) for n in (0, 2)] == expected[:1] * 2


def test_a_server_that_goes_is_noticed_by_whoever_asks(networks: Networks) -> None:
    with Server(networks, slots=1) as server:
        caller = Caller(server.address)
    with pytest.raises(DeviceLost):
        Caller(server.address)
    assert caller.characters == networks.characters


def test_whoever_waits_is_told_when_the_server_ends(networks: Networks) -> None:
    """One caller has the only slot and its network waits for ever; another waits for the slot."""
    shared, finder, _ = watched(networks)
    finder.hold = 10**6
    picture = np.zeros((32, 32), dtype=np.uint8)
    with ThreadPoolExecutor(2) as threads:
        with Server(shared, slots=1) as server:
            callers = [Caller(server.address) for _ in range(2)]
            waiting = [threads.submit(c.ask, Network.FINDER, [picture]) for c in callers]
            while not finder.asked:
                time.sleep(0.01)
            finder.hold = 0
            server._slots.close()
        ends = [future.exception(60) for future in waiting]
    assert sum(isinstance(end, DeviceLost) for end in ends) >= 1


def test_a_device_that_is_broken_is_given_up(networks: Networks) -> None:
    class Broken(Watched):
        def begin(self, pictures: Sequence[Pixels]) -> Callable[[], Sequence[Any]]:
            raise torch.AcceleratorError("CUDA error: an illegal memory access was encountered")

    told: list[bool] = []
    server = Server(
        replace(networks, finder=Broken(networks.finder)), 1, broken=lambda: told.append(True)
    )
    with server:
        caller = Caller(server.address)
        with pytest.raises(RuntimeError, match="illegal memory access"):
            caller.ask(Network.FINDER, [np.zeros((32, 32), dtype=np.uint8)])
        assert told == [True]
        with pytest.raises(ValueError, match="larger than a slot"):
            caller.ask(Network.READER, [np.zeros((48, SLOT // 48 + 99), dtype=np.uint8)])
        # Being refused costs nothing: the connection goes on.
        (line,) = caller.ask(Network.READER, [np.full((48, 64), 255, dtype=np.uint8)])
        assert len(line.kinds) == 0


def test_without_the_key_nothing_is_answered(networks: Networks) -> None:
    with Server(networks, slots=1) as server:
        with pytest.raises((DeviceLost, AuthenticationError)):
            Caller(replace(server.address, key=b"another"))
        assert Caller(server.address).characters == networks.characters


def test_every_picture_that_the_detector_sees_fits_into_a_slot() -> None:
    assert SLOT >= 3 * LONGEST**2
