"""What the run asks of its workers, and what they answer; all of it travels between processes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.batch.plan import Job
from scanner.device.address import Address
from scanner.errors import ScannerError
from scanner.options import Options
from scanner.remote import Remote
from scanner.results import Failure

if TYPE_CHECKING:  # it brings PyTorch, which only workers need
    from scanner.pipeline import PageReader

ReaderFactory = Callable[[Options], "PageReader"]
"""Makes what reads pages, in every worker once; of a module's top level, so that it travels."""

_HASHED_A_SECOND = 10e6
"""Bytes; slower is a network drive that has gone away."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is the same for all tasks of a run.

    Results go to `folder` in the formats `forms`; half-written ones lie in `temporary`, pages of
    unfinished files below `spools`, small pictures for the report in `thumbnails`. Where there
    is `remote`, an output folder at a URL, results, pages and pictures go there from these
    folders, which are a worker's own then. `make_reader` makes what reads pages, by default the
    program's own networks; these are run by the process at `device`, if there is one.
    """

    folder: Path
    forms: tuple[str, ...]
    temporary: Path
    spools: Path
    thumbnails: Path
    options: Options
    make_reader: ReaderFactory | None = None
    remote: Remote | None = None
    device: Address | None = None

    def own_folder(self, process: int) -> Path:
        """Where a worker process keeps what nobody else needs."""
        return self.temporary / f"process-{process}"


@dataclass(frozen=True, slots=True)
class OpenFile:
    """Open a file and count its pages; if it is one, read it and write the results.

    A file whose content is still `known` (its SHA-256) is left alone. `key` says for what
    options and version pages are kept in the spool.
    """

    job: Job
    key: str
    known: str | None
    threads: int

    def seconds(self, options: Options) -> float:
        """The most that this may take."""
        stamp = self.job.stamp
        return options.page_timeout + (stamp.size / _HASHED_A_SECOND if stamp else 0)


@dataclass(frozen=True, slots=True)
class ReadPage:
    """Read page `number` of a file of `page_count` into the spool, and write its pictures.

    `snippets` of the pages before it are kept already.
    """

    job: Job
    spool: Path
    number: int
    page_count: int
    snippets: int
    threads: int

    def seconds(self, options: Options) -> float:
        """The most that this may take."""
        return options.page_timeout


@dataclass(frozen=True, slots=True)
class Finish:
    """Write the documents of a file whose pages, `pages` of them, are all in the spool."""

    job: Job
    spool: Path
    page_count: int
    pages: int

    def seconds(self, options: Options) -> float:
        """The most that this may take."""
        return options.page_timeout * max(1, self.pages)


Task = OpenFile | ReadPage | Finish


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The file is as it was when an earlier run finished it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The file's pages are `numbers` of `page_count`; the pages in the spool count as read.

    Where there was one page, `page` and `finished` tell of it.
    """

    digest: str | None
    spool: Path
    page_count: int
    numbers: tuple[int, ...]
    page: PageRead | Failed | None = None
    finished: Finished | None = None


@dataclass(frozen=True, slots=True)
class PageRead:
    """The page is in the spool, with so many `snippets`."""

    number: int
    snippets: int


@dataclass(frozen=True, slots=True)
class Finished:
    """The files that were written of the document, for each format, and what failed."""

    outputs: Mapping[str, tuple[str, ...]]
    failed: tuple[Failed, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """The file, page or format cannot be had; `log` has the traceback."""

    failure: Failure
    log: str
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Fatal:
    """Nothing more can be done in this run: disk full, weights missing."""

    error: ScannerError


@dataclass(frozen=True, slots=True)
class Lost:
    """The worker is gone; `message` says how, `stage` what it was at, `log` what it printed."""

    error: str
    message: str
    stage: str
    log: str


Answer = Unchanged | Opened | PageRead | Finished | Failed | Fatal


@dataclass(frozen=True, slots=True)
class Carried:
    """The answer of a worker whose folders the run does not see, and pages of the spool with it."""

    answer: Answer
    pages: Mapping[str, bytes]


Reply = Answer | Carried


def spool_folder(root: Path, key: str, source: str, digest: str) -> Path:
    """Where the pages of a file of this content, read with these settings, are kept."""
    name = hashlib.sha256("\0".join((key, source, digest)).encode("utf-8", "replace"))
    return root / name.hexdigest()[:32]
