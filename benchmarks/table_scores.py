"""One system's tables on one page against the truth, and the figures of many pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import mean
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.table_datasets import WITHOUT_TABLES, TableSample
from benchmarks.table_metrics.adjacency import (
    IOUS,
    boxed,
    ctdar_counts,
    icdar2013_counts,
    weighted_f1,
)
from benchmarks.table_metrics.counts import Counts
from benchmarks.table_metrics.grits import grits_content, grits_topology
from benchmarks.table_metrics.ink import Ink
from benchmarks.table_metrics.pages import (
    Pair,
    detection_counts,
    joined_cells,
    paired,
    same_structure,
    table_has_structure,
)
from benchmarks.table_metrics.plain import PlainTable
from benchmarks.table_metrics.teds import teds

DETECTION_IOUS = (0.6, 0.8)
TOLERANCE = 0.2
"""Share of a text's characters that recognition may get wrong where errors are read through."""


@dataclass(frozen=True, slots=True)
class TableScore:
    """How well one true table was found; all zero where it was not."""

    teds: float = 0.0
    teds_struct: float = 0.0
    grits_topology: float = 0.0
    grits_content: float = 0.0
    exact: bool = False


@dataclass(frozen=True, slots=True)
class PageScore:
    """How well the tables of a page were found; what a set has no truth for stays empty."""

    sample: TableSample
    found: int
    error: str | None = None
    detection: dict[float, Counts] = field(default_factory=dict)
    adjacency: Counts | None = None
    adjacency_read_through: Counts | None = None
    adjacency_by_iou: dict[float, Counts] = field(default_factory=dict)
    adjacency_in_matched_tables: dict[float, Counts] = field(default_factory=dict)
    tables: tuple[TableScore, ...] = ()
    exact: bool | None = None
    joined: int | None = None

    @property
    def value(self) -> float:
        """One number to order pages by, 0 to 1: the adjacency F1 of the set's kind."""
        if self.adjacency is not None:
            return self.adjacency.f1
        if self.adjacency_by_iou:
            return weighted_f1(self.adjacency_by_iou)
        return float(self.found == 0)


def score_page(
    sample: TableSample, found: Sequence[PlainTable], error: str | None = None
) -> PageScore:
    """The measures that the sample's truth allows; tables are located by the texts in them."""
    if sample.set in WITHOUT_TABLES:
        return PageScore(sample, len(found), error)
    inks = [table.ink_box for table in found]
    if sample.boxed:
        return _score_boxed(sample, found, error)
    truths = [table.ink_box for table in sample.tables]
    pairs = paired(sample.tables, found)
    return PageScore(
        sample,
        len(found),
        error,
        {iou: detection_counts(truths, inks, iou) for iou in DETECTION_IOUS},
        icdar2013_counts(pairs),
        icdar2013_counts(pairs, TOLERANCE),
        tables=tuple(_score_table(pair) for pair in pairs if pair[0] is not None),
        exact=same_structure(sample.tables, found),
        joined=joined_cells(sample.tables, found),
    )


def _score_boxed(
    sample: TableSample,
    found: Sequence[PlainTable],
    error: str | None,
) -> PageScore:
    """The score where the truth is boxes; both sides' boxes are shrunk to the ink."""
    with Image.open(sample.image) as picture:
        ink = Ink(np.array(picture.convert("RGB")))
    truths = [table.shrunk(ink) for table in sample.boxed]
    results = [boxed(table).shrunk(ink) for table in found]
    regions, found_regions = [t.box for t in truths], [r.box for r in results]
    return PageScore(
        sample,
        len(found),
        error,
        {iou: detection_counts(regions, found_regions, iou) for iou in DETECTION_IOUS},
        adjacency_by_iou=ctdar_counts(truths, results),
        adjacency_in_matched_tables=ctdar_counts(truths, results, table_iou=0.8),
    )


def _score_table(pair: Pair) -> TableScore:
    truth, found = pair
    if truth is None or found is None:
        return TableScore()
    return TableScore(
        teds(truth, found),
        teds(truth, found, structure_only=True),
        grits_topology(truth, found),
        grits_content(truth, found),
        table_has_structure(truth, found),
    )


def summary(scores: Sequence[PageScore]) -> dict[str, Any]:
    """The figures of one system over pages of one set.

    Relations and regions are counted over all pages before rates are taken, the measures of a
    table averaged over the true tables (0 for one not found), exactness over pages and tables.
    """
    result: dict[str, Any] = {
        "pages": len(scores),
        "failed": sum(score.error is not None for score in scores),
        "tables_found": sum(score.found for score in scores),
    }
    if scores[0].sample.set in WITHOUT_TABLES:
        return result | {"pages_with_false_tables": sum(score.found > 0 for score in scores)}
    for iou in DETECTION_IOUS:
        counts = _total([score.detection[iou] for score in scores])
        result |= _rates(f"detection_{iou}", counts)
    if scores[0].adjacency_by_iou:
        result |= _rates_by_iou("adjacency", [s.adjacency_by_iou for s in scores])
        matched_tables = [score.adjacency_in_matched_tables for score in scores]
        return result | _rates_by_iou("adjacency_in_matched_tables", matched_tables)
    exact_text = [score.adjacency for score in scores if score.adjacency]
    result |= _rates("adjacency", _total(exact_text))
    result["adjacency_f1_mean_of_pages"] = round(mean(counts.f1 for counts in exact_text), 4)
    read_through = [s.adjacency_read_through for s in scores if s.adjacency_read_through]
    result |= _rates("adjacency_read_through", _total(read_through))
    tables = [table for score in scores for table in score.tables]
    for name in ("teds", "teds_struct", "grits_topology", "grits_content"):
        result[name] = round(mean(getattr(table, name) for table in tables), 4)
    result["exact_tables"] = round(mean(float(table.exact) for table in tables), 4)
    result["exact_pages"] = round(mean(float(score.exact or 0) for score in scores), 4)
    result["joined_cells"] = sum(score.joined or 0 for score in scores)
    result["true_cells"] = sum(
        bool(cell.text.strip())
        for score in scores
        for table in score.sample.tables
        for cell in table.cells
    )
    return result


def _total(counts: Sequence[Counts]) -> Counts:
    return sum(counts, Counts())


def _rates(name: str, counts: Counts) -> dict[str, float]:
    return {
        f"{name}_precision": round(counts.precision, 4),
        f"{name}_recall": round(counts.recall, 4),
        f"{name}_f1": round(counts.f1, 4),
    }


def _rates_by_iou(name: str, pages: Sequence[dict[float, Counts]]) -> dict[str, float]:
    totals = {iou: _total([counts[iou] for counts in pages]) for iou in IOUS}
    rates = {f"{name}_f1_{iou}": round(totals[iou].f1, 4) for iou in IOUS}
    return rates | {f"{name}_weighted_f1": round(weighted_f1(totals), 4)}
