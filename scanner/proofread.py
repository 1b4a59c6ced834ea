"""What a word, a line and a page say about single doubtful characters."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from scanner.ctc import Glyph
from scanner.ink import Extent

SURE = 0.9
"""Characters the recogniser is at least this sure of are never changed."""

NUMBER = re.compile(r"[^\w]*[\dlIOo|][\dlIOo|.,:;/%$()\-–'\"]*")
DIGIT_FOR = {"l": "1", "I": "1", "|": "1", "O": "0", "o": "0"}

GAP = 0.85
"""A gap this wide, in median gaps between the words of its line, is one between words."""


def proofread(
    glyphs: list[Glyph], extents: list[Extent | None]
) -> tuple[list[Glyph], list[Extent | None]]:
    """A line's characters and their places, put right where their shape leaves no doubt."""
    glyphs, extents = part_words(glyphs, extents)
    return settle_lookalikes(glyphs), extents


def settle_lookalikes(glyphs: list[Glyph]) -> list[Glyph]:
    """Tell 1 from l and 0 from O by the word they stand in.

    Typewriters have one key for both, and many faces draw them alike. In a word of digits a
    letter before a digit, and any doubtful one, becomes the digit; between lower-case letters
    a doubtful 1 becomes an l.
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
        return [
            replace(glyph, text=DIGIT_FOR[glyph.text])
            if glyph.text in DIGIT_FOR and (glyph.confidence < SURE or following.isdigit())
            else glyph
            for glyph, following in zip(word, [*text[1:], ""], strict=True)
        ]
    if re.search(r"[02-9]", text) or not re.search(r"[a-z]{2}", text):
        return word
    settled = list(word)
    for index in range(1, len(word)):
        before = settled[index - 1].text
        if word[index].text == "1" and (before.islower() or before in "'’"):
            settled[index] = _as(word[index], "l")
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
        [_plain(g) if g.confidence < SURE and not sure[g.text] else g for g in glyphs]
        for glyphs in lines
    ]


def _plain(glyph: Glyph) -> Glyph:
    parts = unicodedata.normalize("NFD", glyph.text)
    base = parts[:1]
    is_accented = len(parts) > 1 and base.isascii() and base.isalpha()
    return replace(glyph, text=base) if is_accented else glyph


def part_words(
    glyphs: list[Glyph], extents: list[Extent | None]
) -> tuple[list[Glyph], list[Extent | None]]:
    """Put a space where a gap is as wide as those between the words of the line.

    Only in lines that show what their gaps are: at least three between words and ten within
    them, and none within nearly as wide.
    """
    within: list[tuple[int, float]] = []
    between: list[float] = []
    before: int | None = None
    for index, extent in enumerate(extents):
        if extent is None:
            continue
        previous = extents[before] if before is not None else None
        if before is not None and previous is not None:
            gap = extent.left - previous.right
            if index - before == 1:
                within.append((index, gap))
            else:
                between.append(gap)
        before = index
    if len(between) < 3 or len(within) < 10:
        return glyphs, extents
    common = float(np.percentile([gap for _, gap in within], 95))
    limit = max(GAP * float(np.median(between)), 1.5 * common)
    parted, placed = list(glyphs), list(extents)
    for index, gap in reversed(within):
        both_digits = glyphs[index - 1].text.isdigit() and glyphs[index].text.isdigit()
        if gap > limit and not both_digits:
            at = glyphs[index].begin
            parted.insert(index, Glyph(" ", at, at, 1.0))
            placed.insert(index, None)
    return parted, placed
