"""The program as a library."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from scanner.batch import Batch, BatchRun, Job, ReaderFactory
from scanner.batch.pool import default_workers
from scanner.errors import SourceError, UsageError
from scanner.files import printable
from scanner.inputs import find_inputs
from scanner.options import Options
from scanner.pipeline import PageReader, page_reader
from scanner.reading import read_document
from table_restore.document import Document


@dataclass(frozen=True, slots=True)
class Result:
    """One file of `Scanner.scan_many`: either a document or the reason why there is none."""

    path: Path
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
        file cannot be read at all and `WeightsError` where the networks cannot be loaded.
        """
        return read_document(Path(path), str(path), self.page_reader, self.options)

    def scan_many(self, paths: Iterable[str | Path]) -> Iterator[Result]:
        """Read files, folders and globs; what cannot be read gives a result with an `error`.

        One file after the other is read as results are asked for. With the option `workers` that
        many processes read, and results come as they are done; a page that crashes, hangs or
        takes too much memory is then a failure like any other. (Python's rule for processes: the
        calling script needs its `if __name__ == "__main__":`.) So it is with every `device` but
        the processor, unless `workers` is 0: there one page at a time would leave it idle.

        Raises `WeightsError` where the networks cannot be loaded, `UsageError` where there is no
        such device.
        """
        workers = self.options.workers
        if workers is None and self.options.device != "cpu" and self.make_reader is None:
            workers = default_workers()
        for path in paths if not workers else ():
            files, troubles = _find(path)
            yield from troubles
            for file in files:
                yield self._try(file)
        if workers:
            options = self.options.model_copy(update={"workers": workers})
            yield from self._scan_with_workers(paths, options)

    def _scan_with_workers(self, paths: Iterable[str | Path], options: Options) -> Iterator[Result]:
        jobs: dict[str, Job] = {}
        for path in paths:
            files, troubles = _find(path)
            yield from troubles
            for file in files:
                name = printable(str(file))
                jobs[name] = Job(file, name, str(len(jobs)))
        with tempfile.TemporaryDirectory(prefix="scanner-") as folder:
            batch = Batch(tuple(jobs.values()), Path(folder), ())
            with BatchRun(batch, options, make_reader=self.make_reader) as run:
                for result in run.results():
                    path, seconds = Path(result.path), result.seconds
                    whole = [failure for failure in result.failures if failure.page is None]
                    if whole:
                        error = SourceError(f"{result.source}: {whole[0].message}")
                        yield Result(path, None, error, seconds)
                    else:
                        yield Result(path, run.document(), None, seconds)

    @cached_property
    def page_reader(self) -> PageReader:
        """What reads one page; the networks are loaded when it is first asked for."""
        return (self.make_reader or page_reader)(self.options)

    def _try(self, path: Path) -> Result:
        started = time.monotonic()
        document, error = None, None
        try:
            document = self.scan(path)
        except SourceError as caught:
            error = caught
        return Result(path, document, error, time.monotonic() - started)


def _find(path: str | Path) -> tuple[list[Path], list[Result]]:
    """The files that a path names, and what kept files from being found."""
    try:
        found = find_inputs([path])
    except UsageError as error:
        return [], [Result(Path(path), None, SourceError(str(error)), 0.0)]
    troubles = [Result(Path(path), None, trouble, 0.0) for trouble in found.unreadable]
    return [file.path for file in found.files], troubles
