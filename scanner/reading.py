"""One file from its first page to its last, whatever happens to a page on the way."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from scanner.errors import OutputError, ScannerError, SourceError
from scanner.files import printable
from scanner.images import SourcePage
from scanner.options import Options
from scanner.pipeline import ScannedPage
from scanner.sources import Source, display_name, open_source
from table_restore.document import Document, Page, PageFailure

log = logging.getLogger(__name__)

# What reads a page: `pipeline.scan_page` with its models and options bound.
PageReader = Callable[[SourcePage], ScannedPage]


class PageWatcher:
    """Told about every page of a file as it is done; this one does nothing.

    `page_count` is that of the whole file, also where only some of its pages are read.
    """

    def read(self, source: SourcePage, scanned: ScannedPage, page_count: int) -> None:
        """A page was read; the pictures are not kept after this call."""

    def failed(self, failure: PageFailure, page_count: int) -> None:
        """A page could not be read."""


def read_document(
    path: Path,
    name: str,
    read_page: PageReader,
    options: Options,
    watcher: PageWatcher | None = None,
) -> Document:
    """Read every page that the options ask for; `name` is what the document calls its source.

    A page that fails is recorded in the document and the others go on. Raises `SourceError`
    where the file cannot be opened or has none of the pages, `OutputError` from the watcher.
    """
    watcher = watcher or PageWatcher()
    pages: list[Page] = []
    failures: list[PageFailure] = []
    with ExitStack() as stack:
        source = _open(stack, path, options)
        count = source.page_count
        numbers = [n for n in range(1, count + 1) if options.wants_page(n)]
        if not numbers:
            raise SourceError(
                f"{display_name(path)}: has none of the pages asked for; its last page is {count}"
            )
        for number in numbers:
            try:
                picture = source.read(number)
                scanned = read_page(picture)
                pages.append(scanned.page)
                watcher.read(picture, scanned, count)
            except OutputError:
                raise
            except Exception as error:  # whatever a page does, the others are still wanted
                failures.append(describe_failure(error, path, name, number))
                watcher.failed(failures[-1], count)
    return Document(name, tuple(pages), tuple(failures))


def _open(stack: ExitStack, path: Path, options: Options) -> Source:
    try:
        return stack.enter_context(open_source(path, options))
    except ScannerError:
        raise
    except Exception as error:  # a decoder stumbled over something nobody thought of
        raise SourceError(f"{display_name(path)}: cannot be read: {error}") from error


def describe_failure(
    error: Exception, path: Path, name: str, page: int | None = None, stage: str = "scan"
) -> PageFailure:
    """What the user is told about an error in `path`; the traceback goes to the debug log.

    `stage` is where it happened if the error does not say so itself. The message does not
    repeat the file and the page.
    """
    log.debug("%s: page %s", name, page, exc_info=error)
    if isinstance(error, ScannerError):
        stage = error.stage
    message = str(error)
    for place in (f"{display_name(path)}, page {page}: ", f"{display_name(path)}: "):
        message = message.removeprefix(place)
    message = printable(" ".join(message.split())) or type(error).__name__
    return PageFailure(name, page, stage, type(error).__name__, message)
