"""Characters that many faces draw alike, told apart by the word they stand in and by their ink."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from scanner.words.ctc import Glyph
from scanner.words.ink import Extent

SURE = 0.9
"""Characters the recogniser is at least this sure of are hardly ever changed."""

FIRM = 0.97
"""The same for an l where only a 1 makes sense."""

NUMBER = re.compile(r"[^\w]*[\dlIOo|][\dlIOo|.,:;/%$()\-–'\"]*")
SMALL_WORD = re.compile(r"^(?!.*[02-9]).*[a-z]{2}")
PART = re.compile(r"[^\W_]+")
CAPITAL_FOR = {"0": "O", "1": "I"}
DIGIT_FOR = {"l": "1", "I": "1", "|": "1", "O": "0", "o": "0"}

SAME_SHAPE = frozenset("cosuvwxz")
"""Small letters that are capitals drawn lower."""

AS_HIGH = 0.9
"""A small letter of this share of a capital's height is none."""

CERTAIN = 0.99
ENOUGH = 20
"""A page with fewer certain i or l does not show how well dots can be seen."""


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
    for part in PART.finditer(text):
        _settle_part(settled, text, *part.span())
    return settled


def _settle_part(word: list[Glyph], text: str, start: int, end: int) -> None:
    """Put 1 for l in a part of a word that is a number, as in "[l8]", "J-l3" and "(l)"."""
    part = text[start:end]
    before, after = text[start - 1 : start], text[end : end + 1]
    numeric = re.fullmatch(r"[\dlI]*\d[\dlI]*", part) is not None
    lone = set(part) == {"l"} and len(part) < len(text) and not {before, after} & set("'’/")
    for index in range(start, end):
        follows_letter = index > start and text[index - 1].isalpha()
        leads = text[index + 1 : index + 2].isdigit() and not follows_letter
        if text[index] in "lI" and (numeric or lone or leads) and word[index].confidence < FIRM:
            word[index] = replace(word[index], text="1")
        elif text[index] == "i" and leads:
            word[index] = _as(word[index], "1")


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


def settle_dots(
    lines: Sequence[list[Glyph]], extents: Sequence[list[Extent | None]]
) -> list[list[Glyph]]:
    """Make a doubtful i without a dot an l, on pages where the dots of certain ones can be seen.

    Bayes' rule: the recogniser's doubt, times how often certain l and i stand without a dot. An
    l is left alone: its stroke may be broken.
    """
    dots = {kind: _dots(lines, extents, kind) for kind in "il"}
    if any(len(seen) < ENOUGH for seen in dots.values()):
        return list(lines)
    bare = {kind: 1 - sum(seen) / len(seen) for kind, seen in dots.items()}
    # The dots of one page are few: one more i might have lost its own.
    odds = bare["l"] / max(bare["i"], 1 / len(dots["i"]))
    return [_with_l(glyphs, places, odds) for glyphs, places in zip(lines, extents, strict=True)]


def _dots(
    lines: Sequence[list[Glyph]], extents: Sequence[list[Extent | None]], kind: str
) -> list[bool]:
    """Of each certain letter of a kind, whether a dot is seen."""
    return [
        place.dotted
        for glyphs, places in zip(lines, extents, strict=True)
        for glyph, place in zip(glyphs, places, strict=True)
        if place and glyph.text == kind and glyph.confidence >= CERTAIN
    ]


def _with_l(glyphs: list[Glyph], places: list[Extent | None], odds: float) -> list[Glyph]:
    settled = list(glyphs)
    for index, (glyph, place) in enumerate(zip(glyphs, places, strict=True)):
        before = settled[index - 1].text if index else " "
        # The hook of an f takes the dot's place; among capitals an i is a low I.
        if glyph.text != "i" or place is None or place.dotted or before == "f" or before.isupper():
            continue
        if (1 - glyph.confidence) * odds > glyph.confidence:
            settled[index] = replace(glyph, text="l")
    return settled


def settle_case(glyphs: list[Glyph], extents: Sequence[Extent | None]) -> list[Glyph]:
    """Make small letters among capitals capitals where they are as high: "JoHN" is JOHN.

    Only words of at least two capitals whose small letters all have a capital's shape are
    looked at, so that "GHz" and "PCs" stay.
    """
    settled = list(glyphs)
    text = "".join(glyph.text if len(glyph.text) == 1 else " " for glyph in glyphs)
    for part in PART.finditer(text):
        small = {c for c in part[0] if c.islower()}
        if not small or not small <= SAME_SHAPE or sum(c.isupper() for c in part[0]) < 2:
            continue
        tall = [_height(extents[i]) for i in range(*part.span()) if text[i].isupper()]
        for index in range(*part.span()):
            if text[index].islower() and _height(extents[index]) >= AS_HIGH * min(tall) > 0:
                settled[index] = replace(glyphs[index], text=text[index].upper())
    return settled


def _height(extent: Extent | None) -> float:
    return extent.bottom - extent.top if extent else 0.0
