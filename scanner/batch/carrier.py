"""What lies between a worker and storages at URLs: inputs are fetched, results are sent.

The worker itself knows files of its machine only. Each is sent when it is complete, by a single
put, so that nobody sees half of one. Pages of a file with several wait at the URL, where the
worker that writes the document finds them, whichever machine it is on.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace

from scanner.batch.output import PAGES, THUMBNAILS, fetch_pages, files_below
from scanner.batch.plan import Job
from scanner.batch.tasks import (
    Answer,
    Carried,
    Fatal,
    Finish,
    Finished,
    OpenFile,
    PageRead,
    Reply,
    Task,
    Work,
)
from scanner.batch.worker import Worker, failed_task
from scanner.errors import OutputError, SourceError, UsageError
from scanner.remote import Remote


class Carrier:
    """A worker that reaches URLs; for files of this machine it is the worker and nothing else."""

    def __init__(
        self,
        work: Work,
        entered: Callable[[str], None] = lambda _: None,
        limit: Callable[[float], None] = lambda _: None,
    ) -> None:
        """`entered` and `limit` are told what a `Worker` tells them."""
        self._entered = entered
        self._limit = limit
        self._own = own = work.own_folder(os.getpid())
        if work.remote is not None:
            work = replace(
                work, folder=own / "out", spools=own / "pages", thumbnails=own / "thumbnails"
            )
        self._work = work
        self._worker = Worker(work, entered, limit)
        self._fetched: Job | None = None
        self._pictures: set[str] = set()

    def do(self, task: Task) -> Reply:
        """Do a task; whatever goes wrong is in the reply."""
        remote = self._work.remote
        try:
            local = self._bring(task)
            if remote is None:
                return self._worker.do(local)
            return self._send(remote, self._worker.do(local))
        except SourceError as error:
            return failed_task(error, task)
        except (OutputError, UsageError) as error:
            return Fatal(error)

    def close(self) -> None:
        """Leave nothing behind."""
        self._worker.close()
        shutil.rmtree(self._own, ignore_errors=True)

    def _bring(self, task: Task) -> Task:
        """The task with its files on this machine."""
        remote = self._work.remote
        if isinstance(task, OpenFile):
            return replace(task, job=self._fetch(task))
        spool = task.spool if remote is None else self._work.spools / task.spool.name
        if isinstance(task, Finish):
            if remote is not None:
                self._limit(task.seconds(self._work.options))
                fetch_pages(remote, spool)
            return replace(task, spool=spool)
        return replace(task, job=self._fetch(task), spool=spool)

    def _fetch(self, task: Task) -> Job:
        """The job with its file on this machine; it is kept for its other pages."""
        job = task.job
        if job.remote is None:
            return job
        if self._fetched is None or self._fetched.remote != job.remote:
            self._worker.close()
            self._fetched = None
            self._limit(task.seconds(self._work.options))
            self._entered("read")
            folder = self._own / "in"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            job.remote.get(folder / job.path.name)
            self._fetched = replace(job, path=folder / job.path.name)
        return replace(job, path=self._fetched.path)

    def _send(self, remote: Remote, answer: Answer) -> Carried:
        """Send what the worker wrote; the answer takes along the pages that the run must see."""
        self._limit(self._work.options.page_timeout)
        self._entered("export")
        for path in files_below(self._work.folder):
            (remote / path.relative_to(self._work.folder).as_posix()).put(path)
            path.unlink()
        for path in files_below(self._work.thumbnails):
            if path.name not in self._pictures:
                (remote / THUMBNAILS / path.name).put(path)
                self._pictures.add(path.name)
        pages = {}
        for path in files_below(self._work.spools):
            name = path.relative_to(self._work.spools).as_posix()
            if isinstance(answer, PageRead):
                (remote / PAGES / name).put(path)
            if path.suffix == ".page" and not isinstance(answer, Finished):
                pages[name] = path.read_bytes()
        shutil.rmtree(self._work.spools, ignore_errors=True)
        return Carried(answer, pages)
