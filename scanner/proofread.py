"""What a word, a line and a page say about single doubtful characters."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from scanner.ctc import Glyph
from scanner.ink import Extent

SURE = 0.9
"""Characters the recogniser is at least this sure of are never changed."""

NUMBER = re.compile(r"[^\w]*[\dlIOo|][\dlIOo|.,:;/%$()\-–'\"]*")
SMALL_WORD = re.compile(r"^(?!.*[02-9]).*[a-z]{2}")
CAPITAL_FOR = {"0": "O", "1": "I"}
DIGIT_FOR = {"l": "1", "I": "1", "|": "1", "O": "0", "o": "0"}

LETTER_GAP = 1.5
DIGIT_GAP = 1.0
PUNCTUATION_GAP = 0.8
"""Where the page's median gap within words is 0 and that between words 1, a gap from here on is
one between words: between letters, beside digits, and beside punctuation, where the recogniser
misses spaces most."""

SPACED = 0.5
"""A line whose usual gap within words is this much of one between words is letter-spaced."""

PUNCTUATION = frozenset(":@#(),.;!?*-/%=&\"'")
CLOSING = frozenset(".,;!?)")
"""No space is put before these, however far off they stand."""


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A line's characters and where the ink of each is; a space has no place."""

    glyphs: list[Glyph]
    extents: list[Extent | None]


@dataclass(frozen=True, slots=True)
class Scale:
    """A page's usual gaps within and between words, in heights of the line's ink."""

    letter: float
    word: float

    def at(self, share: float) -> float:
        """The gap at a share of the way from within (0) to between words (1)."""
        return max(self.letter + share * (self.word - self.letter), 0.15)


def proofread(lines: Sequence[Placed]) -> list[Placed]:
    """A page's lines, put right where their shapes leave no doubt."""
    lines = part_words(lines)
    settled = settle_page([line.glyphs for line in lines])
    return [
        Placed(settle_lookalikes(glyphs), line.extents)
        for glyphs, line in zip(settled, lines, strict=True)
    ]


def settle_lookalikes(glyphs: list[Glyph]) -> list[Glyph]:
    """Tell 1 from l and 0 from O by the word they stand in.

    Typewriters have one key for both, and many faces draw them alike. In a word of digits a
    letter before a digit, an O after one, and any doubtful one becomes the digit; between
    lower-case letters a doubtful 1 becomes an l, between capitals an I, and a doubtful 0 an O.
    """
    settled = list(glyphs)
    start = 0
    for end in range(len(glyphs) + 1):
        if end == len(glyphs) or not glyphs[end].text.strip():
            settled[start:end] = _settle_word(glyphs[start:end])
            start = end + 1
    return settled


def _settle_word(word: list[Glyph]) -> list[Glyph]:
    text = "".join(glyph.text for glyph in word)
    if len(text) != len(word):
        return word
    if NUMBER.fullmatch(text) and re.search(r"\d", text):
        return _as_number(word)
    settled = list(word)
    for index in range(1, len(word)):
        before, after = settled[index - 1].text, text[index + 1 : index + 2]
        kind = word[index].text
        if kind in CAPITAL_FOR and before.isupper() and after.isupper():
            settled[index] = _as(word[index], CAPITAL_FOR[kind])
        elif kind == "1" and SMALL_WORD.search(text) and (before.islower() or before in "'’"):
            settled[index] = _as(word[index], "l")
    return settled


def _as_number(word: list[Glyph]) -> list[Glyph]:
    settled: list[Glyph] = []
    for glyph, following in zip(word, [*(g.text for g in word[1:]), ""], strict=True):
        digit = DIGIT_FOR.get(glyph.text)
        after_digit = bool(settled) and settled[-1].text.isdigit()
        certain = following.isdigit() or (digit == "0" and after_digit)
        if digit and (certain or glyph.confidence < SURE):
            glyph = replace(glyph, text=digit)
        settled.append(glyph)
    return settled


def _as(glyph: Glyph, text: str) -> Glyph:
    return glyph if glyph.confidence >= SURE else replace(glyph, text=text)


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
        replace(g, text=unicodedata.normalize("NFKC", g.text)) if _is_full_width(g.text) else g
        for g in glyphs
    ]


def _is_full_width(text: str) -> bool:
    return len(text) == 1 and "\uff01" <= text <= "\uff5e"


def is_cjk(text: str) -> bool:
    """Whether a character is Chinese or Japanese writing, their punctuation left aside."""
    return text[:1] >= "\u3040" and not _is_full_width(text)


def _plain(glyph: Glyph) -> Glyph:
    parts = unicodedata.normalize("NFD", glyph.text)
    base = parts[:1]
    is_accented = len(parts) > 1 and base.isascii() and base.isalpha()
    return replace(glyph, text=base) if is_accented else glyph


def part_words(lines: Sequence[Placed]) -> list[Placed]:
    """Put spaces where gaps are as wide as those between the words of the page.

    Gaps are measured in heights of their line's ink. A page with fewer than five gaps between
    words, or twenty within, does not show how wide its gaps are and is left as it is.
    """
    within = [gap for line in lines for _, gap, parted in _gaps(line) if not parted]
    between = [gap for line in lines for _, gap, parted in _gaps(line) if parted]
    if len(between) < 5 or len(within) < 20:
        return list(lines)
    letter, word = median(within), median(between)
    scale = Scale(letter, word)
    return [_part_line(line, scale) for line in lines]


def _part_line(line: Placed, scale: Scale) -> Placed:
    if any(is_cjk(glyph.text) for glyph in line.glyphs):
        return line  # Chinese and Japanese faces set digits and letters wide apart.
    glyphs, extents = list(line.glyphs), list(line.extents)
    gaps = _gaps(line)
    usual = median([gap for _, gap, parted in gaps if not parted] or [0.0])
    if usual > scale.at(SPACED):
        return line
    for index, gap, parted in reversed(gaps):
        before, after = glyphs[index - 1], glyphs[index]
        if parted or after.text in CLOSING:
            continue
        if gap > scale.at(_least_gap(before.text, after.text)):
            glyphs.insert(index, Glyph(" ", after.begin, after.begin, 1.0))
            extents.insert(index, None)
    return Placed(glyphs, extents)


def _least_gap(before: str, after: str) -> float:
    if before in PUNCTUATION or after in PUNCTUATION:
        return PUNCTUATION_GAP
    return DIGIT_GAP if before.isdigit() or after.isdigit() else LETTER_GAP


def _gaps(line: Placed) -> list[tuple[int, float, bool]]:
    """Each gap before a character: its index, width, and whether a space stands in it."""
    places = [(i, extent) for i, extent in enumerate(line.extents) if extent is not None]
    if len(places) < 2:
        return []
    heights = sorted(extent.bottom - extent.top for _, extent in places)
    # Most lines have a capital, an ascender or a digit among their tallest fifth.
    height = max(heights[int(0.8 * (len(heights) - 1))], 1.0)
    return [
        (index, (extent.left - before.right) / height, index - previous > 1)
        for (previous, before), (index, extent) in pairwise(places)
    ]
