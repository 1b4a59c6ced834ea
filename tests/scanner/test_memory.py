"""Freed memory goes back to the system where that can be asked for."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scanner import memory
from scanner.memory import PAGES, MemoryKeeper, release_free_memory


def resident_mib() -> float:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 2**20


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks the Linux kernel")
def test_freed_pieces_are_returned() -> None:
    pieces = [bytearray(100_000) for _ in range(2000)]
    held = pieces[::50]
    before = resident_mib()
    del pieces
    release_free_memory()
    assert resident_mib() < before - 100
    assert len(held) == 40


def test_memory_goes_back_once_in_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    released: list[int] = []
    keeper = MemoryKeeper()
    monkeypatch.setattr(memory, "release_free_memory", lambda: released.append(keeper.pages))
    for _ in range(2 * PAGES + 1):
        keeper.page_done()
    assert released == [PAGES, 2 * PAGES]
