"""No worker processes: tasks are done here and now, for debuggers and small libraries' sake."""

from __future__ import annotations

import time
from typing import Self

from scanner.batch.carrier import Carrier
from scanner.batch.tasks import Lost, Reply, Task, Work


class Inline:
    """Does each task as it is given out; a page that crashes or hangs takes the run with it."""

    def __init__(self, work: Work) -> None:
        self._worker = Carrier(work)
        self._done: list[tuple[Task, Reply | Lost, float]] = []

    @property
    def free(self) -> int:
        """How many tasks can be given out now."""
        return 1 - self.busy

    @property
    def busy(self) -> int:
        """How many tasks are done and not yet asked for."""
        return len(self._done)

    def submit(self, task: Task, *, alone: bool = False) -> None:
        """Do a task."""
        started = time.monotonic()
        reply = self._worker.do(task)
        self._done.append((task, reply, time.monotonic() - started))

    def poll(self, seconds: float) -> list[tuple[Task, Reply | Lost, float]]:
        """What was done since the last call, and the seconds it took."""
        done, self._done = self._done, []
        return done

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.close()
