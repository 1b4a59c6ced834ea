"""What a machine sees of a run: one JSON object a line on stderr."""

from __future__ import annotations

import json
import sys
import time
from typing import Self

from scanner.console.progress import Totals
from scanner.manifest import manifest_entry
from scanner.results import FileResult


class JsonReporter:
    """Follows a run as `progress.Reporter` does; `pages` has every page logged too."""

    def __init__(self, files: int, *, pages: bool = False) -> None:
        self.totals = Totals()
        self._pages = pages
        self._started = time.monotonic()
        log_event("run_started", files=files)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def stop(self) -> None:
        """There is nothing to take away."""

    def page(self, source: str, number: int, done: int, total: int) -> None:
        """A page of a file is done, well or not, as the one of so many."""
        if self._pages:
            log_event("page_done", source=source, page=number, done=done, total=total)

    def file(self, result: FileResult) -> None:
        """A file is done, its results are written."""
        self.totals.add(result)
        for failure in result.failures:
            log_event(
                "file_failed" if failure.page is None else "page_failed",
                source=failure.source,
                page=failure.page,
                stage=failure.stage,
                type=failure.error,
                message=failure.message,
                bundle=failure.bundle,
            )
        log_event("file_done", **manifest_entry(result))

    def trouble(self, text: str) -> None:
        """Something that kept files from being found."""
        self.totals.failures += 1
        log_event("input_failed", message=text)

    def note(self, text: str) -> None:
        """Something worth knowing that is no failure."""
        log_event("note", message=text)

    def summary(self, *, skipped: int) -> None:
        """Close with the sums."""
        totals = self.totals
        log_event(
            "run_finished",
            ok=totals.ok,
            partial=totals.partial,
            failed=totals.failed,
            pages=totals.pages,
            tables=totals.tables,
            failures=totals.failures,
            skipped=skipped,
            seconds=round(time.monotonic() - self._started, 3),
        )


def log_event(event: str, **facts: object) -> None:
    """Write one line; `time` is UTC."""
    now = time.time()
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now % 1 * 1000):03}Z"
    line = json.dumps({"time": stamp, "event": event, **facts}, ensure_ascii=False)
    print(line, file=sys.stderr, flush=True)
