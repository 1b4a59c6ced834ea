"""Words that are misread by a character or two, told by what else the recogniser saw in them.

A word is changed only into what the recogniser itself held possible, and only where that is the
likelier by Bayes' rule: the odds that the recogniser gives, times how often the language or the
page has the one word and the other. Words with digits may be codes and are left as they are, but
for one digit amid small letters.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp
from string import ascii_lowercase

from scanner.words.ctc import Alternative, Glyph
from scanner.words.lexicon import Lexicon, lexicon_of

SEPARATORS = frozenset("-–—/")
"""A word's parts at these are words of their own."""

EDGES = re.compile(r"^\W*(.*?)\W*$", re.DOTALL)
WRITTEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
CJK = "\u3040"

SURE = 0.9
RARE = 0.01
"""Words of characters that are all this sure, with no alternative above `RARE`, are the page's."""

FEWEST = 20
"""With fewer words than this a page does not show what language it is in."""

KNOWN = 0.5
"""A page of whose words fewer than this share are known is in another language."""

LETTERS = 16
"""An unknown word's letters are about as free as if there were this many: 4 bits a letter."""

ON_PAGE = 1e-6
"""A word that the page has elsewhere is at least as frequent as this."""

MARGIN = {False: exp(1), True: exp(5)}
"""So many times likelier a change must be, for words that are not known and for those that are."""

WITHIN = 1e4
"""So many times likelier a word must be than the two that a space makes of it."""

MOST = 3
"""So many characters of a word are changed at once at most."""

FURTHEST = 1e-6
"""What is less likely than this to the recogniser is not looked at."""

OUTDONE = 20
"""Where a word so many times commoner differs in the same letter, it may have been meant."""

TRIED = 400


@dataclass(frozen=True, slots=True, eq=False)
class Prior:
    """How likely words are before one looks at them."""

    lexicon: Lexicon
    on_page: frozenset[str]
    unknown: float

    def known(self, word: str) -> float:
        """The probability of a word of the language or the page, 0 for any other."""
        if not WRITTEN.fullmatch(word) or not _is_written_evenly(word):
            return 0.0
        frequency = self.lexicon.frequency(word.lower())
        return max(frequency, ON_PAGE) if word.lower() in self.on_page else frequency

    def any(self, word: str) -> float:
        """The probability of a word, of an unknown one by its length."""
        return self.known(word) or self.unknown / float(LETTERS) ** len(word)


def settle_spelling(lines: Sequence[list[Glyph]]) -> list[list[Glyph]]:
    """A page's lines, in any order, with misread words put right."""
    prior = _prior(lines)
    return [_settle_line(line, prior) for line in lines] if prior else list(lines)


def _prior(lines: Sequence[list[Glyph]]) -> Prior | None:
    """What a page's words say of words; nothing if they are few or in no known language."""
    words = [line[start:end] for line in lines for start, end in _words(line)]
    texts = [_core(_text(word)).lower() for word in words]
    lexicon = lexicon_of(texts)
    counted = [text for text in texts if len(text) > 2 and text.isalpha()]
    known = sum(lexicon.frequency(text) > 0 for text in counted)
    if len(counted) < FEWEST or known < KNOWN * len(counted):
        return None
    sure = {text for text, word in zip(texts, words, strict=True) if text and _is_sure(word)}
    return Prior(lexicon, frozenset(sure), (len(counted) - known + 1) / (len(counted) + 2))


def _is_sure(word: Sequence[Glyph]) -> bool:
    return all(
        glyph.confidence >= SURE and all(other.odds <= RARE for other in glyph.alternatives)
        for glyph in word
    )


def _settle_line(line: list[Glyph], prior: Prior) -> list[Glyph]:
    if any(glyph.text >= CJK for glyph in line):
        return line
    line = _join_parts(line, prior)
    settled, done = list[Glyph](), 0
    for start, end in _words(line):
        if _is_cut(line, end):
            break
        settled += line[done:start] + _settle_word(line[start:end], prior)
        done = end
    return settled + line[done:]


def _join_parts(line: list[Glyph], prior: Prior) -> list[Glyph]:
    """Drop spaces within words: one of the two parts is no word, and together they are."""
    dropped = set()
    for (first, end), (start, last) in pairwise(_words(line)):
        parts = _text(line[first:end]), _text(line[start:last])
        cores = [_core(part) for part in parts]
        whole = "".join(cores)
        if start != end + 1 or line[end].text.strip() or not all(cores) or _is_cut(line, last):
            continue
        is_odd = any(len(c) > 1 and not prior.lexicon.frequency(c.lower()) for c in cores)
        apart = prior.any(cores[0]) * prior.any(cores[1])
        if is_odd and whole == _core("".join(parts)) and prior.known(whole) > WITHIN * apart:
            dropped.add(end)
    return [glyph for index, glyph in enumerate(line) if index not in dropped]


def _settle_word(word: list[Glyph], prior: Prior) -> list[Glyph]:
    """The likeliest of what a word may say, itself unless another is much likelier."""
    text = _text(word)
    core = _core(text)
    if len(core) < 2 or _may_be_code(text):
        return word
    is_known = prior.known(core) > 0
    if (core.isupper() and (is_known or len(core) < 4)) or (is_known and len(core) == 2):
        return word  # Abbreviations look like words, and words like abbreviations.
    best, score = word, MARGIN[is_known] * prior.any(core)
    for odds, other in _possible(word):
        other_core = _core(_text(other))
        if len(other_core) < max(2, len(core) - 1) or other_core.lower() == core.lower():
            continue
        likelihood = odds * prior.known(other_core)
        if likelihood > score and not _is_outdone(core, other_core, prior):
            best, score = other, likelihood
    return best


def _may_be_code(text: str) -> bool:
    """Whether a word has digits, unless it is one amid small letters: "A1though"."""
    digits = sum(character.isdigit() for character in text)
    small = sum(character.islower() for character in text)
    return digits > 1 or (digits == 1 and small < max(2, len(_core(text)) - 2))


def _is_outdone(word: str, other: str, prior: Prior) -> bool:
    """Whether a third word that differs from both in the same letter is much commoner than one.

    The recogniser's third choices are not known: "whcre" is "where" even if it saw an o.
    """
    places = [n for n, pair in enumerate(zip(word, other, strict=False)) if len(set(pair)) == 2]
    if len(word) != len(other) or len(places) != 1:
        return False
    at = places[0]
    third = (prior.known(other[:at] + letter + other[at + 1 :]) for letter in ascii_lowercase)
    return max(third) > OUTDONE * prior.known(other)


def _possible(word: list[Glyph]) -> Iterator[tuple[float, list[Glyph]]]:
    """What a word may say with up to `MOST` of its alternatives, the likeliest first."""
    options = sorted(
        (
            (other.odds, index, other)
            for index, glyph in enumerate(word)
            for other in glyph.alternatives
            if all(part.text.strip() for part in other.glyphs)
        ),
        key=lambda option: (-option[0], option[1]),
    )
    heap: list[tuple[float, tuple[int, ...]]] = [(-1.0, ())]
    for _ in range(TRIED):
        if not heap:
            return
        odds, chosen = heapq.heappop(heap)
        if chosen:
            yield -odds, _with(word, {options[n][1]: options[n][2] for n in chosen})
        if len(chosen) == MOST:
            continue
        for n in range(chosen[-1] + 1 if chosen else 0, len(options)):
            if options[n][1] in {options[m][1] for m in chosen}:
                continue
            if -odds * options[n][0] < FURTHEST:
                break
            heapq.heappush(heap, (odds * options[n][0], (*chosen, n)))


def _with(word: list[Glyph], changes: dict[int, Alternative]) -> list[Glyph]:
    return [
        part
        for index, glyph in enumerate(word)
        for part in (changes[index].glyphs if index in changes else (glyph,))
    ]


def _words(line: Sequence[Glyph]) -> Iterator[tuple[int, int]]:
    """Where the words of a line, or their parts, begin and end."""
    start = 0
    for index, glyph in enumerate(line):
        if not glyph.text.strip() or glyph.text in SEPARATORS:
            if start < index:
                yield start, index
            start = index + 1
    if start < len(line):
        yield start, len(line)


def _is_cut(line: list[Glyph], end: int) -> bool:
    """Whether a word that ends there goes on in the next line."""
    return bool(line[end:]) and not _text(line[end:]).strip("-")


def _text(word: Sequence[Glyph]) -> str:
    return "".join(glyph.text for glyph in word)


def _core(text: str) -> str:
    """A word without the marks around it."""
    return EDGES.sub(r"\1", text)


def _is_written_evenly(word: str) -> bool:
    """Whether a word is in small letters, in capitals, or in small ones after one capital."""
    return word.islower() or word.isupper() or (word[0].isupper() and word[1:].islower())
