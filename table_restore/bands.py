"""Bands: the stretches of a table between rulings that run across most of it."""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from table_restore.geometry import Box
from table_restore.text_rows import TextRow
from table_restore.tracks import Track

_LIKE_OTHERS = 2.2  # how much higher than most a band of one row may be
_LIKE_MANY = 5.0  # the same in a table with many ruled rows
_PARTED = 0.3  # the share of a table's height that a line between its columns runs down
_CODE = 2  # so many letters may be a tax's code behind an amount
_IN_LINE = 0.6  # amounts end in one place that differ by less, in text heights


@dataclass(frozen=True, slots=True)
class Bands:
    """The bands of a table; `edges` are its top, the rulings across, and its bottom."""

    edges: tuple[float, ...]
    groups: frozenset[int] = frozenset()
    """Bands that are seen to hold several rows."""
    open_ends: frozenset[int] = frozenset()
    """The first or last band where no ruling ends it but the edge of a shaded row beside it."""

    def index(self, y: float) -> int:
        """The band that holds a height on the page."""
        return min(max(bisect(self.edges, y) - 1, 0), len(self.edges) - 2)

    def single(self, y: float) -> int | None:
        """The band at `y` if rulings make it one row of the table, else None.

        Where three rows or more are ruled, a band no higher than most of them is one row.
        """
        heights = [low - high for high, low in pairwise(self.edges)]
        index = self.index(y)
        if len(heights) < 3 or index in self.groups | self.open_ends:
            return None
        factor = _LIKE_MANY if len(heights) >= 6 else _LIKE_OTHERS
        return index if heights[index] <= factor * median(heights) else None


def find_bands(
    rows: Sequence[TextRow],
    horizontals: Sequence[Track],
    verticals: Sequence[Track],
    box: Box,
    text_height: float,
) -> Bands:
    """The bands of the table in `box`."""
    inner = [
        t.position
        for t in horizontals
        if t.length >= 0.5 * box.width
        and box.top + 0.5 * text_height < t.position < box.bottom - 0.5 * text_height
    ]
    edges = (box.top, *inner, box.bottom)
    bands = Bands(edges, open_ends=_open_ends(horizontals, edges, box, text_height))
    left, right = box.left + text_height, box.right - text_height
    parted = any(
        left < t.position < right and t.draws(box.top, box.bottom) > _PARTED for t in verticals
    )
    return bands if parted else replace(bands, groups=_groups(rows, bands, text_height))


def _open_ends(
    horizontals: Sequence[Track], edges: Sequence[float], box: Box, text_height: float
) -> frozenset[int]:
    """The outer bands that are white beside a shaded row: nothing shows where they end."""

    def near(y: float) -> list[Track]:
        return [t for t in horizontals if abs(t.position - y) < text_height]

    def drawn(tracks: Sequence[Track]) -> bool:
        return any(t.draws(box.left, box.right) > 0 for t in tracks)

    last = len(edges) - 2
    ends = ((0, edges[0], edges[1]), (last, edges[-1], edges[-2]))
    return frozenset(
        band
        for band, outer, inner in ends
        if last > 0 and not near(outer) and not drawn(near(inner))
    )


def _groups(rows: Sequence[TextRow], bands: Bands, text_height: float) -> frozenset[int]:
    """The bands in which amounts stand below one another in what else would be one row's band.

    So they do between a receipt's rules: two with names before them, or three. Where most rules
    part single lines, the others part rows, too.
    """
    lines = Counter(bands.index(row.middle) for row in rows)
    if 2 * sum(count > 1 for count in lines.values()) < len(lines):
        return frozenset()
    entries: dict[int, list[tuple[float, bool]]] = {}
    for row in rows:
        band = bands.single(row.middle)
        amount = _amount(row, text_height)
        if band is not None and amount is not None:
            named = not row.tokens[0].numeric
            entries.setdefault(band, []).append((amount.right, named))
    return frozenset(
        band
        for band, places in entries.items()
        for (a, one), (b, other) in pairwise(sorted(places))
        if b - a < _IN_LINE * text_height and (len(places) > 2 or (one and other))
    )


def _amount(row: TextRow, text_height: float) -> Box | None:
    """The amount at the end of a row of several phrases; a code may stand behind it."""
    phrases = row.phrases(text_height)
    value = [t for phrase in phrases[1:][-2:] for t in phrase]
    while value and value[-1].text.isalpha() and len(value[-1].text) <= _CODE:
        value.pop()
    return value[-1].box if value and value[-1].numeric else None
