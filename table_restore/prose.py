"""Running text whose words happen to line up is no table: its gaps are those between words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from table_restore.grid import Grid
from table_restore.tokens import Token

NARROW = 1.7
"""A gap narrower than this many usual gaps between words is no gutter."""

SHARE = 0.3
"""A grid whose columns part this share of its neighbours at narrow gaps is running text."""

CUT = 3
"""A region that cuts so many lines between two words is no table."""


def usual_gap(tokens: Sequence[Token]) -> float | None:
    """The median gap between words of a line on a page, None where few lines have several."""
    gaps = [b.box.left - a.box.right for a, b in _neighbours(tokens)]
    return median(gaps) if len(gaps) >= 20 else None


def is_prose(grid: Grid, tokens: Sequence[Token], gap: float | None) -> bool:
    """Whether a grid cuts through lines of running text.

    `gap` is the page's usual gap between words. Columns of a table stand farther apart, or a
    ruling is drawn between them, or one holds numbers and the other words.
    """
    if gap is None:
        return False
    narrow = wide = 0
    for a, b in _neighbours(tokens):
        row, column = grid.slot(*a.box.center)
        _, other = grid.slot(*b.box.center)
        if column == other or grid.owner[row, column] == grid.owner[row, other]:
            continue
        if bool(grid.vertical_drawn[row, column + 1 : other + 1].any()):
            wide += 1
        elif b.box.left - a.box.right < NARROW * gap and a.numeric == b.numeric:
            narrow += 1
        else:
            wide += 1
    wide += _cells_of_several_lines(grid, tokens)
    return narrow >= 3 and narrow >= SHARE * (narrow + wide)


def cuts_prose(inside: Sequence[Token], tokens: Sequence[Token], gap: float | None) -> bool:
    """Whether a region's sides run through lines of text: several go on outside.

    `tokens` are the page's; a line goes on where no more than a gap between words parts what is
    inside from what is outside. The black rim of a scan makes such regions.
    """
    if gap is None:
        return False
    within = {id(token) for token in inside}
    lines = {token.line for token in inside}
    cut = {
        a.line
        for a, b in _neighbours([t for t in tokens if t.line in lines])
        if (id(a) in within) != (id(b) in within) and b.box.left - a.box.right < NARROW * gap
    }
    return len(cut) >= CUT


def _cells_of_several_lines(grid: Grid, tokens: Sequence[Token]) -> int:
    """How many neighbouring cells hold no line in common."""
    lines: dict[tuple[int, int], set[int]] = {}
    for token in tokens:
        lines.setdefault(grid.slot(*token.box.center), set()).add(token.line)
    filled = sorted(lines)
    return sum(a[0] == b[0] and not lines[a] & lines[b] for a, b in pairwise(filled))


def _neighbours(tokens: Sequence[Token]) -> list[tuple[Token, Token]]:
    """Pairs of tokens that stand beside one another in one recognised line."""
    return [
        (a, b)
        for a, b in pairwise(sorted(tokens, key=lambda t: (t.line, t.word, t.first)))
        if a.line == b.line and a.word != b.word
    ]
