"""Networks that say what was asked of them, and pages that are read as workers read them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import torch

from scanner.device.server import Networks, Server
from scanner.images import SourcePage
from scanner.options import Options
from scanner.pipeline import ScannedPage, page_reader
from table_restore.document import Document, Page
from table_restore.export import render

SCANS = Path(__file__).parents[3] / "samples" / "scans"
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

    def kind(self, picture: Any) -> Any:
        self.asked += 1
        return self.network.kind(picture)

    def most(self, picture: Any) -> int:
        return int(self.network.most(picture))

    def begin(self, pictures: Sequence[Any]) -> Callable[[], Sequence[Any]]:
        patience = time.monotonic() + 60
        while self.asked < self.hold:
            assert time.monotonic() < patience
            time.sleep(0.01)
        if len(pictures) > self.room:
            raise torch.OutOfMemoryError("CUDA out of memory")
        self.sizes.append(len(pictures))
        wait: Callable[[], Sequence[Any]] = self.network.begin(pictures)
        return wait

    def elsewhere(self, picture: Any) -> Any:
        self.spared += 1
        return self.network.elsewhere(picture)


def as_json(scanned: ScannedPage) -> str:
    """All that is known of a page: text, places, tables and their cells."""
    return render(Document("page", (scanned.page,)), "json").decode()


def read_together(server: Server, sources: Sequence[SourcePage], at_once: int) -> list[str]:
    """Read pages as so many workers do, each with a connection of its own."""

    def read(source: SourcePage) -> str:
        return as_json(page_reader(OPTIONS, server.address)(source))

    with ThreadPoolExecutor(at_once) as threads:
        return list(threads.map(read, sources))


@dataclass(frozen=True)
class All:
    """The networks, watched, as they see pictures and as they see pages."""

    finder: Watched
    reader: Watched
    page_finder: Watched
    page_reader: Watched

    @property
    def each(self) -> tuple[Watched, ...]:
        return self.finder, self.reader, self.page_finder, self.page_reader


def watched(networks: Networks, room: int = 1000) -> tuple[Networks, All]:
    names = [field.name for field in fields(All)]
    watching = {name: Watched(getattr(networks, name), room) for name in names}
    return replace(networks, **watching), All(**watching)  # type: ignore[arg-type]


def text_of(page: Page) -> list[str]:
    return render(Document("page", (page,)), "txt").decode().splitlines()
