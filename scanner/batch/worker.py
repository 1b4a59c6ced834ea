"""A worker: opens files, reads pages and writes results, one task at a time."""

from __future__ import annotations

import hashlib
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from scanner.batch.plan import Job
from scanner.batch.tasks import (
    Answer,
    Failed,
    Fatal,
    Finish,
    Finished,
    Opened,
    OpenFile,
    PageRead,
    ReadPage,
    Task,
    Unchanged,
    Work,
    spool_folder,
)
from scanner.errors import OutputError, UsageError, WeightsError
from scanner.files import printable
from scanner.outputs import MOST_SNIPPETS, ResultWriter
from scanner.pipeline import PageReader, page_reader
from scanner.reading import describe_failure, open_safely, wanted_pages
from scanner.remote import Stamp
from scanner.results import Failure, summarise_page
from scanner.sources import Source
from scanner.spool import Entry, Spool
from scanner.stages import stage, watched
from scanner.thumbnails import Thumbnails


class Worker:
    """Does tasks; the networks are loaded at the first page, and the last file is kept open."""

    def __init__(
        self,
        work: Work,
        entered: Callable[[str], None] = lambda _: None,
        limit: Callable[[float], None] = lambda _: None,
    ) -> None:
        """`entered` is told the name of every stage, `limit` the seconds the next part may take."""
        self._work = work
        self._entered = entered
        self._limit = limit
        self._read_page: PageReader | None = None
        self._source: Source | None = None
        self._stamp: Stamp | None = None
        self._thumbnails = Thumbnails(work.thumbnails)

    def do(self, task: Task) -> Answer:
        """Do a task; whatever goes wrong is in the reply."""
        try:
            match task:
                case OpenFile():
                    return self._open(task)
                case ReadPage():
                    return self._page(task)
                case Finish():
                    return self._finish(task)
        except (OutputError, UsageError, WeightsError) as error:
            return Fatal(error)

    def close(self) -> None:
        """Close the file that is kept open."""
        if self._source is not None:
            self._source.close()
            self._source = None

    def _open(self, task: OpenFile) -> Answer:
        job, digest = task.job, None
        self._limit(task.seconds(self._work.options))
        try:
            with watched(self._entered), stage("read"):
                digest = _digest(job.path)
                if digest is not None and digest == task.known:
                    return Unchanged()
                page_count = self._file(job.path).page_count
                numbers = wanted_pages(job.path, page_count, self._work.options)
        except Exception as error:  # whatever a file does, the others are still wanted
            return _failed(error, job.path, job.source, digest=digest)
        spool = spool_folder(self._work.spools, task.key, job.source, digest or "")
        opened = Opened(digest, spool, page_count, tuple(numbers))
        if len(numbers) > 1:
            return opened
        page = self._page(ReadPage(job, spool, numbers[0], page_count, 0, task.threads))
        if isinstance(page, Failed):
            return replace(opened, page=page, finished=Finished({}, ()))
        finished = self._finish(Finish(job, spool, page_count, 1))
        return replace(opened, page=page, finished=finished)

    def _page(self, task: ReadPage) -> PageRead | Failed:
        job, options = task.job, self._work.options
        try:
            with watched(self._entered) as stages:
                read_page = self._reader(task.threads)
                stages.clear()
                started = time.perf_counter()
                self._limit(options.page_timeout)
                with stage("read"):
                    file = self._file(job.path)
                    picture = file.read(task.number, encoded=self._work.device is not None)
                scanned = read_page(picture)
                with stage("export"):
                    writer = self._writer(job, task.spool)
                    outputs = writer.page(picture, scanned, self._work.forms, task.page_count)
                    most = MOST_SNIPPETS - task.snippets if "xlsx" in self._work.forms else 0
                    snippets = writer.keep_snippets(picture, scanned, most) if most > 0 else 0
            result = summarise_page(scanned.page, time.perf_counter() - started, stages)
            if result.mean_confidence is not None:
                place = job.source, task.number, result.mean_confidence
                self._thumbnails.offer(*place, scanned.image)
            entry = Entry(task.number, result, None, outputs, snippets)
            Spool(task.spool).add(entry, scanned.page)
            return PageRead(task.number, snippets)
        except (OutputError, UsageError, WeightsError):
            raise
        except Exception as error:  # whatever a page does, the others are still wanted
            return _failed(error, job.path, job.source, task.number)

    def _finish(self, task: Finish) -> Finished:
        job = task.job
        self._limit(task.seconds(self._work.options))
        document = Spool(task.spool).document(job.source)
        outputs: dict[str, tuple[str, ...]] = {}
        failed: list[Failed] = []
        writer = self._writer(job, task.spool)
        self._entered("export")
        for form in self._work.forms if document.pages else ():
            try:
                names = writer.document(document, form, task.page_count)
            except OutputError:
                raise
            except Exception as error:  # a mistake in one writer does not cost the other formats
                failed.append(_failed(error, job.path, job.source, stage_name=f"export {form}"))
            else:
                if names:
                    outputs[form] = names
        return Finished(outputs, tuple(failed))

    def _file(self, path: Path) -> Source:
        """The file, open; kept for the next page if it is still the same by then."""
        stamp = Stamp.of(path)
        if self._source is None or (self._source.path, self._stamp) != (path, stamp):
            self.close()
            self._source, self._stamp = open_safely(path, self._work.options), stamp
        return self._source

    def _reader(self, threads: int) -> PageReader:
        if self._read_page is None:
            options = self._work.options.model_copy(update={"threads": threads})
            with stage("models"):
                if self._work.make_reader is not None:
                    self._read_page = self._work.make_reader(options)
                else:
                    self._read_page = page_reader(options, self._work.device)
        return self._read_page

    def _writer(self, job: Job, spool: Path) -> ResultWriter:
        return ResultWriter(
            self._work.folder,
            job.stem,
            job.source,
            self._work.options,
            spool=spool,
            temporary=self._work.temporary,
        )


def failed_task(error: Exception, task: Task) -> Failed:
    """A task whose file cannot be had."""
    page = task.number if isinstance(task, ReadPage) else None
    message = str(error).removeprefix(f"{task.job.address}: ")
    failure = Failure(task.job.source, page, "read", type(error).__name__, printable(message))
    return Failed(failure, "".join(traceback.format_exception(error)))


def _digest(path: Path) -> str | None:
    """The SHA-256 of the file; None where it cannot be read, which opening it will say."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _failed(
    error: Exception,
    path: Path,
    source: str,
    page: int | None = None,
    *,
    stage_name: str = "scan",
    digest: str | None = None,
) -> Failed:
    failure = describe_failure(error, path, source, page, stage_name)
    return Failed(failure, "".join(traceback.format_exception(error)), digest)
