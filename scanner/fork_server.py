"""The server that worker processes are forked from: it has loaded the libraries for all of them."""

from __future__ import annotations

import multiprocessing
from multiprocessing.context import ForkServerContext, SpawnContext

_PRELOAD = ["scanner.batch.preload"]


def worker_context() -> ForkServerContext | SpawnContext:
    """What starts worker processes: the server where there can be one, else a fresh Python."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOAD)
    return context


def start_early() -> None:
    """Let the server load its libraries from now on; does nothing where there can be none."""
    if isinstance(worker_context(), ForkServerContext):
        from multiprocessing import forkserver

        forkserver.ensure_running()
