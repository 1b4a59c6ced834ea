"""What became of files and pages: the types that the journal keeps and reports are made of."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from table_restore.document import Page, PageFailure


class Status(StrEnum):
    """How a file came out: whole, with pages or formats missing, or not at all."""

    OK = "ok"
    PARTIAL = "partial"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Failure(PageFailure):
    """A page, or with `page` None a file, that failed.

    `bundle` is the folder, relative to the output folder, that holds what is needed to make it
    happen again (`scanner replay`).
    """

    bundle: str | None = None


@dataclass(frozen=True, slots=True)
class PageResult:
    """A page that was read.

    `seconds` is what it took in all, `stages` its parts by the stages' names. Confidences, 0 to 1,
    are those of the words (the mean weighted by their characters), None where there are none.
    """

    number: int
    seconds: float
    stages: Mapping[str, float]
    lines: int
    words: int
    tables: int
    mean_confidence: float | None
    min_confidence: float | None


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one input file.

    `source` is its name in documents and in the manifest, `path` where it lies, `digest` the
    SHA-256 of its content (None where that could not be read). `outputs` has the files written
    for each format, relative to the output folder. `page_count` counts the pages of the file,
    `page_results` has those that were read. `seconds` is the time that was worked on it;
    `started` and `finished` are in seconds since 1970, UTC.
    """

    source: str
    path: str
    status: Status
    digest: str | None
    page_count: int
    page_results: tuple[PageResult, ...]
    outputs: Mapping[str, Sequence[str]]
    failures: tuple[Failure, ...]
    seconds: float
    started: float = field(compare=False)
    finished: float = field(compare=False)

    @property
    def pages(self) -> int:
        """How many pages were read."""
        return len(self.page_results)

    @property
    def tables(self) -> int:
        """How many tables were found."""
        return sum(page.tables for page in self.page_results)


def summarise_page(page: Page, seconds: float, stages: Mapping[str, float]) -> PageResult:
    """The figures of a page that was read."""
    lines = tuple(page.lines)
    words = [word for line in lines for word in line.words]
    weight = sum(len(word.text) for word in words)
    total = math.fsum(word.confidence * len(word.text) for word in words)
    return PageResult(
        number=page.number,
        seconds=round(seconds, 4),
        stages={name: round(spent, 4) for name, spent in stages.items()},
        lines=len(lines),
        words=len(words),
        tables=len(page.tables),
        mean_confidence=round(total / weight, 4) if weight else None,
        min_confidence=min((round(word.confidence, 4) for word in words), default=None),
    )


def status_of(failures: Sequence[PageFailure], outputs: Mapping[str, Sequence[str]]) -> Status:
    """Whole without failures; partial where something was written all the same."""
    if not failures:
        return Status.OK
    return Status.PARTIAL if any(outputs.values()) else Status.FAILED
