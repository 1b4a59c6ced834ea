"""Measures of a whole page: which tables were found, where, and what went wrong in them."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.table_metrics.boxes import matched
from benchmarks.table_metrics.counts import Counts
from benchmarks.table_metrics.plain import PlainCell, PlainTable, normalised
from table_restore.geometry import Box

Pair = tuple[PlainTable | None, PlainTable | None]


def paired(truths: Sequence[PlainTable], founds: Sequence[PlainTable]) -> list[Pair]:
    """(truth, found) tables whose texts overlap, the best overlaps first, then those alone."""
    matches = matched([f.ink_box for f in founds], [t.ink_box for t in truths], iou=0.0)
    pairs: list[Pair] = [(truths[i], founds[j]) for j, i in matches.items()]
    pairs += [(truth, None) for i, truth in enumerate(truths) if i not in matches.values()]
    pairs += [(None, found) for j, found in enumerate(founds) if j not in matches]
    return pairs


def detection_counts(truths: Sequence[Box], founds: Sequence[Box], iou: float) -> Counts:
    """Tables found with at least that IoU, one truth to one found table at most."""
    return Counts(len(matched(founds, truths, iou)), len(truths), len(founds))


def same_structure(truths: Sequence[PlainTable], founds: Sequence[PlainTable]) -> bool:
    """Whether the page has the true tables and no other, all rows, columns, spans alike."""
    return all(
        truth is not None and found is not None and table_has_structure(truth, found)
        for truth, found in paired(truths, founds)
    )


def table_has_structure(truth: PlainTable, found: PlainTable) -> bool:
    """Whether rows and columns are as many and every text's cell covers the same slots.

    Truths do not say whether blank slots are one cell or several, so slots without text in
    both are not compared.
    """
    if (truth.rows, truth.columns) != (found.rows, found.columns):
        return False
    return all(
        truth.owners[slot].place == found.owners[slot].place
        for slot in truth.owners
        if truth.owners[slot].text.strip() or found.owners[slot].text.strip()
    )


def joined_cells(truths: Sequence[PlainTable], founds: Sequence[PlainTable]) -> int:
    """Found cells that hold the text of two or more true cells.

    A true cell is in a found one where most of its ink is inside that one's and its text in
    that one's text. The ink is grown by a quarter of its height, as boxes differ by a little.
    """
    true_cells = [
        cell for table in truths for cell in table.cells if cell.ink and cell.text.strip()
    ]
    return sum(
        sum(_holds(cell, true) for true in true_cells) > 1
        for table in founds
        for cell in table.cells
        if cell.ink is not None
    )


def _holds(found: PlainCell, true: PlainCell) -> bool:
    if found.ink is None or true.ink is None:
        return False
    common = found.ink.grow(0.25 * true.ink.height).intersection(true.ink)
    if common is None or common.area < 0.5 * true.ink.area:
        return False
    return normalised(true.text) in normalised(found.text)
