"""The machines of a Ray cluster as workers: an actor for every group of cores, or GPU.

Actors come and go with the machines. What a lost one was at goes to another one: the loss of a
machine is no page's failure. Only a task that was there each time when several were lost is.
"""

from __future__ import annotations

import logging
import signal
import socket
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, Self

from scanner.batch.tasks import Lost, Reply, Task, Work
from scanner.errors import ScannerError, UsageError, WorkerError
from scanner.version import program_version

log = logging.getLogger(__name__)

_MOST_DEATHS = 3
"""Lost actors after which the task that each of them was at is to blame."""

_SURELY_ALIVE = 1.0
"""Seconds after which an actor that is lost had begun with its task, and was not lost before."""

_LOOK_ROUND = 2.0
"""Seconds between two looks at which machines there are."""

_PATIENCE = 600.0
"""Seconds that the cluster is given to have room for a worker."""

_FAREWELL = 5.0
"""Seconds that actors are given to clear up."""

_KNOCK = 10.0
"""Seconds that the cluster's port is given to answer."""


@dataclass(slots=True, eq=False)
class _Actor:
    """An actor: the answer to its start, until it has come, and to the tasks that it is at."""

    handle: Any
    start: Any
    tasks: dict[Any, _Given] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Given:
    """A task that an actor was given, and when."""

    task: Task
    at: float


@dataclass(frozen=True, slots=True)
class _Share:
    """What an actor takes of its machine, and the processes that it has for that."""

    cores: int
    gpus: int
    processes: int


class RayPool:
    """The workers of the cluster at `address`, at most so many, of so many `cores` each.

    With the networks on GPUs an actor has one of them, and as many workers as there are cores
    for each.
    """

    def __init__(self, work: Work, address: str, most: int | None, cores: int) -> None:
        self._work = work
        self._address = address
        self._most = most
        self._share = _Share(cores, 0, 1)
        self._count = 1  # of actors, if there is room for all
        self._actors: list[_Actor] = []
        self._waiting: deque[tuple[Task, bool]] = deque()
        self._deaths: Counter[Task] = Counter()
        self._next_look = 0.0
        self._alone_since = 0.0

    @property
    def free(self) -> int:
        """How many tasks can be given out now."""
        size = self._count * self._share.processes
        return min(size, self._most or size) - self.busy

    @property
    def busy(self) -> int:
        """How many tasks are being done, or wait for an actor that starts."""
        return len(self._waiting) + sum(len(actor.tasks) for actor in self._actors)

    def submit(self, task: Task, *, alone: bool = False) -> None:
        """Give out a task; `alone` to a process that has done nothing else before."""
        if task.job.remote is None:  # the machines are not in the folder that the run is in
            task = replace(task, job=replace(task.job, path=task.job.path.absolute()))
        self._waiting.append((task, alone))
        self._hand_out()

    def poll(self, seconds: float) -> list[tuple[Task, Reply | Lost, float]]:
        """What was done or lost and the seconds it took, after waiting so long at the most.

        Raises `WorkerError` where no machine of the cluster can take part.
        """
        self._look_round()
        awaited = {
            answer: actor
            for actor in self._actors
            for answer in (*actor.tasks, *([actor.start] if actor.start is not None else []))
        }
        if not awaited:
            time.sleep(seconds)
            return []
        self._ray.wait(list(awaited), num_returns=1, timeout=seconds)
        there, _ = self._ray.wait(list(awaited), num_returns=len(awaited), timeout=0)
        replies = [self._take(awaited[answer], answer) for answer in there]
        self._hand_out()
        return [reply for reply in replies if reply is not None]

    def __enter__(self) -> Self:
        self._ray, self._ours = _connect(self._address)
        from scanner.batch.ray_worker import RayWorker  # brings Ray

        self._actor_class = self._ray.remote(RayWorker)
        self._alone_since = time.monotonic()
        self._look_round()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(self._ray.exceptions.RayError):
            farewells = [
                actor.handle.close.remote() for actor in self._actors if actor.start is None
            ]
            if farewells:
                self._ray.wait(farewells, num_returns=len(farewells), timeout=_FAREWELL)
        for actor in list(self._actors):
            self._let_go(actor)
        if self._ours:
            self._ray.shutdown()

    def _look_round(self) -> None:
        """Have an actor for every group of cores that the machines have, if there is room."""
        now = time.monotonic()
        if any(actor.start is None for actor in self._actors):
            self._alone_since = now
        elif now - self._alone_since > _PATIENCE:
            raise WorkerError(
                f"the cluster at {self._address} has had no room for a worker (processor cores: "
                f"{self._share.cores}, GPUs: {self._share.gpus}) for {_PATIENCE:.0f} seconds"
            )
        if now < self._next_look:
            return
        self._next_look = now + _LOOK_ROUND
        nodes = [node["Resources"] for node in self._ray.nodes() if node["Alive"]]
        if self._work.options.device.startswith("cuda"):
            nodes = [node for node in nodes if node.get("GPU", 0) >= 1]
            self._count = max(1, sum(int(node["GPU"]) for node in nodes))
            self._share = self._share_of_gpu(nodes)
        else:
            groups = sum(int(node.get("CPU", 0) // self._share.cores) for node in nodes)
            self._count = max(1, min(groups, self._most or groups))
        while len(self._actors) < self._count:
            self._actors.append(self._start())

    def _share_of_gpu(self, nodes: Sequence[Mapping[str, float]]) -> _Share:
        """A GPU and its part of the cores, on that machine where it has the fewest."""
        if self._share.gpus or not nodes:
            return self._share
        threads = self._share.cores
        cores = max(threads, min(int(node.get("CPU", 0) // node["GPU"]) for node in nodes))
        return _Share(cores, 1, cores // threads)

    def _start(self) -> _Actor:
        share = self._share
        handle = self._actor_class.options(
            num_cpus=share.cores, num_gpus=share.gpus, max_concurrency=share.processes + 1
        ).remote()
        wanted = program_version()
        start = handle.start.remote(self._work, share.processes, share.cores, wanted)
        return _Actor(handle, start)

    def _hand_out(self) -> None:
        for actor in self._actors:
            while (
                self._waiting and actor.start is None and len(actor.tasks) < self._share.processes
            ):
                task, alone = self._waiting.popleft()
                answer = actor.handle.do.remote(task, alone)
                actor.tasks[answer] = _Given(task, time.monotonic())

    def _take(self, actor: _Actor, answer: Any) -> tuple[Task, Reply | Lost, float] | None:
        """Take in an answer that is there; what was lost goes to another actor."""
        given = actor.tasks.pop(answer, None)
        try:
            found = self._ray.get(answer)
        except self._ray.exceptions.RayTaskError as error:  # the actor is well, the work is not
            raise _as_trouble(error) from error
        except self._ray.exceptions.RayError as error:
            log.debug("a worker of the cluster is lost", exc_info=error)
            self._let_go(actor)
            return None if given is None else self._again(given)
        if given is None:
            actor.start = None
            return None
        reply, seconds = found
        return given.task, reply, seconds

    def _again(self, given: _Given) -> tuple[Task, Lost, float] | None:
        """Give a task to another actor, unless it has outlived too many."""
        task = given.task
        if time.monotonic() - given.at > _SURELY_ALIVE:
            self._deaths[task] += 1
        if self._deaths[task] < _MOST_DEATHS:
            self._waiting.appendleft((task, False))
            return None
        del self._deaths[task]
        message = f"the worker that read it was lost {_MOST_DEATHS} times"
        return task, Lost("WorkerCrash", message, "", ""), 0.0

    def _let_go(self, actor: _Actor) -> None:
        if actor in self._actors:
            self._actors.remove(actor)
            for given in actor.tasks.values():  # their answers are not waited for
                self._waiting.appendleft((given.task, False))
            actor.tasks.clear()
        with suppress(self._ray.exceptions.RayError):
            self._ray.kill(actor.handle)


def _connect(address: str) -> tuple[Any, bool]:
    """Ray, connected to the cluster, and whether it was not before."""
    try:
        import ray
    except ImportError as error:
        raise UsageError("--cluster ray needs Ray: pip install 'scanner-ocr[ray]'") from error
    if ray.is_initialized():
        return ray, False
    host, _, port = address.rpartition(":")
    try:
        if host and port.isdecimal():  # Ray would try for minutes
            socket.create_connection((host, int(port)), timeout=_KNOCK).close()
        with _own_signals():
            ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except (OSError, RuntimeError, ValueError) as error:
        reason = str(error).split(". ")[0]
        raise WorkerError(f"there is no Ray cluster at {address}: {reason}") from error
    return ray, True


@contextmanager
def _own_signals() -> Iterator[None]:
    """Ray would end the process at SIGTERM; a run ends in its own way."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _as_trouble(error: Any) -> ScannerError:
    """What the work on a machine of the cluster ended with."""
    cause = error.cause
    if isinstance(cause, ScannerError):
        return cause
    return WorkerError(f"a worker of the cluster failed: {type(cause).__name__}: {cause}")
