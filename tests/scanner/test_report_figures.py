"""What a report is made of: bounded lists, bins, and time at work without its pauses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.report.charts import round_up
from scanner.report.figures import Figures, Smallest, bin_of, gather, without_pauses
from scanner.results import Failure, FileResult, PageResult, Status


def page(number: int, mean: float | None = 0.99) -> PageResult:
    return PageResult(number, 2.0, {"read": 0.5, "recognise": 1.5}, 3, 10, 1, mean, mean)


def result(
    source: str, *pages: PageResult, started: float = 0.0, finished: float = 1.0, failed: int = 0
) -> FileResult:
    failures = tuple(
        Failure(source, 100 + n, "read", "SourceError", "damaged") for n in range(failed)
    )
    status = Status.PARTIAL if failures else Status.OK
    outputs = {"overlay": [f"{source}.overlay-{p.number:04}.png" for p in pages]}
    return FileResult(
        source, source, status, None, len(pages), pages, outputs, failures, 2.0, started, finished
    )


@given(st.lists(st.integers(0, 50)), st.integers(1, 10))
def test_the_first_ones_are_kept_and_the_others_counted(keys: list[int], most: int) -> None:
    smallest: Smallest[int] = Smallest(most)
    for key in keys:
        smallest.add((key,), key)
    assert smallest.items == sorted(keys)[:most]
    assert smallest.left_out == max(0, len(keys) - most)


def test_figures_are_sums_over_files() -> None:
    figures = gather([result("a", page(1), page(2, None)), result("b", page(1, 0.5), failed=2)])
    assert (figures.pages, figures.pages_failed, figures.pages_without_text) == (3, 2, 1)
    assert (figures.files[Status.OK], figures.files[Status.PARTIAL]) == (1, 1)
    assert (figures.tables, figures.lines, figures.words) == (3, 9, 30)
    assert figures.stages == {"read": 1.5, "recognise": 4.5}
    assert (figures.confidences[0], figures.confidences[-1]) == (1, 1)
    assert [one.source for one in figures.doubtful.items] == ["b", "a"]


def test_a_page_of_many_knows_its_own_picture() -> None:
    figures = gather([result("a", page(1), page(12, 0.4))])
    assert figures.doubtful.items[0].results() == {"overlay": "a.overlay-0012.png"}


def test_lists_of_a_long_run_are_bounded() -> None:
    figures = Figures()
    for n in range(3000):
        figures.add(result(f"{n:05}", page(1, n / 3000), failed=1))
    assert len(figures.failures.items) + figures.failures.left_out == 3000
    assert len(figures.doubtful.items) < 100
    assert figures.doubtful.items[0].source == "00000"


@pytest.mark.parametrize(
    ("confidence", "place"), [(0.0, 0), (0.7999, 0), (0.8, 1), (0.99, 20), (0.9999, 20), (1, 20)]
)
def test_bins_have_one_percent_above_80(confidence: float, place: int) -> None:
    assert bin_of(confidence) == place


def test_pauses_between_runs_are_no_time_at_work() -> None:
    starts, ends, pauses = without_pauses(
        np.array([1010.0, 0.0, 1000.0]), np.array([1020.0, 10.0, 1015.0])
    )
    assert starts.tolist() == [20, 0, 10]
    assert ends.tolist() == [30, 10, 25]
    assert pauses == 1


def test_speed_is_pages_over_time() -> None:
    files = [
        result(f"{n}", page(1), page(2), started=100.0 + n, finished=101.0 + n) for n in range(10)
    ]
    slow = [result("slow", *(page(n) for n in range(1, 11)), started=110, finished=130)]
    speed = gather(files + slow).speed()
    assert speed.seconds == pytest.approx(30)
    assert speed.rates == pytest.approx((2, 2, 0.5, 0.5, 0.5, 0.5))
    assert Figures().speed().rates == ()


@pytest.mark.parametrize(
    ("value", "top"), [(0, 1), (0.03, 0.04), (1, 1), (1.1, 2), (4.5, 5), (7, 10), (10, 10)]
)
def test_scales_end_at_round_numbers(value: float, top: float) -> None:
    assert round_up(value) == pytest.approx(top)
