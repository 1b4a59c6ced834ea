"""A run over many files: pages go out to workers, results come back, none is lost.

Files are opened one after the other and their pages read in order, by as many workers as there
are; a file of many pages keeps them all at work, and so do many files of one page. No more is
held in memory than what is in flight: pages wait on the disk until their file is complete.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Self

from scanner.batch.failures import write_bundle
from scanner.batch.file_at_work import FileAtWork
from scanner.batch.journal import Journal, Record, Standing
from scanner.batch.output import open_output
from scanner.batch.plan import Batch, Job
from scanner.batch.pool import available_cores
from scanner.batch.tasks import (
    Carried,
    Failed,
    Fatal,
    Finish,
    Finished,
    Lost,
    Opened,
    OpenFile,
    PageRead,
    ReaderFactory,
    ReadPage,
    Reply,
    Task,
    Unchanged,
    Work,
)
from scanner.batch.workers import Workers, make_workers
from scanner.files import write_atomically
from scanner.options import Options
from scanner.results import Failure, FileResult, Status, status_of
from scanner.spool import Entry, Spool
from scanner.version import program_version
from table_restore.document import Document

log = logging.getLogger(__name__)

_TICK = 0.25
"""Seconds between two looks at workers that say nothing."""

_LAST_MOMENTS = 10.0
"""Seconds that pages in flight are given when the run is to stop."""

PageDone = Callable[[str, int, int, int], None]
"""Told about every page, read or failed: the file's name, the page's number, how many pages of
the file are done, how many it has to read."""


@dataclass(slots=True)
class Tally:
    """What a run found done already, or left to others."""

    done: int = 0
    failed: int = 0
    elsewhere: int = 0

    @property
    def files(self) -> int:
        """The files that this run need not do."""
        return self.done + self.failed + self.elsewhere


class BatchRun:
    """One run of a batch; a context manager that holds the output folder's journal.

    `again` has everything done anew, `retry_failed` what failed before. `share` lets the run
    work beside others in the same folder. Setting `stop` ends the run when the pages in flight
    are done. Raises `BusyError` and `OutputError`.
    """

    def __init__(
        self,
        batch: Batch,
        options: Options,
        *,
        make_reader: ReaderFactory | None = None,
        again: bool = False,
        retry_failed: bool = False,
        share: bool = False,
        stop: threading.Event | None = None,
    ) -> None:
        self.tally = Tally()
        self._batch = batch
        self._options = options
        self._stop = stop or threading.Event()
        with ExitStack() as stack:
            self.output = stack.enter_context(open_output(batch.folder, share=share))
            key = _key(options, make_reader)
            self._journal = Journal(self.output, key, batch.forms, share=share)
            stack.push(self._journal)
            if again or retry_failed:
                self._journal.forget(batch.jobs, only_failed=not again)
            else:
                self._journal.tidy()
            self._stack = stack.pop_all()
        self._work = Work(
            self.output.folder.absolute(),
            batch.forms,
            self._journal.temporary.absolute(),
            self._journal.spools.absolute(),
            self._journal.thumbnails.absolute(),
            options,
            make_reader,
            self.output.remote,
        )
        self._jobs = iter(batch.jobs)
        self._taken: deque[Job] = deque()
        self._open: dict[str, FileAtWork] = {}
        self._retries: deque[Task] = deque()
        self._whole: deque[FileAtWork] = deque()  # all pages read, no document written yet
        self._retry_failed = again or retry_failed
        self._last: FileAtWork | None = None
        self._threads = 1
        self._page_done: PageDone = lambda *_: None

    def results(self, page_done: PageDone = lambda *_: None) -> Iterator[FileResult]:
        """Scan; yields each file as soon as its results are written and recorded.

        One page's failure ends neither its file nor the run. Raises `OutputError` when nothing
        more can be written, `WeightsError` and `WorkerError` when nothing can be read.
        """
        self._page_done = page_done
        workers, self._threads = make_workers(self._work)
        with workers:
            deadline = None
            while True:
                if self._stop.is_set():
                    deadline = deadline or time.monotonic() + _LAST_MOMENTS
                    if time.monotonic() > deadline:
                        break
                else:
                    self._give_out(workers)
                if not workers.busy:
                    break
                complete: list[FileAtWork] = []
                for task, reply, seconds in workers.poll(_TICK):
                    complete += self._handle(task, reply, seconds)
                if complete:
                    yield from self._record(complete)
        self.tally.elsewhere = len(self._taken)
        if not self._open and self._journal.clear_spools():
            self.output.remove_pages()

    def document(self) -> Document:
        """The document of the result given last; it is gone when the next one is asked for."""
        if self._last is None or self._last.spool is None:
            return Document(self._last.job.source if self._last else "", ())
        return self._last.spool.document(self._last.job.source)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)

    # --- what is next

    def _give_out(self, workers: Workers) -> None:
        while workers.free > 0:
            if self._retries:
                workers.submit(self._retries.popleft(), alone=True)
                continue
            task = self._next()
            if task is None:
                return
            workers.submit(task)

    def _next(self) -> Task | None:
        """Documents to write, then pages of open files, then files."""
        if self._whole:
            file = self._whole.popleft()
            return Finish(file.job, file.spool_folder, file.page_count, file.total)
        for file in self._open.values():
            if file.waiting:
                number = file.waiting.popleft()
                before = sum(count for n, count in file.snippets.items() if n < number)
                folder, count = file.spool_folder, file.page_count
                return ReadPage(file.job, folder, number, count, before, self._threads)
        return self._next_file()

    def _next_file(self) -> OpenFile | None:
        for job in self._jobs:
            task = self._claim(job)
            if task is not None:
                return task
        # What another process was at may be left undone by now.
        for _ in range(len(self._taken)):
            task = self._claim(self._taken.popleft())
            if task is not None:
                return task
        return None

    def _claim(self, job: Job) -> OpenFile | None:
        claim = self._journal.claim(job)
        match claim.standing:
            case Standing.DONE:
                self.tally.done += 1
            case Standing.FAILED:
                self.tally.failed += 1
            case Standing.TAKEN:
                self._taken.append(job)
            case Standing.OURS:
                self._open[job.source] = FileAtWork(job, claim.before, job.stamp, time.time())
                return OpenFile(job, self._journal.key, claim.known, self._first_threads)
        return None

    @property
    def _first_threads(self) -> int:
        """All cores may work on a page that is the only one."""
        here = self._options.cluster is None
        if here and len(self._batch.jobs) == 1 and self._options.threads is None:
            return available_cores()
        return self._threads

    # --- what became of it

    def _handle(self, task: Task, reply: Reply | Lost, seconds: float) -> list[FileAtWork]:
        """Take in a reply; gives the files that are complete by it."""
        file = self._open[task.job.source]
        file.seconds += seconds
        match reply:
            case Carried():
                for name, page in reply.pages.items():
                    write_atomically(self._work.spools / name, page, durable=False)
                return self._handle(task, reply.answer, 0.0)
            case Fatal():
                raise reply.error
            case Lost():
                return self._lost(file, task, reply)
            case Unchanged():
                self._unchanged(file)
                return []
            case Opened():
                return self._opened(file, reply)
            case PageRead():
                file.snippets[reply.number] = reply.snippets
                self._page_is_done(file, reply.number)
                self._see_whether_whole(file)
                return []
            case Finished():
                return [self._complete(file, reply.outputs, reply.failed)]
            case Failed():
                if isinstance(task, ReadPage):
                    self._page_failed(file, task.number, reply)
                    self._see_whether_whole(file)
                    return []
                file.digest = reply.digest
                return [self._complete(file, {}, (reply,))]

    def _lost(self, file: FileAtWork, task: Task, lost: Lost) -> list[FileAtWork]:
        """Once more, in a worker of its own; the second time it is a failure."""
        if task not in file.retried:
            log.debug("%s: %s; it is tried again", task.job.source, lost.message)
            file.retried.add(task)
            self._retries.append(task)
            return []
        number = task.number if isinstance(task, ReadPage) else None
        stage = lost.stage or "start"
        failure = Failure(task.job.source, number, stage, lost.error, lost.message)
        return self._handle(task, Failed(failure, lost.log, file.digest), 0.0)

    def _unchanged(self, file: FileAtWork) -> None:
        self._journal.confirm(file.job, file.stamp)
        well = file.before is not None and file.before.status is Status.OK
        self.tally.done += well
        self.tally.failed += not well
        del self._open[file.job.source]

    def _opened(self, file: FileAtWork, opened: Opened) -> list[FileAtWork]:
        file.digest, file.page_count = opened.digest, opened.page_count
        file.spool = Spool(self._work.spools / opened.spool.name)
        file.left = set(opened.numbers)
        file.total = len(opened.numbers)
        if opened.page is not None:
            (number,) = opened.numbers
            if isinstance(opened.page, Failed):
                self._page_failed(file, number, opened.page)
            else:
                self._page_is_done(file, number)
        if opened.finished is not None:
            return [self._complete(file, opened.finished.outputs, opened.finished.failed)]
        self.output.fetch_pages(file.spool.folder)
        kept = {entry.number: entry for entry in file.spool.entries()}
        for number in opened.numbers:
            entry = kept.get(number)
            if entry is None or (entry.failure is not None and self._retry_failed):
                file.waiting.append(number)
            else:
                file.snippets[number] = entry.snippets
                file.seconds += entry.result.seconds if entry.result else 0.0
                self._page_is_done(file, number)
        self._see_whether_whole(file)
        return []

    def _see_whether_whole(self, file: FileAtWork) -> None:
        if not file.left:
            self._whole.append(file)

    def _page_failed(self, file: FileAtWork, number: int, failed: Failed) -> None:
        failure = self._bundle(file, failed)
        if file.spool is not None:
            page = file.spool.add(Entry(number, failure=failure))
            if file.total > 1:
                self.output.keep_page(page)
        self._page_is_done(file, number)

    def _page_is_done(self, file: FileAtWork, number: int) -> None:
        file.left.discard(number)
        self._page_done(file.job.source, number, file.total - len(file.left), file.total)

    def _complete(
        self, file: FileAtWork, documents: Mapping[str, Sequence[str]], failed: Sequence[Failed]
    ) -> FileAtWork:
        """All that there will be of a file is there; put it together."""
        entries = tuple(file.spool.entries()) if file.spool is not None else ()
        outputs: dict[str, list[str]] = {form: [] for form in self._batch.forms}
        for entry in entries:
            for form, name in (entry.outputs or {}).items():
                outputs[form].append(name)
        for form, names in documents.items():
            outputs[form] += names
        failures = [entry.failure for entry in entries if entry.failure is not None]
        failures += [self._bundle(file, one) for one in failed]
        file.result = FileResult(
            source=file.job.source,
            path=file.job.address,
            status=status_of(failures, outputs),
            digest=file.digest,
            page_count=file.page_count,
            page_results=tuple(entry.result for entry in entries if entry.result is not None),
            outputs=outputs,
            failures=tuple(failures),
            seconds=round(file.seconds, 3),
            started=file.started,
            finished=time.time(),
        )
        return file

    def _bundle(self, file: FileAtWork, failed: Failed) -> Failure:
        log.debug("%s", failed.log)
        job, digest = file.job, failed.digest or file.digest
        folder, forms = self.output.folder, self._batch.forms
        failure = write_bundle(
            folder, job, failed.failure, digest, failed.log, forms, self._options
        )
        self.output.publish(str(failure.bundle))
        return failure

    def _record(self, files: Sequence[FileAtWork]) -> Iterator[FileResult]:
        """See that the results of files are kept; only then they are the caller's."""
        records = []
        for file in files:
            if file.result is not None:
                self.output.remove_old(file.before, file.result)
                records.append(Record(file.job, file.result, file.stamp))
        self._journal.record(records)
        self.output.recorded()
        for file in files:
            del self._open[file.job.source]
        for file in files:
            if file.result is None:
                continue
            self._last = file
            yield file.result
            if file.spool is not None:
                shutil.rmtree(file.spool.folder, ignore_errors=True)
                if file.total > 1:
                    self.output.remove_pages(file.spool.folder)


def _key(options: Options, make_reader: ReaderFactory | None) -> str:
    """Stands for all that results depend on apart from the input and the formats."""
    reader = f"{make_reader.__module__}.{make_reader.__qualname__}" if make_reader else ""
    made_by = {
        "version": program_version(),
        "options": options.result_settings(),
        "reader": reader,
    }
    return hashlib.sha256(json.dumps(made_by, sort_keys=True).encode()).hexdigest()
