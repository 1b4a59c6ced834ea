"""The order in which the rows of a page are read.

A recursive XY cut (Nagy and Seth, 1984) that knows the page's gutters: a cut across the page is
allowed where no gutter runs, so columns are cut apart before their lines are.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from scanner.layout.page_frame import Row
from table_restore.geometry import Box

Region = list[Row]
"""Rows in reading order that stand in one column."""


def order_rows(rows: Sequence[Row], gutters: Sequence[Box]) -> list[Region]:
    """The rows in reading order, those that follow each other in one column together."""
    if len(rows) <= 1:
        return [list(rows)] if rows else []
    relevant = [gutter for gutter in gutters if _parts(gutter, rows)]
    cut = _cut_across(rows, relevant)
    bands = _merge(cut, relevant)
    if len(bands) > 1:
        return [region for band in bands for region in order_rows(band, relevant)]
    if not relevant or len(cut) > 1:
        usual = median(row.box.height for row in rows)
        return [sorted(rows, key=lambda row: (_height_of(row, usual), row.box.left))]
    columns = _cut_down(rows, relevant)
    if len(columns) > 1:
        return [region for column in columns for region in order_rows(column, relevant)]
    shortest = min(relevant, key=lambda gutter: (gutter.height, gutter.left, gutter.top))
    return order_rows(rows, [gutter for gutter in relevant if gutter is not shortest])


def _height_of(row: Row, usual: float) -> float:
    """Where a row stands on the page; a large initial comes just before the first line by it."""
    if len(row.text) <= 2 and row.box.height > 1.8 * usual:
        return row.box.top + usual / 4
    return row.box.center[1]


def _parts(gutter: Box, rows: Sequence[Row]) -> bool:
    """Whether rows stand beside a gutter on both sides."""
    middle = gutter.center[0]
    boxes = (row.box for row in rows)
    beside = [b for b in boxes if b.bottom > gutter.top and b.top < gutter.bottom]
    return any(b.right <= middle for b in beside) and any(b.left >= middle for b in beside)


def _cut_across(rows: Sequence[Row], gutters: Sequence[Box]) -> list[list[Row]]:
    """The rows in bands from top to bottom, cut where neither text nor gutter runs."""
    spans = [_middle(row.box) for row in rows]
    barriers = [(gutter.top, gutter.bottom) for gutter in gutters]
    order = sorted(range(len(rows)), key=lambda i: (spans[i], rows[i].box.left))
    everything = sorted([*spans, *barriers])
    cuts = []
    reach = everything[0][1]
    for top, bottom in everything[1:]:
        if top >= reach:
            cuts.append(top)
        reach = max(reach, bottom)
    bands: list[list[Row]] = [[] for _ in range(len(cuts) + 1)]
    for i in order:
        bands[sum(spans[i][0] >= cut for cut in cuts)].append(rows[i])
    return [band for band in bands if band]


def _merge(bands: Sequence[list[Row]], gutters: Sequence[Box]) -> list[list[Row]]:
    """Bands without a gutter that follow each other are one."""
    merged: list[list[Row]] = []
    plain = False
    for band in bands:
        single = not any(_parts(gutter, band) for gutter in gutters)
        if merged and single and plain:
            merged[-1] += band
        else:
            merged.append(list(band))
        plain = single
    return merged


def _cut_down(rows: Sequence[Row], gutters: Sequence[Box]) -> list[list[Row]]:
    """The rows in columns from left to right, cut along gutters that no row crosses."""
    boxes = [row.box for row in rows]
    cuts = sorted(
        {
            gutter.center[0]
            for gutter in gutters
            if all(b.right <= gutter.center[0] or b.left >= gutter.center[0] for b in boxes)
        }
    )
    columns: list[list[Row]] = [[] for _ in range(len(cuts) + 1)]
    for row, box in zip(rows, boxes, strict=True):
        columns[sum(box.left >= cut for cut in cuts)].append(row)
    return [column for column in columns if column]


def _middle(box: Box) -> tuple[float, float]:
    """The height range of a box without a part of it above and below."""
    return box.top + 0.3 * box.height, box.bottom - 0.3 * box.height
