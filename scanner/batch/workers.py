"""What does the tasks of a run: this process, processes of this machine, or a cluster."""

from __future__ import annotations

from typing import Protocol, Self

from scanner.batch.pool import Pool, available_cores, default_workers
from scanner.batch.tasks import Lost, Reply, Task, Work
from scanner.errors import UsageError


class Workers(Protocol):
    """What does the tasks of a run; a context manager."""

    @property
    def free(self) -> int:
        """How many tasks can be given out now."""
        ...

    @property
    def busy(self) -> int:
        """How many tasks are being done."""
        ...

    def submit(self, task: Task, *, alone: bool = False) -> None:
        """Give out a task; `alone` to a worker that has done nothing else before."""
        ...

    def poll(self, seconds: float) -> list[tuple[Task, Reply | Lost, float]]:
        """What was done or lost and the seconds it took, after waiting so long at the most."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


def make_workers(work: Work) -> tuple[Workers, int]:
    """The workers that the options ask for, not started yet, and the threads of each.

    Raises `UsageError` for an output folder that they could not reach.
    """
    options, size = work.options, work.options.workers
    here = options.cluster is None and size == 0
    if work.remote is not None and work.remote.one_process and not here:
        raise UsageError(f"{work.remote}: is in the memory of one process; it needs --workers 0")
    if options.cluster == "ray":
        from scanner.batch.ray_pool import RayPool

        cores = options.threads or 1
        return RayPool(work, options.address, size, cores), cores
    if size is None:
        size = default_workers(options.device)
    if size == 0:
        from scanner.batch.inline import Inline  # brings PyTorch

        return Inline(work), options.threads or available_cores()
    return Pool(work, size), options.threads or max(1, available_cores() // size)
