"""The speed benchmark's bookkeeping; the times themselves are not tested."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks import speed, speed_worker
from benchmarks.datasets import Sample


def page(name: str, ours: float, peer: float, threads: int = 1) -> speed.Page:
    read = {"characters": 9, "character_errors": 0, "words": 2, "word_errors": 0}
    return {
        "set": "sroie",
        "image": name,
        "threads": threads,
        "seconds": {speed.OURS: ours, speed.PEER: peer},
        "score": {
            speed.OURS: read | {"words_read": 2, "words_found": 2},
            speed.PEER: read | {"words_read": 2, "words_found": 1},
        },
        "stages": {"tables": ours / 4, "detection": ours / 2},
    }


def test_a_set_is_summed_up() -> None:
    figures = speed.summary([page("a", 1.0, 2.0), page("b", 1.0, 4.0), page("c", 2.0, 3.0)])
    assert figures["ratio_of_totals"] == 2.25
    assert figures["ratio_of_median_page"] == 2.0
    assert figures["lowest_ratio"] == 1.5
    assert figures["word_f1"] == {speed.OURS: 1.0, speed.PEER: 0.5}
    assert figures["share_by_stage"] == {"detection": 0.5, "tables": 0.25}


def test_sets_and_threads_are_kept_apart() -> None:
    pages = [page("a", 1.0, 2.0), page("a", 1.0, 3.0, threads=2)]
    rows = speed.report(pages, [], "digest")["summary"]
    assert [(row["threads"], row["ratio_of_totals"]) for row in rows] == [(1, 2.0), (2, 3.0)]


def test_a_page_is_read_by_both() -> None:
    sample = Sample("sroie", "a.png", Path("a.png"), "one two")
    ours = SimpleNamespace(read=lambda scan: {"text": "one two", "seconds": 1.0, "stages": {}})
    peer = SimpleNamespace(read=lambda scan: {"text": "one too", "seconds": 3.0})
    result = speed.compare(sample, 2, ours, peer)  # type: ignore[arg-type]
    assert result["seconds"] == {speed.OURS: 1.0, speed.PEER: 3.0}
    assert speed.summary([result])["word_f1"] == {speed.OURS: 1.0, speed.PEER: 0.5}


def test_a_stopwatch_charges_each_moment_once(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 1.0, 4.0, 9.0])
    monkeypatch.setattr(time, "perf_counter", lambda: next(clock))
    watch = speed_worker.Stopwatch()
    with watch.time("outer"), watch.time("inner"):
        pass
    assert watch.seconds == {"outer": 1.0 + 5.0, "inner": 3.0}


@pytest.mark.parametrize("target", [*speed_worker.STAGES, speed_worker.NETWORK])
def test_what_is_timed_exists(target: str) -> None:
    watch = speed_worker.Stopwatch()
    with watch.time("page"), watch.wrap(target):
        pass
