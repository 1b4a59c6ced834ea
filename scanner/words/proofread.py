"""What a page says about doubtful accents, and about the spaces between its words."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from statistics import median

from scanner.words.amounts import settle_amounts
from scanner.words.ctc import Glyph
from scanner.words.ink import Extent, Placed
from scanner.words.lookalikes import SURE, settle_case, settle_dots, settle_lookalikes
from scanner.words.pitch import CLOSING, cell_widths, part_cells
from scanner.words.scripts import is_cjk, is_full_width

LETTER_GAP = 1.5
DIGIT_GAP = 1.0
PUNCTUATION_GAP = 0.8
"""Where the page's median gap within words is 0 and that between words 1, a gap from here on is
one between words: between letters, beside digits, and beside punctuation, where the recogniser
misses spaces most."""

SPACED = 0.5
"""A line whose usual gap within words is this much of one between words is letter-spaced."""

PUNCTUATION = frozenset(":@#(),.;!?*-/%=&\"'")
SET_APART = frozenset(";:!?")
QUOTES = frozenset('"“”')

THIN = 0.85
"""Spaces before marks that are usually below this share of those between words are thin ones."""

WIDEST = 1.2
"""No thin space is wider than this share of those between words."""

DIGIT_STEP = 0.7
"""A space between two digits moves them apart by this share of one between words or more: around
a 1 is much white, which is none."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A page's usual gaps within and between words, in heights of the line's ink.

    `digit` is the usual way from the middle of a digit to that of the next, 0 where unknown.
    """

    letter: float
    word: float
    digit: float = 0.0

    def at(self, share: float) -> float:
        """The gap at a share of the way from within (0) to between words (1)."""
        return max(self.letter + share * (self.word - self.letter), 0.15)


def proofread(lines: Sequence[Placed]) -> list[Placed]:
    """A page's lines, put right where their shapes leave no doubt."""
    lines = close_up(part_words(settle_amounts(lines)))
    extents = [line.extents for line in lines]
    settled = settle_dots(settle_page([line.glyphs for line in lines]), extents)
    return [
        Placed(settle_case(settle_lookalikes(glyphs), places), places)
        for glyphs, places in zip(settled, extents, strict=True)
    ]


def settle_page(lines: Sequence[list[Glyph]]) -> list[list[Glyph]]:
    """A page's lines without doubtful accents that the page shows nowhere else with certainty.

    A speck over a letter reads as an accent. Where the page writes in accented letters, the
    same one occurs again; a page of a language without them keeps plain letters.
    """
    sure = Counter(g.text for glyphs in lines for g in glyphs if g.confidence >= SURE)
    return [
        _half_width([_plain(g) if g.confidence < SURE and not sure[g.text] else g for g in glyphs])
        for glyphs in lines
    ]


def _half_width(glyphs: list[Glyph]) -> list[Glyph]:
    """Full-width marks belong to Chinese and Japanese; in other lines they are plain ones."""
    if any(is_cjk(glyph.text) for glyph in glyphs):
        return glyphs
    return [
        replace(g, text=unicodedata.normalize("NFKC", g.text)) if is_full_width(g.text) else g
        for g in glyphs
    ]


def _plain(glyph: Glyph) -> Glyph:
    parts = unicodedata.normalize("NFD", glyph.text)
    base = parts[:1]
    is_accented = len(parts) > 1 and base.isascii() and base.isalpha()
    return replace(glyph, text=base) if is_accented else glyph


def part_words(lines: Sequence[Placed]) -> list[Placed]:
    """Put spaces where gaps are as wide as those between the words of the page.

    Lines on fixed pitch are parted by their cells. In others gaps are measured in heights of the
    line's ink; a page with fewer than five gaps between words, or twenty within, does not show
    how wide its gaps are, and they are left as they are.
    """
    cells = cell_widths(lines)
    lines = [
        part_cells(line, cell) if cell else line for line, cell in zip(lines, cells, strict=True)
    ]
    within = [gap for line in lines for _, gap, parted in _gaps(line) if not parted]
    between = [gap for line in lines for _, gap, parted in _gaps(line) if parted]
    if len(between) < 5 or len(within) < 20:
        return lines
    steps = [step for line in lines for step in _digit_steps(line).values()]
    scale = Scale(median(within), median(between), median(steps or [0.0]))
    return [
        line if cell else _part_line(line, scale) for line, cell in zip(lines, cells, strict=True)
    ]


def _part_line(line: Placed, scale: Scale) -> Placed:
    if any(is_cjk(glyph.text) for glyph in line.glyphs):
        return line  # Chinese and Japanese faces set digits and letters wide apart.
    glyphs, extents = list(line.glyphs), list(line.extents)
    gaps = _gaps(line)
    usual = median([gap for _, gap, parted in gaps if not parted] or [0.0])
    if usual > scale.at(SPACED):
        return line
    steps = _digit_steps(line)
    apart = scale.digit + DIGIT_STEP * (scale.word - scale.letter)
    for index, gap, parted in reversed(gaps):
        before, after = glyphs[index - 1], glyphs[index]
        if parted or after.text in CLOSING or steps.get(index, inf) < apart:
            continue
        if gap > scale.at(_least_gap(before.text, after.text)):
            glyphs.insert(index, Glyph(" ", after.begin, after.begin, 1.0))
            extents.insert(index, None)
    return Placed(glyphs, extents)


def _least_gap(before: str, after: str) -> float:
    if before in PUNCTUATION or after in PUNCTUATION:
        return PUNCTUATION_GAP
    return DIGIT_GAP if before.isdigit() or after.isdigit() else LETTER_GAP


def close_up(lines: Sequence[Placed]) -> list[Placed]:
    """Drop the spaces that some printers set before ; : ! ? and within quotation marks.

    Old books, and French ones, have a space there that is thinner than those between words. A
    page whose spaces before such marks are as wide as the others keeps them. A quotation mark
    between two spaces belongs to the nearer word, one at a line's end to the only one.
    """
    shares = [share for line in lines for _, share in _before_marks(line)]
    is_thin = bool(shares) and median(shares) < THIN
    return [_close_line(line, is_thin) for line in lines]


def _close_line(line: Placed, is_thin: bool) -> Placed:
    dropped = {index - 1 for index, share in _before_marks(line) if is_thin and share < WIDEST}
    dropped |= set(_beside_quotes(line))
    return Placed(
        [glyph for i, glyph in enumerate(line.glyphs) if i not in dropped],
        [extent for i, extent in enumerate(line.extents) if i not in dropped],
    )


def _before_marks(line: Placed) -> list[tuple[int, float]]:
    """The marks with a space before them, and the space's share of the line's usual one."""
    if any(is_cjk(glyph.text) for glyph in line.glyphs):
        return []
    gaps = [(index, gap) for index, gap, parted in _gaps(line) if parted]
    others = [gap for index, gap in gaps if line.glyphs[index].text not in SET_APART]
    usual = median(others) if others else 0.0
    return [
        (index, gap / usual)
        for index, gap in gaps
        if usual > 0 and line.glyphs[index].text in SET_APART
    ]


def _beside_quotes(line: Placed) -> list[int]:
    """The indices of spaces between a quotation mark and the word it belongs to."""
    gaps = {index: gap for index, gap, parted in _gaps(line) if parted}
    last = len(line.glyphs) - 1
    found = []
    for index, glyph in enumerate(line.glyphs):
        if glyph.text not in QUOTES:
            continue
        before = inf if index == 0 else gaps.get(index)
        after = inf if index == last else gaps.get(index + 2)
        if before is not None and after is not None and before != after:
            found.append(index - 1 if before < after else index + 1)
    return found


def _gaps(line: Placed) -> list[tuple[int, float, bool]]:
    """Each gap before a character: its index, width, and whether a space stands in it."""
    places = _places(line)
    height = _ink_height(places)
    return [
        (index, (extent.left - before.right) / height, index - previous > 1)
        for (previous, before), (index, extent) in pairwise(places)
    ]


def _digit_steps(line: Placed) -> dict[int, float]:
    """The way to each digit's middle from that of the digit right before it, by its index."""
    places = _places(line)
    height = _ink_height(places)
    return {
        index: (extent.middle - before.middle) / height
        for (previous, before), (index, extent) in pairwise(places)
        if index - previous == 1
        and line.glyphs[previous].text.isdigit()
        and line.glyphs[index].text.isdigit()
    }


def _places(line: Placed) -> list[tuple[int, Extent]]:
    return [(i, extent) for i, extent in enumerate(line.extents) if extent is not None]


def _ink_height(places: Sequence[tuple[int, Extent]]) -> float:
    """Most lines have a capital, an ascender or a digit among their tallest fifth."""
    heights = sorted(extent.bottom - extent.top for _, extent in places)
    return max(heights[int(0.8 * (len(heights) - 1))], 1.0) if heights else 1.0
