"""Who is at work in an output folder at a URL: a file there that its owner keeps renewing.

Storages have no locks that end with a process. Whoever finds a lease waits to see whether it is
renewed, which no clock has to be right for; the lease of a dead process of this machine is taken
over at once.
"""

from __future__ import annotations

import json
import os
import socket
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import asdict, dataclass, replace

import psutil

from scanner.errors import BusyError, OutputError
from scanner.remote import Remote

RENEWED = 10.0
"""Seconds between two renewals."""

ABANDONED = 35.0
"""Seconds without a renewal after which the owner is taken for dead."""

SETTLED = 1.0
"""Seconds after which of two runs that start at once one sees that the other was later."""

_LOOK = 1.0


@dataclass(frozen=True, slots=True)
class _Owner:
    """Who holds the lease: `born` is the process's start by its own machine's clock."""

    name: str
    host: str
    pid: int
    born: float
    renewals: int = 0

    @staticmethod
    def this_process() -> _Owner:
        pid = os.getpid()
        born = psutil.Process(pid).create_time()
        return _Owner(uuid.uuid4().hex, socket.gethostname(), pid, born)

    def surely_dead(self) -> bool:
        """Whether it was a process of this machine that is gone."""
        if self.host != socket.gethostname():
            return False
        try:
            return bool(abs(psutil.Process(self.pid).create_time() - self.born) > 1)
        except psutil.NoSuchProcess:
            return True


class Lease:
    """The lease in a file; held from the start until `release`."""

    def __init__(self, file: Remote) -> None:
        """Raises `BusyError` where another run holds it, after waiting for signs of life."""
        self._file = file
        self._us = _Owner.this_process()
        self._lost: _Owner | None = None
        self._stop = threading.Event()
        self._wait_for_the_dead()
        self._write()
        time.sleep(SETTLED)
        self._see_whether_ours()
        self.check()
        self._renewer = threading.Thread(target=self._renew, daemon=True)
        self._renewer.start()

    def check(self) -> None:
        """See that nobody has taken over; raises `BusyError`."""
        if self._lost is not None:
            raise self._busy(self._lost)

    def release(self) -> None:
        """Let go of it."""
        self._stop.set()
        self._renewer.join()
        with suppress(OutputError):
            self._see_whether_ours()
            if self._lost is None:
                self._file.remove()

    def _wait_for_the_dead(self) -> None:
        found = self._read()
        deadline = time.monotonic() + ABANDONED
        while found is not None and not found.surely_dead() and time.monotonic() < deadline:
            time.sleep(_LOOK)
            now = self._read()
            if now is not None and now != found:
                raise self._busy(now)
            found = now

    def _renew(self) -> None:
        while not self._stop.wait(RENEWED) and self._lost is None:
            with suppress(OutputError):  # results that cannot be written either end the run
                self._see_whether_ours()
                if self._lost is None:
                    self._us = replace(self._us, renewals=self._us.renewals + 1)
                    self._write()

    def _see_whether_ours(self) -> None:
        owner = self._read()
        if owner is not None and owner.name != self._us.name:
            self._lost = owner

    def _read(self) -> _Owner | None:
        if self._file.stamp() is None:
            return None
        try:
            return _Owner(**json.loads(self._file.read()))
        except (OutputError, ValueError, TypeError):  # just removed, or of another version
            return None

    def _write(self) -> None:
        self._file.write(json.dumps(asdict(self._us)).encode())

    def _busy(self, owner: _Owner) -> BusyError:
        folder = self._file.url.rsplit("/", 2)[0]
        return BusyError(
            f"process {owner.pid} on {owner.host} is at work in {folder}; wait for it, or have "
            "several machines work together with --cluster ray"
        )
