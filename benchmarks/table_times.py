"""What restoring tables takes, beside recognising their pages and beside img2table, in one run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.table_datasets import TableSample
from benchmarks.table_ours import Ours
from benchmarks.table_peers import Img2Table

ROUNDS = 2
"""So often each page is done; the faster time counts, so that nobody pays for warming up."""


def measure(samples: Sequence[TableSample], ours: Ours, peer: Img2Table | None) -> dict[str, Any]:
    """Seconds of recognising, of restoring and of img2table over some pages, and their ratios.

    The systems take turns on every page, in one thread each, and nothing is taken from a cache but
    the words that img2table is given. Both get the decoded page and its words.
    """
    recognise = restore = other = 0.0
    for sample in samples:
        page = ours.read(sample.image)
        times = []
        for _ in range(ROUNDS):
            own = ours.time(page)
            times.append((*own, peer.time(sample.image, page.source_lines) if peer else 0.0))
        best = [min(column) for column in zip(*times, strict=True)]
        recognise, restore, other = recognise + best[0], restore + best[1], other + best[2]
    result: dict[str, Any] = {
        "pages": [sample.name for sample in samples],
        "recognise_seconds": round(recognise, 3),
        "restore_seconds": round(restore, 3),
        "restore_to_recognise": round(restore / recognise, 4),
    }
    if peer:
        result |= {
            "img2table_seconds": round(other, 3),
            "restore_to_img2table": round(restore / other, 4),
        }
    return result


def spread(samples: Sequence[TableSample], count: int) -> list[TableSample]:
    """At most so many of the samples, evenly over them."""
    step = max(1, len(samples) // count)
    return list(samples[::step][:count])
