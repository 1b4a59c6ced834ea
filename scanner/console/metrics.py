"""What a run has done so far, as a text file for Prometheus's node exporter (textfile collector).

The format is described at https://prometheus.io/docs/instrumenting/exposition_formats/.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from scanner.errors import ScannerError
from scanner.files import write_atomically
from scanner.results import FileResult, Status

_INTERVAL = 10.0  # seconds between two writings at the least
_BOUNDS = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0)


class Metrics:
    """Counts what a run of `files` files does and keeps the file at `path` up to date.

    The first writing raises `ScannerError` where the file cannot be written; later ones pass over
    it, since the run is worth more: the file's own time of update tells.
    """

    def __init__(self, path: Path, files: int) -> None:
        self._path = path
        self._planned = files
        self._started = time.time()
        self._files: Counter[Status] = Counter()
        self._pages = self._pages_failed = 0
        self._stages: dict[str, float] = {}
        self._confidences = [0] * len(_BOUNDS)
        self._confidence_sum = 0.0
        self._written = 0.0
        self._write()

    def page(self) -> None:
        """A page is done; a long file shows that it goes on."""
        if time.monotonic() - self._written > _INTERVAL:
            with suppress(ScannerError):
                self._write()

    def file(self, result: FileResult) -> None:
        """A file is done."""
        self._files[result.status] += 1
        self._pages += result.pages
        self._pages_failed += sum(failure.page is not None for failure in result.failures)
        for page in result.page_results:
            for name, seconds in page.stages.items():
                self._stages[name] = self._stages.get(name, 0.0) + seconds
            if page.mean_confidence is not None:
                self._confidence_sum += page.mean_confidence
                for n, bound in enumerate(_BOUNDS):
                    self._confidences[n] += page.mean_confidence <= bound
        self.page()

    def finish(self) -> None:
        """The run has ended."""
        with suppress(ScannerError):
            self._write()

    def _write(self) -> None:
        text = "".join(f"{line}\n" for line in self._lines())
        write_atomically(self._path, text.encode(), durable=False)
        self._written = time.monotonic()

    def _lines(self) -> Iterator[str]:
        yield from _family("files", "gauge", "Files that the run has to see to.", self._planned)
        yield from _family("pages_done_total", "counter", "Pages read.", self._pages)
        yield from _family("pages_failed_total", "counter", "Pages failed.", self._pages_failed)
        yield from _head("files_done_total", "counter", "Files done, by how they came out.")
        for status in Status:
            yield f'scanner_files_done_total{{status="{status}"}} {self._files[status]}'
        yield from _head("stage_seconds_total", "counter", "Seconds of pages, by stage.")
        for name, seconds in sorted(self._stages.items()):
            yield f'scanner_stage_seconds_total{{stage="{name}"}} {seconds:.4f}'
        yield from _head("page_confidence", "histogram", "Mean confidence of pages' words.")
        for bound, count in zip(_BOUNDS, self._confidences, strict=True):
            yield f'scanner_page_confidence_bucket{{le="{bound}"}} {count}'
        yield f'scanner_page_confidence_bucket{{le="+Inf"}} {self._confidences[-1]}'
        yield f"scanner_page_confidence_sum {self._confidence_sum:.4f}"
        yield f"scanner_page_confidence_count {self._confidences[-1]}"
        for name, text, at in (
            ("started", "When the run began.", self._started),
            ("last_update", "When this file was written.", time.time()),
        ):
            yield from _family(f"{name}_timestamp_seconds", "gauge", text, round(at, 3))


def _head(name: str, kind: str, text: str) -> Iterator[str]:
    yield f"# HELP scanner_{name} {text}"
    yield f"# TYPE scanner_{name} {kind}"


def _family(name: str, kind: str, text: str, value: float) -> Iterator[str]:
    yield from _head(name, kind, text)
    yield f"scanner_{name} {value}"
