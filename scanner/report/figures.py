"""The figures of a report, gathered from the results one after the other.

What is kept of each file is three numbers; lists have a limit and count what they leave out.
"""

from __future__ import annotations

from array import array
from bisect import insort
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from scanner.formats import output_name
from scanner.results import Failure, FileResult, PageResult, Status
from scanner.thumbnails import MOST as MOST_PAGES

MOST_FAILURES = 500

LOWEST_BIN = 80
"""In percent; confidences below it share the first bin, those above have one a percent."""

_MOST_BUCKETS = 60
_PAGES_A_BUCKET = 5

Item = TypeVar("Item")
Places = tuple[float | str | int, ...]


@dataclass(slots=True)
class Smallest(Generic[Item]):
    """The `most` items with the smallest keys, in their order, and how many there were."""

    most: int
    seen: int = 0
    _items: list[tuple[Places, int, Item]] = field(default_factory=list)

    def add(self, key: Places, item: Item) -> None:
        """Keep an item if it belongs to the first ones."""
        self.seen += 1
        if len(self._items) < self.most or key < self._items[-1][0]:
            insort(self._items, (key, self.seen, item), key=lambda entry: entry[:2])
            del self._items[self.most :]

    @property
    def items(self) -> list[Item]:
        return [item for _, _, item in self._items]

    @property
    def left_out(self) -> int:
        return self.seen - len(self._items)


@dataclass(frozen=True, slots=True)
class DoubtfulPage:
    """A page that was read with doubt; `outputs` are the results of its file."""

    source: str
    page_count: int
    result: PageResult
    outputs: Mapping[str, Sequence[str]]

    def results(self) -> dict[str, str]:
        """The file of each format that has the page, relative to the output folder."""
        number, found = self.result.number, {}
        for form, names in self.outputs.items():
            ending = output_name("", form, number)
            for name in names:
                if len(names) == 1 or name.endswith(ending):
                    found[form] = name
        return found


@dataclass(frozen=True, slots=True)
class Speed:
    """Pages a second in equal parts of the time that was worked, `seconds` in all.

    Times in which no file was being worked on, between two runs for example, are cut out;
    `pauses` counts them.
    """

    seconds: float
    pauses: int
    rates: tuple[float, ...]


@dataclass(slots=True)
class Figures:
    """All that a report tells; `confidences` counts pages by bins, see `bin_of`."""

    files: Counter[Status] = field(default_factory=Counter)
    pages: int = 0
    pages_failed: int = 0
    pages_without_text: int = 0
    tables: int = 0
    lines: int = 0
    words: int = 0
    stages: dict[str, float] = field(default_factory=dict)
    page_seconds: float = 0.0
    confidences: list[int] = field(default_factory=lambda: [0] * (100 - LOWEST_BIN + 1))
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    failures: Smallest[Failure] = field(default_factory=lambda: Smallest(MOST_FAILURES))
    doubtful: Smallest[DoubtfulPage] = field(default_factory=lambda: Smallest(MOST_PAGES))
    _started: array[float] = field(default_factory=lambda: array("d"))
    _finished: array[float] = field(default_factory=lambda: array("d"))
    _pages: array[int] = field(default_factory=lambda: array("q"))

    def add(self, result: FileResult) -> None:
        """Take in what became of a file."""
        self.files[result.status] += 1
        for page in result.page_results:
            self._add_page(result, page)
        for failure in result.failures:
            self.pages_failed += failure.page is not None
            self.reasons[failure.stage, failure.error] += 1
            self.failures.add((failure.source, failure.page or 0, failure.stage), failure)
        self._started.append(result.started)
        self._finished.append(max(result.started, result.finished))
        self._pages.append(result.pages)

    def speed(self) -> Speed:
        """How the pages came over time; a file's pages count evenly from its start to its end."""
        if not self._pages:
            return Speed(0.0, 0, ())
        starts, ends, pauses = without_pauses(np.array(self._started), np.array(self._finished))
        pages = np.array(self._pages, dtype=np.float64)
        seconds = float(ends.max())
        count = max(1, min(_MOST_BUCKETS, self.pages // _PAGES_A_BUCKET))
        if seconds <= 0:
            return Speed(0.0, pauses, ())
        edges = np.linspace(0, seconds, count + 1)
        lasted = np.maximum(ends - starts, 1e-9)
        done = [float(pages @ np.clip((edge - starts) / lasted, 0, 1)) for edge in edges]
        rates = np.diff(done) / (seconds / count)
        return Speed(seconds, pauses, tuple(float(rate) for rate in rates))

    def _add_page(self, result: FileResult, page: PageResult) -> None:
        self.pages += 1
        self.tables += page.tables
        self.lines += page.lines
        self.words += page.words
        self.page_seconds += page.seconds
        for name, seconds in page.stages.items():
            self.stages[name] = self.stages.get(name, 0.0) + seconds
        if page.mean_confidence is None:
            self.pages_without_text += 1
            return
        self.confidences[bin_of(page.mean_confidence)] += 1
        key = (page.mean_confidence, result.source, page.number)
        doubtful = DoubtfulPage(result.source, result.page_count, page, result.outputs)
        self.doubtful.add(key, doubtful)


def gather(results: Iterable[FileResult]) -> Figures:
    """The figures of all results."""
    figures = Figures()
    for result in results:
        figures.add(result)
    return figures


def bin_of(confidence: float) -> int:
    """The bin of a confidence, 0 to 1: 0 below `LOWEST_BIN` percent, then one a percent."""
    percent = min(99, int(confidence * 100 + 1e-9))
    return max(0, percent - LOWEST_BIN + 1)


def without_pauses(
    starts: npt.NDArray[np.float64], ends: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], int]:
    """Spans of time moved together, from 0 on, so that nothing between them is left empty.

    Gives the starts, the ends and the number of gaps of more than a second that there were.
    """
    order = np.argsort(starts, kind="stable")
    starts, ends = starts[order], ends[order]
    latest = np.maximum.accumulate(ends)
    gaps = np.maximum(0.0, starts[1:] - latest[:-1])
    shift = starts[0] + np.concatenate(([0.0], np.cumsum(gaps)))
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return (starts - shift)[back], (ends - shift)[back], int(np.count_nonzero(gaps > 1.0))
