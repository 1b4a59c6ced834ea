"""The process of a worker: what holds for it as a process, and its conversation with the run."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import threading
from contextlib import suppress
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path

from scanner.batch.tasks import Reply, Task, Work
from scanner.device.address import DeviceLost

DEVICE_LOST = 75
"""Exit code of a worker that lost the process which runs the networks."""


def serve(connection: Connection[str | Reply, Task | None], work: Work, log: Path) -> None:
    """Do tasks from `connection` until there are no more or the run is gone.

    Sends a string for every stage that begins, then the reply. What libraries print goes to the
    file `log`, begun anew for every task, and so does the traceback of a crash. A part of a task
    that takes too long ends the process; the log says where it was.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the run's to handle
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _die_first()
    print_to(log)
    faulthandler.enable()
    die_with_parent()
    from scanner.batch.carrier import Carrier  # with PyTorch, which the run's process does without

    worker = Carrier(work, connection.send, _limit)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while (task := connection.recv()) is not None:
            os.ftruncate(sys.stderr.fileno(), 0)
            try:
                reply = worker.do(task)
            except DeviceLost:
                sys.exit(DEVICE_LOST)
            faulthandler.cancel_dump_traceback_later()
            connection.send(reply)
    worker.close()


def _limit(seconds: float) -> None:
    """End the process in so many seconds unless this is called again."""
    faulthandler.dump_traceback_later(seconds, exit=True)


def print_to(log: Path) -> None:
    """Have all that this process prints go to a file, begun anew."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
    target = os.open(log, flags, 0o600)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os.dup2(target, 1)
    os.dup2(target, 2)
    os.close(target)
    sys.stdout = os.fdopen(1, "w", errors="replace", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, errors="replace", closefd=False)


def _die_first() -> None:
    """Where memory runs out the system should end this process, not the run's (Linux)."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("800", encoding="ascii")


def die_with_parent() -> None:
    """End this process at once when the run is gone, whatever is being read."""

    def watch() -> None:
        parent = parent_process()
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
