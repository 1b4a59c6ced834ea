"""Headings right above a run of rows: those of groups of columns, and no titles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from table_restore.geometry import Box
from table_restore.phrases import Phrase

MIDDLE = 1.25
"""A heading is off the middle of what it heads by at most so many text heights."""


def with_header(run: Box, phrases: Sequence[Phrase], text_height: float) -> Box:
    """The run grown to headings of groups of columns right above it.

    A heading stands over some of the columns; a title over all of them, or flush left.
    """
    box = run
    inside = sorted(
        {p.row: p.box.center[1] for p in phrases if run.contains(p.box.center)}.values()
    )
    pitch = float(np.median(np.diff(inside))) if len(inside) > 1 else 0.0
    reach = min(max(text_height, 1.1 * pitch - 0.8 * text_height), 2 * text_height)
    while True:
        above = _right_above(box, phrases, reach, text_height)
        if not above or any(p.box.width > 0.6 * box.width for p in above):
            return box
        grown = Box.around([box, *(p.box for p in above)])
        if (
            len(above) == 1
            and _like_title(above[0], box, text_height)
            and not _heads_group(above[0], box, phrases, text_height)
        ):
            # A name alone between the lines of a head shows as one by the heading above it.
            over = _right_above(grown, phrases, reach, text_height)
            if len(over) != 1 or not _heads_group(over[0], grown, phrases, text_height):
                return box
            grown = grown.union(over[0].box)
        box = grown


def _right_above(
    box: Box, phrases: Sequence[Phrase], reach: float, text_height: float
) -> list[Phrase]:
    """The phrases within `reach` above a box and between its sides."""
    return [
        p
        for p in phrases
        if p.box.top < box.top  # a dash so low that it is still above would be taken for ever
        and p.box.bottom <= box.top + 0.4 * text_height
        and box.top - p.box.bottom <= reach
        and box.left - text_height <= p.box.left
        and p.box.right <= box.right + text_height
    ]


def _like_title(phrase: Phrase, box: Box, text_height: float) -> bool:
    """Whether a lone phrase above a run stands where titles do: in its middle, or flush left."""
    centered = abs(phrase.box.center[0] - box.center[0]) < 2 * text_height
    return centered or phrase.box.left < box.left + 2 * text_height


def _heads_group(heading: Phrase, box: Box, phrases: Sequence[Phrase], text_height: float) -> bool:
    """Whether a phrase above a run stands over the middle of several names in its second row.

    The names in the first row reach over both rows: they stand beside it, none below it, and one
    at its left.
    """
    rows: dict[int, list[Box]] = {}
    for phrase in phrases:
        if box.contains(phrase.box.center):
            rows.setdefault(phrase.row, []).append(phrase.box)
    if len(rows) < 2:
        return False
    first, second = (rows[number] for number in sorted(rows)[:2])
    before = [b.right for b in first if b.right < heading.box.left]
    after = [b.left for b in first if b.left > heading.box.right]
    if not before or len(before) + len(after) < len(first):
        return False
    left, right = max(before), min([*after, box.right])
    names = [b for b in second if left < b.center[0] < right]
    off = abs(Box.around(names).center[0] - heading.box.center[0]) if len(names) > 1 else np.inf
    return bool(off < MIDDLE * text_height)
