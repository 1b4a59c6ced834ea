"""The program as a library."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from scanner.errors import SourceError, UsageError
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

    def __init__(self, options: Options | None = None) -> None:
        self.options = options or Options()

    def scan(self, path: str | Path) -> Document:
        """Read all pages of a file.

        Pages that fail are listed in the document's `failures`. Raises `SourceError` where the
        file cannot be read at all and `WeightsError` where the networks cannot be loaded.
        """
        return read_document(Path(path), str(path), self.page_reader, self.options)

    def scan_many(self, paths: Iterable[str | Path]) -> Iterator[Result]:
        """Read files, folders and globs, one file after the other as results are asked for.

        What cannot be found or read gives a result with an `error` and ends nothing. Raises
        `WeightsError` where the networks cannot be loaded.
        """
        for path in paths:
            try:
                found = find_inputs([path])
            except UsageError as error:
                yield Result(Path(path), None, SourceError(str(error)), 0.0)
                continue
            for trouble in found.unreadable:
                yield Result(Path(path), None, trouble, 0.0)
            for file in found.files:
                yield self._try(file.path)

    @cached_property
    def page_reader(self) -> PageReader:
        """What reads one page; the networks are loaded when it is first asked for."""
        return page_reader(self.options)

    def _try(self, path: Path) -> Result:
        started = time.monotonic()
        document, error = None, None
        try:
            document = self.scan(path)
        except SourceError as caught:
            error = caught
        return Result(path, document, error, time.monotonic() - started)
