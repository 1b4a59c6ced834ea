"""What the person at the terminal sees: a bar or plain lines, failures, and a summary."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from scanner.batch import Tally
from scanner.results import FileResult, Status
from table_restore.document import PageFailure

# Without a bar, a long file says how far it is no more often than this, in seconds.
_SIGN_OF_LIFE = 15.0


class Verbosity(IntEnum):
    """How much is said on the terminal."""

    QUIET = 0
    NORMAL = 1
    VERBOSE = 2


@dataclass(slots=True)
class Totals:
    """What a run has done so far."""

    ok: int = 0
    partial: int = 0
    failed: int = 0
    pages: int = 0
    tables: int = 0
    failures: int = 0

    @property
    def files(self) -> int:
        return self.ok + self.partial + self.failed

    def add(self, result: FileResult) -> None:
        """Count a file that is done."""
        self.ok += result.status is Status.OK
        self.partial += result.status is Status.PARTIAL
        self.failed += result.status is Status.FAILED
        self.pages += result.pages
        self.tables += result.tables
        self.failures += len(result.failures)


class Reporter:
    """Follows a run of `files` files on the terminal.

    Failures go to stderr, as does the bar, which is shown where stderr is a terminal; a line a
    file goes to stdout where no bar is shown, or stdout is kept in a file, or with `VERBOSE`.
    """

    def __init__(self, files: int, verbosity: Verbosity, tally: Tally) -> None:
        """`tally` tells, as the run goes on, what needs not be done."""
        self.totals = Totals()
        self._tally = tally
        self._begun: dict[str, float] = {}  # how much is done of files that are being read
        self._verbosity = verbosity
        self._out = Console(highlight=False, soft_wrap=True)
        self._err = Console(highlight=False, soft_wrap=True, stderr=True)
        bar = self._err.is_terminal and verbosity > Verbosity.QUIET
        self._lines = verbosity > Verbosity.NORMAL or (
            verbosity == Verbosity.NORMAL and not (bar and self._out.is_terminal)
        )
        self._progress = Progress(
            BarColumn(bar_width=None),
            MofNCompleteColumn(),
            TextColumn(
                "files · {task.fields[pages]} pages · {task.fields[speed]:.2f} pages/s · left"
            ),
            TimeRemainingColumn(),
            console=self._err,
            refresh_per_second=4,
            speed_estimate_period=300,
            transient=True,
            disable=not bar,
        )
        self._task = self._progress.add_task("", total=files, pages=0, speed=0.0)
        self._pages = 0
        self._started = self._last_sign = time.monotonic()

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Take the bar away."""
        self._progress.stop()

    def page(self, source: str, number: int, done: int, total: int) -> None:
        """A page of a file is done, well or not, as the one of so many."""
        self._pages += 1
        self._begun[source] = done / total
        self._move()
        now = time.monotonic()
        long_silence = total > 1 and now - self._last_sign > _SIGN_OF_LIFE
        if self._verbosity is Verbosity.VERBOSE or (self._lines and long_silence):
            self._say(f"{source}: page {number} ({done} of {total})")
            self._last_sign = now

    def file(self, result: FileResult) -> None:
        """A file is done, its results are written."""
        self.totals.add(result)
        self._begun.pop(result.source, None)
        self._move()
        for failure in result.failures:
            self._err.print(Text(describe(failure), style="red"))
        if self._lines and result.status is not Status.FAILED:
            parts = [count(result.pages, "page"), count(result.tables, "table")]
            self._say(f"{result.source}: {', '.join(parts)}, {result.seconds:.1f} s")
            self._last_sign = time.monotonic()

    def trouble(self, text: str) -> None:
        """Something that kept files from being found."""
        self.totals.failures += 1
        self._err.print(Text(text, style="red"))

    def note(self, text: str) -> None:
        """Something worth knowing that is no failure."""
        if self._verbosity > Verbosity.QUIET:
            self._err.print(Text(text))

    def summary(self, *, skipped: int) -> None:
        """Close with a table of what was done."""
        if self._verbosity is Verbosity.QUIET:
            return
        totals, seconds = self.totals, time.monotonic() - self._started
        files = [f"{totals.ok} ok", f"{totals.partial} partial", f"{totals.failed} failed"]
        rows = [
            ("Files", f"{totals.files} ({', '.join(files)})"),
            ("Pages", str(totals.pages)),
            ("Tables", str(totals.tables)),
            ("Failures", str(totals.failures)),
            ("Pages a second", f"{totals.pages / seconds:.2f}" if totals.pages else "-"),
        ]
        done_before = self._tally.done + self._tally.failed
        if done_before:
            rows.insert(1, ("Done by an earlier run", str(done_before)))
        if self._tally.elsewhere:
            rows.insert(1, ("Left to other runs", str(self._tally.elsewhere)))
        if skipped:
            rows.append(("Skipped, not scans", str(skipped)))
        table = Table(box=box.SIMPLE, show_header=False)
        for name, value in rows:
            table.add_row(name, value)
        self._out.print(table)

    def _move(self) -> None:
        completed = self.totals.files + self._tally.files + sum(self._begun.values())
        speed = self._pages / max(time.monotonic() - self._started, 1e-3)
        self._progress.update(self._task, completed=completed, pages=self._pages, speed=speed)

    def _say(self, text: str) -> None:
        self._out.print(Text(text))


def describe(failure: PageFailure) -> str:
    """A failure in one line: file: page N: stage: message."""
    page = "" if failure.page is None else f"page {failure.page}: "
    return f"{failure.source}: {page}{failure.stage}: {failure.message}"


def count(number: int, noun: str) -> str:
    """ "1 page", "2 pages"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
