"""Worker processes: started when there is work, watched while they do it, replaced when lost."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Self

import psutil

from scanner.batch.device_process import DeviceProcess
from scanner.batch.process import DEVICE_LOST, serve
from scanner.batch.tasks import Lost, Reply, Task, Work
from scanner.errors import WorkerError
from scanner.fork_server import worker_context
from scanner.options import Options

_LONGEST_LOG = 64 * 1024
_LATE = 60.0
"""Seconds beyond its time after which a worker is ended that did not end itself."""

_TIMED_OUT = "Timeout ("
"""How faulthandler begins what it prints when it ends a process."""

_BEFORE_A_PAGE = ("", "models")
"""Stages of a worker that has not looked at its task yet."""

_MOST_FALSE_STARTS = 3

_USUAL_MEMORY = 2**31
"""Bytes; pages of ordinary size take one and a half GiB at most."""


def default_workers(device: str = "cpu") -> int:
    """One a processor core at our disposal, but no more than fit into the memory.

    Half as many again where the networks run on a GPU: some wait for it at any time.
    """
    fitting: int = psutil.virtual_memory().total // _USUAL_MEMORY
    cores = available_cores()
    return max(1, min(cores + cores // 2 if device.startswith("cuda") else cores, fitting))


def available_cores() -> int:
    """The processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(slots=True, eq=False)
class _Process:
    """A worker process and what it is at; `ending` says why it is being ended."""

    process: BaseProcess
    connection: Connection
    log: Path
    task: Task | None = None
    stage: str = ""
    given: float = 0.0
    deadline: float = 0.0
    used: bool = False
    ending: tuple[str, str] | None = None


@dataclass(slots=True)
class Pool:
    """At most `size` worker processes at a time, and one for their networks on another device."""

    work: Work
    size: int
    _device: DeviceProcess | None = None
    _workers: list[_Process] = field(default_factory=list)
    _started: int = 0
    _false_starts: int = 0

    @property
    def free(self) -> int:
        """How many tasks can be given out now."""
        return self.size - self.busy

    @property
    def busy(self) -> int:
        """How many tasks are being done."""
        return sum(worker.task is not None for worker in self._workers)

    def submit(self, task: Task, *, alone: bool = False) -> None:
        """Give out a task; `alone` to a worker that has done nothing else before."""
        idle = [worker for worker in self._workers if worker.task is None]
        fit = [worker for worker in idle if not (alone and worker.used)]
        if not fit and len(self._workers) == self.size:
            self._end(idle[0])
        worker = fit[0] if fit else self._start()
        worker.task, worker.used, worker.stage = task, True, ""
        worker.given = time.monotonic()
        worker.deadline = worker.given + task.seconds(self.work.options) + _LATE
        with suppress(BrokenPipeError, ConnectionResetError):  # `poll` will find it lost
            worker.connection.send(task)

    def poll(self, seconds: float) -> list[tuple[Task, Reply | Lost, float]]:
        """What was done or lost and the seconds it took, after waiting so long at the most.

        Raises `WorkerError` where workers cannot even be started.
        """
        busy = [worker for worker in self._workers if worker.task is not None]
        waiting = set(wait([worker.connection for worker in busy], seconds))
        done: list[tuple[Task, Reply | Lost, float]] = []
        for worker in busy:
            if worker.connection not in waiting:
                self._check(worker)
                continue
            reply = self._receive(worker)
            if reply is None or worker.task is None:
                continue
            task, worker.task = worker.task, None
            if isinstance(reply, Lost) or _memory(worker) > self._memory_limit / 2:
                self._end(worker)
            if isinstance(reply, Lost) and worker.stage in _BEFORE_A_PAGE:
                self._try_another(task, reply)
                continue
            self._false_starts = 0
            if self._device is not None and not isinstance(reply, Lost):
                self._device.found_well()
            done.append((task, reply, time.monotonic() - worker.given))
        return done

    def __post_init__(self) -> None:
        options = self.work.options
        if options.device != "cpu" and self.work.make_reader is None:
            log = self.work.temporary / "networks.log"
            self._device = DeviceProcess(worker_context(), options, self.size, log)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        while self._workers:
            self._end(self._workers[0])
        if self._device is not None:
            self._device.close()

    def _try_another(self, task: Task, lost: Lost) -> None:
        """Give the task of a worker that never got to it to a new one."""
        self._false_starts += 1
        if self._false_starts == _MOST_FALSE_STARTS:
            logging.getLogger(__name__).debug("a worker process printed:\n%s", lost.log)
            raise WorkerError(f"worker processes do not start: {_reason(lost)}")
        self.submit(task, alone=True)

    def _start(self) -> _Process:
        context = worker_context()
        ours, theirs = context.Pipe()
        self._started += 1
        log = self.work.temporary / f"worker-{self._started}.log"
        work = self.work
        if self._device is not None:
            work = replace(work, device=self._device.address())
        process = context.Process(target=serve, args=(theirs, work, log), daemon=True)
        process.start()
        theirs.close()
        self._workers.append(_Process(process, ours, log))
        return self._workers[-1]

    def _end(self, worker: _Process) -> None:
        self._workers.remove(worker)
        worker.process.kill()
        worker.process.join()
        if worker.process.pid is not None:
            shutil.rmtree(self.work.own_folder(worker.process.pid), ignore_errors=True)
        worker.process.close()
        worker.connection.close()
        worker.log.unlink(missing_ok=True)

    def _check(self, worker: _Process) -> None:
        """End a worker that takes too much memory or time."""
        if worker.ending is not None:
            return
        limit = self._memory_limit
        if _memory(worker) > limit:
            size = f"{limit / 2**20:,.0f} MiB"
            worker.ending = ("MemoryLimit", f"took more memory than {size} (option worker_memory)")
        elif time.monotonic() > worker.deadline:
            worker.ending = _timeout(self.work.options)
        if worker.ending is not None:
            worker.process.kill()

    def _receive(self, worker: _Process) -> Reply | Lost | None:
        """The reply, if it is there yet; stages that begin are noted on the way."""
        try:
            while worker.connection.poll():
                message = worker.connection.recv()
                if not isinstance(message, str):
                    return message  # type: ignore[no-any-return]
                worker.stage = message
        except (EOFError, OSError):
            return self._lost(worker)
        return None

    def _lost(self, worker: _Process) -> Lost:
        worker.process.join()
        code = worker.process.exitcode
        log = _tail(worker.log)
        if worker.ending is not None:
            error, message = worker.ending
        elif code == 1 and _TIMED_OUT in log:
            error, message = _timeout(self.work.options)
        elif code == DEVICE_LOST:
            error = "DeviceLost"
            message = f"the process for the networks on {self.work.options.device} ended"
            if self._device is not None:
                log += _tail(self._device.log)
        elif code is not None and code < 0:
            error = "WorkerCrash"
            message = f"the process that read it was ended by {_signal_name(-code)}"
        else:
            error, message = "WorkerCrash", f"the process that read it ended with exit code {code}"
        return Lost(error, message, worker.stage, log)

    @property
    def _memory_limit(self) -> int:
        """Bytes that a worker may take."""
        if self.work.options.worker_memory is not None:
            return self.work.options.worker_memory * 2**20
        share = int(0.8 * psutil.virtual_memory().total / self.size)
        return max(2 * _USUAL_MEMORY, share)


def _reason(lost: Lost) -> str:
    """What ended a process: its exception, which a traceback names last, if it printed one."""
    return lost.log.strip().rpartition("\n")[2] if "Traceback" in lost.log else lost.message


def _memory(worker: _Process) -> int:
    """Bytes of memory that the worker takes."""
    try:
        return int(psutil.Process(worker.process.pid).memory_info().rss)
    except psutil.Error:
        return 0


def _timeout(options: Options) -> tuple[str, str]:
    return "PageTimeout", f"took longer than {options.page_timeout:g} s (option page_timeout)"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _tail(log: Path) -> str:
    """The end of what the worker printed."""
    try:
        return log.read_bytes()[-_LONGEST_LOG:].decode("utf-8", "replace")
    except OSError:
        return ""
