"""A part of a machine of a Ray cluster: an actor that watches worker processes of its own.

What holds for worker processes, limits and crashes, holds here because it is the same `Pool`. The
actor reads nothing itself, so only the loss of its machine ends it.
"""

from __future__ import annotations

import platform
import shutil
import tempfile
import threading
from concurrent.futures import Future, wait
from dataclasses import replace
from pathlib import Path

import psutil
import ray

from scanner.batch.pool import Pool
from scanner.batch.tasks import Fatal, Lost, Reply, Task, Work
from scanner.errors import ScannerError, WorkerError
from scanner.options import Options
from scanner.version import program_version

_TICK = 0.05
"""Seconds that a new task may have to wait for its turn at the pool."""

_PAUSE = 0.005
"""Seconds between two turns of a thread, in which others have theirs."""

_LEAST_MEMORY = 4096  # MiB

Done = tuple[Reply | Lost, float]


class RayWorker:
    """Does so many tasks at a time, once it is started; each in a thread that Ray has for it."""

    _folder: Path
    _pool: Pool

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._awaited: dict[Task, Future[Done]] = {}

    def start(self, work: Work, processes: int, cores: float, wanted: str) -> None:
        """Take part with so many processes and processor cores in a run of the version `wanted`.

        Raises `WorkerError` where that cannot be.
        """
        host, here = platform.node(), program_version()
        if here != wanted:
            raise WorkerError(f"{host} has version {here} of this program, not {wanted}")
        shared = work.temporary if work.remote is None else None
        if shared is not None and not shared.is_dir():
            raise WorkerError(
                f"{work.folder} is not there on {host}; a cluster needs the results in a folder "
                "that all machines share, or at a URL"
            )
        self._folder = Path(tempfile.mkdtemp(prefix="scanner-", dir=shared))
        options = _with_limit(work.options, cores / processes)
        if options.device.startswith("cuda"):  # the one GPU that Ray lets this process see
            options = options.model_copy(update={"device": "cuda"})
        self._pool = Pool(replace(work, temporary=self._folder, options=options), processes)

    def do(self, task: Task, alone: bool) -> Done:
        """Do a task, `alone` in a fresh process; gives also the seconds it took."""
        job = task.job
        if job.remote is None and not job.path.parent.is_dir():
            return Fatal(
                WorkerError(
                    f"{job.path.parent} is not there on {platform.node()}; a cluster needs the "
                    "scans in a folder that all machines share, or at URLs"
                )
            ), 0.0
        answer = self._awaited[task] = Future()
        try:
            with self._turn:
                self._pool.submit(task, alone=alone)
            while not answer.done():
                with self._turn:
                    for done, reply, seconds in self._pool.poll(_TICK):
                        self._awaited[done].set_result((reply, seconds))
                wait([answer], _PAUSE)
        except ScannerError as error:  # workers do not start, or there is no such device
            return Fatal(error), 0.0
        finally:
            del self._awaited[task]
        return answer.result()

    def close(self) -> None:
        """End what is being done, and leave nothing behind."""
        with self._turn:
            self._pool.__exit__()
        shutil.rmtree(self._folder, ignore_errors=True)


def _with_limit(options: Options, cores: float) -> Options:
    """The options with the limit of memory of a process with so many of the machine's cores."""
    if options.worker_memory is not None:
        return options
    here = ray.get_runtime_context().get_node_id()
    node = next((node for node in ray.nodes() if node["NodeID"] == here), None)
    all_cores = node["Resources"].get("CPU", cores) if node else cores
    memory = 0.8 * psutil.virtual_memory().total / 2**20 * cores / all_cores
    return options.model_copy(update={"worker_memory": max(_LEAST_MEMORY, int(memory))})
