"""One file from its first page to its last, whatever happens to a page on the way."""

from __future__ import annotations

import logging
from pathlib import Path

from scanner.errors import ScannerError, SourceError
from scanner.files import printable
from scanner.inputs import display_name
from scanner.options import Options
from scanner.pipeline import PageReader
from scanner.results import Failure
from scanner.sources import Source
from scanner.spreads import open_pages
from table_restore.document import Document, Page, PageFailure

log = logging.getLogger(__name__)


def read_document(path: Path, name: str, read_page: PageReader, options: Options) -> Document:
    """Read every page that the options ask for; `name` is what the document calls its source.

    A page that fails is recorded in the document and the others go on. Raises `SourceError`
    where the file cannot be opened or has none of the pages.
    """
    pages: list[Page] = []
    failures: list[PageFailure] = []
    with open_safely(path, options) as source:
        for number in wanted_pages(path, source.page_count, options):
            try:
                # A device decodes files itself; whoever wants pixels has them decoded.
                page = source.read(number, encoded=options.device != "cpu")
                pages.append(read_page(page).page)
            except Exception as error:  # whatever a page does, the others are still wanted
                failures.append(describe_failure(error, path, name, number))
    return Document(name, tuple(pages), tuple(failures))


def wanted_pages(path: Path, page_count: int, options: Options) -> list[int]:
    """The numbers of the pages to read; raises `SourceError` where the file has none of them."""
    numbers = [n for n in range(1, page_count + 1) if options.wants_page(n)]
    if not numbers:
        raise SourceError(
            f"{display_name(path)}: has none of the pages asked for; its last page is {page_count}"
        )
    return numbers


def open_safely(path: Path, options: Options) -> Source:
    """Open a file to be read; whatever is wrong with it is a `SourceError`."""
    try:
        return open_pages(path, options)
    except ScannerError:
        raise
    except Exception as error:  # a decoder stumbled over something nobody thought of
        raise SourceError(f"{display_name(path)}: cannot be read: {error}") from error


def describe_failure(
    error: Exception, path: Path, name: str, page: int | None = None, stage: str = "scan"
) -> Failure:
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
    return Failure(name, page, stage, type(error).__name__, message)
