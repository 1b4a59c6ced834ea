"""Spaces of pages on fixed pitch, as typewriters, tills and terminals print them.

There each character takes a cell of one width, a space too, so that how far the middles of two
neighbours lie apart says whether there is a space between them: one cell or two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import median

from scanner.words.ctc import Glyph
from scanner.words.ink import Placed
from scanner.words.scripts import is_cjk

LETTERS = 5
"""So many pairs of letters side by side show whether a line is on fixed pitch."""

FEWEST = 3
"""On a page that is, so many pairs of any characters show how wide a line's cells are."""

EVEN, MOST = 0.1, 0.8
"""On fixed pitch this share of the pairs, or more, are off by less than that of a cell."""

LINES, AGREED = 3, 0.7
"""A page on fixed pitch has at least so many lines of letters, and this share of them show it."""

PARTED = 1.7
"""Neighbours whose middles are so many cells apart have a space between them."""

BLANK = 0.75
"""The least white of a space, in cells: a speck beside a character draws its middle away."""

CLOSING = frozenset(".,;!?)")
"""No space is put before these, however far off they stand."""

CLOSE = 1.2
"""Neighbours no more cells apart have none."""


def cell_widths(lines: Sequence[Placed]) -> list[float | None]:
    """How wide the cells of each line are, in its picture's pixels; None for other lines.

    Figures alone tell nothing: most faces give them one width, and nothing else. Chinese and
    Japanese characters have cells in any face, and others beside them have half of one.
    """
    of_letters = [steps for line in lines if len(steps := _steps(line, _is_letter)) >= LETTERS]
    fixed = sum(_cell(steps) is not None for steps in of_letters)
    if fixed < LINES or fixed < AGREED * len(of_letters):
        return [None] * len(lines)
    of_all = [[] if _has_cjk(line) else _steps(line, _is_printed) for line in lines]
    return [_cell(steps) if len(steps) >= FEWEST else None for steps in of_all]


def part_cells(line: Placed, cell: float) -> Placed:
    """A line with spaces where its cells show them, and without those that have no cell.

    Words may be printed at double width: beside narrower steps no space is dropped.
    """
    glyphs, extents = list(line.glyphs), list(line.extents)
    gaps = _gaps(line)
    for n in reversed(range(len(gaps))):
        before, after, apart, white = gaps[n]
        beside = [step for left, right, step, _ in gaps[max(n - 1, 0) : n + 2] if right == left + 1]
        is_wide = apart > PARTED * cell and white > BLANK * cell
        if after == before + 1 and is_wide and glyphs[after].text not in CLOSING:
            step = glyphs[after].begin
            glyphs.insert(after, Glyph(" ", step, step, 1.0))
            extents.insert(after, None)
        elif after > before + 1 and apart < CLOSE * min([cell, *beside]):
            del glyphs[before + 1 : after], extents[before + 1 : after]
    return Placed(glyphs, extents)


def _gaps(line: Placed) -> list[tuple[int, int, float, float]]:
    """Of characters that follow each other: which two, how far their middles are apart, the white.

    Both are in pixels.
    """
    places = [(index, extent) for index, extent in enumerate(line.extents) if extent]
    return [
        (before, after, right.middle - left.middle, right.left - left.right)
        for (before, left), (after, right) in pairwise(places)
    ]


def _steps(line: Placed, counts: Callable[[str], bool]) -> list[float]:
    """How far the middles lie apart of characters that count and stand side by side."""
    places = zip(line.glyphs, line.extents, strict=True)
    return [
        right.middle - left.middle
        for (before, left), (after, right) in pairwise(places)
        if left and right and counts(before.text) and counts(after.text)
    ]


def _cell(steps: list[float]) -> float | None:
    """The width that steps agree on, if they do."""
    usual = median(steps)
    off = sorted(abs(step - usual) for step in steps)
    return usual if off[int(MOST * (len(off) - 1))] < EVEN * usual else None


def _has_cjk(line: Placed) -> bool:
    return any(is_cjk(glyph.text) for glyph in line.glyphs)


def _is_letter(text: str) -> bool:
    return text.isalpha() and not is_cjk(text)


def _is_printed(text: str) -> bool:
    return bool(text.strip())
