"""A worker on a machine of a Ray cluster: an actor that watches a worker process of its own.

What holds for worker processes, limits and crashes, holds here because it is the same `Pool`, of
one process. The actor reads nothing itself, so only the loss of its machine ends it.
"""

from __future__ import annotations

import platform
import shutil
import tempfile
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import psutil
import ray

from scanner.batch.pool import Pool
from scanner.batch.tasks import Fatal, Lost, Reply, Task, Work
from scanner.errors import WorkerError
from scanner.options import Options

_TICK = 0.5
_LEAST_MEMORY = 4096  # MiB


class RayWorker:
    """Does one task at a time, once it is started."""

    _folder: Path
    _pool: Pool

    def start(self, work: Work, cores: int, wanted: str) -> None:
        """Take part with so many processor cores in a run of the version `wanted`.

        Raises `WorkerError` where that cannot be.
        """
        host, here = platform.node(), version("scanner-ocr")
        if here != wanted:
            raise WorkerError(f"{host} has version {here} of this program, not {wanted}")
        shared = work.temporary if work.remote is None else None
        if shared is not None and not shared.is_dir():
            raise WorkerError(
                f"{work.folder} is not there on {host}; a cluster needs the results in a folder "
                "that all machines share, or at a URL"
            )
        self._folder = Path(tempfile.mkdtemp(prefix="scanner-", dir=shared))
        options = _with_limit(work.options, cores)
        if options.device.startswith("cuda"):  # the one GPU that Ray lets this process see
            options = options.model_copy(update={"device": "cuda"})
        self._pool = Pool(replace(work, temporary=self._folder, options=options), 1)

    def do(self, task: Task, alone: bool) -> tuple[Reply | Lost, float]:
        """Do a task, `alone` in a fresh process; gives also the seconds it took."""
        job = task.job
        if job.remote is None and not job.path.parent.is_dir():
            return Fatal(
                WorkerError(
                    f"{job.path.parent} is not there on {platform.node()}; a cluster needs the "
                    "scans in a folder that all machines share, or at URLs"
                )
            ), 0.0
        try:
            self._pool.submit(task, alone=alone)
            while not (done := self._pool.poll(_TICK)):
                pass
        except WorkerError as error:
            return Fatal(error), 0.0
        ((_, reply, seconds),) = done
        return reply, seconds

    def close(self) -> None:
        """End what is being done, and leave nothing behind."""
        self._pool.__exit__()
        shutil.rmtree(self._folder, ignore_errors=True)


def _with_limit(options: Options, cores: int) -> Options:
    """The options with this worker's share of the machine's memory as its limit."""
    if options.worker_memory is not None:
        return options
    here = ray.get_runtime_context().get_node_id()
    node = next((node for node in ray.nodes() if node["NodeID"] == here), None)
    all_cores = node["Resources"].get("CPU", cores) if node else cores
    memory = 0.8 * psutil.virtual_memory().total / 2**20 * cores / all_cores
    return options.model_copy(update={"worker_memory": max(_LEAST_MEMORY, int(memory))})
