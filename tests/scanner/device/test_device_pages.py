"""Pages whose networks run together for all, against the same pages read one by one."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import AuthenticationError
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from device_runs import OPTIONS, SCANS, Watched, as_json, read_together, watched

from scanner.detect import LONGEST
from scanner.device.address import SLOT, DeviceLost
from scanner.device.client import Caller
from scanner.device.requests import Network
from scanner.device.server import Networks, Server
from scanner.errors import StageError
from scanner.images import SourcePage, UnmadeImage
from scanner.pipeline import Models, page_reader, scan_page, served
from scanner.sources import open_source
from scanner.turned_plate import TurnedPlate, upright
from table_restore.export.document_json import parse_json

Pixels = npt.NDArray[np.uint8]

NAMES = ("price_list.png", "receipt.jpg")


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


def test_pages_read_together_say_what_they_say_alone(
    networks: Networks, sources: list[SourcePage], expected: list[str]
) -> None:
    shared, all_ = watched(networks)
    # One worker waits for a slot. When four have asked, two of them have a picture of one size
    # besides the one that was begun with.
    all_.page_finder.hold = all_.page_reader.hold = 4
    with Server(shared, slots=4) as server:
        assert read_together(server, sources, at_once=len(sources)) == expected
        assert server.slots.free == 4
    assert max(all_.page_finder.sizes) > 1
    assert max(all_.page_reader.sizes) > 1
    assert not any(network.spared for network in all_.each)


def test_lines_of_a_page_that_leans_are_read_there_as_it_lies(
    networks: Networks, models: Models
) -> None:
    with open_source(SCANS / "bank_statement.jpg", OPTIONS) as source:
        page = source.read(1)
    page = replace(page, pixels=page.pixels[:640].contiguous())
    plate, _, _ = upright(models.plate(page.pixels.numpy()), OPTIONS, models)
    assert isinstance(plate, TurnedPlate)
    with Server(networks, slots=1) as server:
        (there,) = read_together(server, [page], at_once=1)
    expected, found = (
        [line for page in document.pages for line in page.lines]
        for document in (parse_json(as_json(scan_page(page, models, OPTIONS))), parse_json(there))
    )
    assert [line.text for line in found] == [line.text for line in expected]
    # Scaled pictures differ by a level or two, and with them where some outlines end.
    off = [
        line.polygon.center[1] - here.polygon.center[1]
        for here, line in zip(expected, found, strict=True)
    ]
    assert np.median(np.abs(off)) < 0.2


@pytest.mark.parametrize("room", [0, 1])
def test_without_memory_pages_say_the_same(
    networks: Networks, sources: list[SourcePage], expected: list[str], room: int
) -> None:
    """What a page has no room for is tried in single pictures, and then by the processor."""
    shared, all_ = watched(networks, room)
    with Server(shared, slots=2) as server:
        assert read_together(server, sources[:2], at_once=2) == expected[:2]
        assert server.slots.free == 2
    assert all(set(network.sizes) <= {1} for network in all_.each)
    assert bool(all_.page_finder.spared) == bool(all_.finder.spared) == (room == 0)
    assert bool(all_.reader.spared) == (room == 0)


def test_a_page_that_fails_fails_alone(
    networks: Networks, sources: list[SourcePage], expected: list[str]
) -> None:
    class Picky(Watched):
        def begin(self, pictures: Sequence[Any]) -> Callable[[], Sequence[Any]]:
            seen = [getattr(picture, "page", picture) for picture in pictures]
            if any(picture.ndim == 3 and picture[0, 0, 1] == 0 for picture in seen):
                raise ValueError("not this colour")
            return super().begin(pictures)

    red = sources[1].pixels.clone()
    red[..., 1] = 0
    pages = [sources[0], replace(sources[1], pixels=red), sources[0]]
    picky = replace(
        networks, finder=Picky(networks.finder), page_finder=Picky(networks.page_finder)
    )
    with Server(picky, slots=3) as server:
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
    shared, all_ = watched(networks)
    finder = all_.finder
    finder.hold = 10**6
    picture = np.zeros((32, 32), dtype=np.uint8)
    with ThreadPoolExecutor(2) as threads:
        with Server(shared, slots=1) as server:
            callers = [Caller(server.address) for _ in range(2)]
            waiting = [threads.submit(c.ask, Network.FINDER, [picture]) for c in callers]
            while not finder.asked:
                time.sleep(0.01)
            finder.hold = 0
            server.slots.close()
        ends = [future.exception(60) for future in waiting]
    assert sum(isinstance(end, DeviceLost) for end in ends) >= 1


def test_a_device_that_is_broken_is_given_up(networks: Networks) -> None:
    class Broken(Watched):
        def begin(self, pictures: Sequence[Any]) -> Callable[[], Sequence[Any]]:
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


def test_the_memory_of_pages_is_used_again_and_again(
    networks: Networks, sources: list[SourcePage]
) -> None:
    """Whatever is opened lies in the room that there was from the beginning."""
    seen: list[int] = []

    class Watching(Watched):
        def begin(self, pictures: Sequence[Any]) -> Callable[[], Sequence[Any]]:
            seen.extend(look.page.data_ptr() for look in pictures)
            return super().begin(pictures)

    watching = replace(networks, page_finder=Watching(networks.page_finder))
    with Server(watching, slots=2) as server:
        before = server.pages.address
        first = read_together(server, sources[:1], at_once=1)
        assert read_together(server, sources[:1] * 5, at_once=3) == first * 5
        assert server.pages.address == before
        assert server.slots.free == 2
    assert len(seen) == 6
    assert {(address - before) / SLOT for address in seen} <= {0, 1, 2, 3}


def test_threads_of_one_process_share_its_device(
    networks: Networks, sources: list[SourcePage], expected: list[str]
) -> None:
    read = partial(scan_page, models=served(networks), options=OPTIONS)
    with ThreadPoolExecutor(3) as threads:
        scanned = list(threads.map(read, sources[:3]))
    assert [as_json(page) for page in scanned] == expected[:3]
    assert all(isinstance(page.image, UnmadeImage) for page in scanned)
    # The device is given back with the networks' last user.
    running = [t for t in threading.enumerate() if t.name in ("_begin_batches", "_finish_batches")]
    assert running
    del read
    gc.collect()
    assert not any(thread.is_alive() for thread in running)
