"""The program as a library."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from scanner.batch import Batch, BatchRun, Job, ReaderFactory, plan_batch
from scanner.batch.pool import default_workers
from scanner.errors import SourceError, UsageError
from scanner.files import printable
from scanner.formats import parse_formats
from scanner.inputs import InputFile, find_inputs
from scanner.options import Options
from scanner.pipeline import PageReader, page_reader
from scanner.reading import read_document
from scanner.remote import Remote, as_place, is_url
from table_restore.document import Document


@dataclass(frozen=True, slots=True)
class Result:
    """One file of `Scanner.scan_many`: either a document or the reason why there is none.

    `path` is a string where the file lies at a URL.
    """

    path: Path | str
    document: Document | None
    error: SourceError | None
    seconds: float


class Scanner:
    """Reads files into documents; the networks are loaded at the first page and then kept.

    document = Scanner().scan("invoice.jpg")
    for table in document.pages[0].tables:
        print(table.rows, table.columns, [cell.text for cell in table.cells])
    """

    def __init__(
        self,
        options: Options | None = None,
        *,
        device: str | None = None,
        make_reader: ReaderFactory | None = None,
    ) -> None:
        """`device` is where the networks run, as in the options: cpu, cuda, cuda:N or auto.

        `make_reader` makes what reads pages, if it is not to be the program's networks.
        """
        settings = (options or Options()).model_dump()
        self.options = Options(**settings | ({"device": device} if device else {}))
        self.make_reader = make_reader

    def scan(self, path: str | Path) -> Document:
        """Read all pages of a file.

        Pages that fail are listed in the document's `failures`. Raises `SourceError` where the
        file cannot be read at all, `UsageError` for a URL that cannot be reached in principle, and
        `WeightsError` where the networks cannot be loaded.
        """
        place = as_place(path)
        if isinstance(place, Path):
            return read_document(place, str(path), self.page_reader, self.options)
        with tempfile.TemporaryDirectory(prefix="scanner-") as folder:
            copy = Path(folder, PurePosixPath(place.path).name)
            Remote(place.url, SourceError).get(copy)
            return read_document(copy, str(path), self.page_reader, self.options)

    def scan_many(
        self,
        paths: Iterable[str | Path],
        *,
        out: str | Path | None = None,
        to: str = "",
    ) -> Iterator[Result]:
        """Read files, folders and globs, of this machine or at URLs.

        What cannot be read gives a result with an `error`. One file after the other is read as
        results are asked for. With the option `workers` that many processes read, and results
        come as they are done; a page that crashes, hangs or takes too much memory is then a
        failure like any other. (Python's rule for processes: the calling script needs its
        `if __name__ == "__main__":`.) So it is with every `device` but the processor, unless
        `workers` is 0: there one page at a time would leave it idle.

        With a folder `out`, or the URL of one, this is what the command does: results in the
        formats `to` ("xlsx,json") are written there, and what is done there already is not done
        again and gives no result. With the option `cluster` there must be one.

        Raises `WeightsError` where the networks cannot be loaded, `UsageError` where there is no
        such device, `WorkerError` where workers cannot be had; with `out`, what the command ends
        with as well.
        """
        if out is None and self.options.cluster is not None:
            raise UsageError("a cluster needs a folder or URL for its results (out)")
        workers = self.options.workers
        if workers is None and self.options.device != "cpu" and self.make_reader is None:
            workers = default_workers(self.options.device)
        if out is not None:
            yield from self._scan_as_batch(paths, self.options, out, to)
            return
        if workers:
            options = self.options.model_copy(update={"workers": workers})
            yield from self._scan_as_batch(paths, options)
            return
        for path in paths:
            files, troubles = _find(path)
            yield from troubles
            for file in files:
                yield self._try(_address(file))

    def _scan_as_batch(
        self,
        paths: Iterable[str | Path],
        options: Options,
        out: str | Path | None = None,
        to: str = "",
    ) -> Iterator[Result]:
        found: dict[Path | str, InputFile] = {}
        place = None if out is None else as_place(out)
        for path in paths:
            files, troubles = _find(path, place)
            yield from troubles
            found |= {_address(file): file for file in files}
        with tempfile.TemporaryDirectory(prefix="scanner-") as folder:
            if place is None:
                batch = Batch(tuple(_plain_jobs(found)), Path(folder), ())
            else:
                forms = parse_formats(to) if to else ()
                batch = plan_batch(list(found.values()), place, forms)
            jobs = {job.source: job for job in batch.jobs}
            with BatchRun(batch, options, make_reader=self.make_reader) as run:
                for result in run.results():
                    job = jobs[result.source]
                    path = job.path if job.remote is None else job.remote.url
                    whole = [failure for failure in result.failures if failure.page is None]
                    if whole:
                        error = SourceError(f"{result.source}: {whole[0].message}")
                        yield Result(path, None, error, result.seconds)
                    else:
                        yield Result(path, run.document(), None, result.seconds)

    @cached_property
    def page_reader(self) -> PageReader:
        """What reads one page; the networks are loaded when it is first asked for."""
        return (self.make_reader or page_reader)(self.options)

    def _try(self, path: Path | str) -> Result:
        started = time.monotonic()
        document, error = None, None
        try:
            document = self.scan(path)
        except SourceError as caught:
            error = caught
        return Result(path, document, error, time.monotonic() - started)


def _plain_jobs(found: Mapping[Path | str, InputFile]) -> Iterator[Job]:
    """Jobs called as their files are, whose results nobody wants to see."""
    for number, (address, file) in enumerate(found.items()):
        yield Job(file.path, printable(str(address)), str(number), file.remote)


def _find(
    path: str | Path, exclude: Path | Remote | None = None
) -> tuple[list[InputFile], list[Result]]:
    """The files that a path or URL names, and what kept files from being found."""
    named = path if is_url(path) else Path(path)
    try:
        found = find_inputs([path], exclude)
    except UsageError as error:
        return [], [Result(named, None, SourceError(str(error)), 0.0)]
    troubles = [Result(named, None, trouble, 0.0) for trouble in found.unreadable]
    return list(found.files), troubles


def _address(file: InputFile) -> Path | str:
    return file.path if file.remote is None else file.remote.url
