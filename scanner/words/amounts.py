"""Decimal marks of amounts that were taken for spaces.

On coarse prints, receipts above all, the point of an amount may be a few faint dots. Where a page
writes its amounts one way, "12 50" amid them is 12.50, if its gap is no wider than a digit.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from scanner.words.ink import Extent, Placed

AMOUNT = re.compile(r"(?<![\d.,])\d+([.,])\d\d(?![\d.,]\d)")
PARTED = re.compile(
    r"(?<![\w./:,-])[^\W\d_]{0,3}[@$€£(+-]*(?:0|[1-9]\d*)( )\d\d(?!\w|[.,/:-]?\d| \d)"
)
"""A whole number, a currency before it or not, and two digits that nothing goes on from."""

ENOUGH = 5
"""So many amounts show how a page writes them."""

AGREED = 0.9
"""This share of them must have the same mark."""

WIDEST = 1.7
"""The widest gap of a decimal mark, in widths of digits; a space on fixed pitch has 2."""


def settle_amounts(lines: Sequence[Placed]) -> list[Placed]:
    """A page's lines with the page's decimal mark in amounts that lack it."""
    marks = Counter(match[1] for line in lines for match in AMOUNT.finditer(_text(line)))
    mark, count = max(marks.items(), key=lambda item: item[1], default=("", 0))
    if count < ENOUGH or count < AGREED * marks.total():
        return list(lines)
    return [_settle_line(line, mark) for line in lines]


def _settle_line(line: Placed, mark: str) -> Placed:
    glyphs, extents = list(line.glyphs), list(line.extents)
    for match in PARTED.finditer(_text(line)):
        space = match.start(1)
        before, after = extents[space - 1], extents[space + 1]
        digits = [extent for index, extent in _digits(line) if match.start() <= index < match.end()]
        width = median(extent.right - extent.left for extent in digits)
        if before and after and after.left - before.right <= WIDEST * width:
            glyphs[space] = replace(glyphs[space], text=mark)
            low = before.bottom - (before.bottom - before.top) / 5
            extents[space] = Extent(before.right, low, after.left, before.bottom)
    return Placed(glyphs, extents)


def _digits(line: Placed) -> list[tuple[int, Extent]]:
    return [
        (index, extent)
        for index, (glyph, extent) in enumerate(zip(line.glyphs, line.extents, strict=True))
        if extent and glyph.text.isdigit()
    ]


def _text(line: Placed) -> str:
    """The line with one character a glyph."""
    return "".join(glyph.text if len(glyph.text) == 1 else "?" for glyph in line.glyphs)
