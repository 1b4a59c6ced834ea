"""A file that a run is at work on."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from scanner.batch.plan import Job
from scanner.batch.tasks import Task
from scanner.remote import Stamp
from scanner.results import FileResult
from scanner.spool import Spool


@dataclass(slots=True, eq=False)
class FileAtWork:
    """A file that is being read.

    `before` is what became of it the last time. Of its `total` pages, `left` are not done, and
    of these `waiting` are not given out yet. `snippets` counts the pictures each page left for
    the review. `retried` are the tasks that took a worker down once. `result` is there when the
    file is complete.
    """

    job: Job
    before: FileResult | None
    stamp: Stamp | None
    started: float
    seconds: float = 0.0
    digest: str | None = None
    spool: Spool | None = None
    page_count: int = 0
    total: int = 0
    left: set[int] = field(default_factory=set)
    waiting: deque[int] = field(default_factory=deque)
    snippets: dict[int, int] = field(default_factory=dict)
    retried: set[Task] = field(default_factory=set)
    result: FileResult | None = None

    @property
    def spool_folder(self) -> Path:
        """Where its pages wait; the file must be open."""
        if self.spool is None:
            raise ValueError(f"{self.job.source} is not open")
        return self.spool.folder
