"""How well a text matches the truth: character and word error rates, and word F1.

Both texts are normalised first (`normalise`), the same way for every engine. `~` in a truth of
the UNLV sets stands for one character that the typist could not key: it matches any one
character for free.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass
from functools import cache

WILDCARD = "~"

_SAME = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "st",
        "ﬆ": "st",
    }
)


def normalise(text: str) -> str:
    """The text with what a typist and a printer may do differently made the same.

    Accented letters are composed (NFC); typographic quotes, dashes, ellipses and ligatures
    become their plain forms, and a run of dashes one hyphen (a typist keys a long dash as two);
    all white space, line ends too, is one space. Case, accents, full-width forms, hyphens at
    line ends and everything else are left as they are.
    """
    plain = unicodedata.normalize("NFC", text).translate(_SAME)
    return " ".join(re.sub("-{2,}", "-", plain).split())


@dataclass(frozen=True, slots=True)
class Score:
    """Counts for one page, or for the pages of a set taken together (`sum_of`)."""

    characters: int
    character_errors: int
    words: int
    word_errors: int
    words_read: int
    words_found: int

    @property
    def cer(self) -> float:
        """Character error rate: edits, in reading order, over the truth's length; can exceed 1."""
        return self.character_errors / max(self.characters, 1)

    @property
    def wer(self) -> float:
        """Word error rate: as `cer`, with words for characters."""
        return self.word_errors / max(self.words, 1)

    @property
    def word_f1(self) -> float:
        """Harmonic mean of precision and recall of whole words, whatever their order."""
        both = self.words + self.words_read
        return 2 * self.words_found / both if both else 1.0

    @staticmethod
    def sum_of(scores: Iterable[Score]) -> Score:
        """The scores of all pages as if they were one, so that long pages weigh more."""
        columns = zip(*(astuple(score) for score in scores), strict=True)
        return Score(*(sum(column) for column in columns))


def score(truth: str, output: str, fold_case: bool = False) -> Score:
    """Compare what an engine read with the truth; both as they come.

    With `fold_case` upper and lower case are one.
    """
    truth, output = normalise(truth), normalise(output)
    if fold_case:
        truth, output = truth.upper(), output.upper()
    truth_words, output_words = truth.split(), output.split()
    return Score(
        characters=len(truth),
        character_errors=edit_distance(truth, output),
        words=len(truth_words),
        word_errors=edit_distance(truth_words, output_words),
        words_read=len(output_words),
        words_found=common_words(truth_words, output_words),
    )


def edit_distance(truth: Sequence[str], output: Sequence[str]) -> int:
    """Levenshtein distance between two sequences of characters or of words.

    The bit-parallel algorithm of Hyyrö ("Explaining and extending the bit-parallel approximate
    string matching algorithm of Myers", 2001), a column of the matrix in one long integer.
    A wildcard in the truth is exact and costs nothing here: it only sets more match bits.
    """
    if not truth:
        return len(output)
    matches = _positions(truth)
    full, last = (1 << len(truth)) - 1, 1 << (len(truth) - 1)
    distance = len(truth)
    # Where the value grows (shrinks) by one from a row to the next (down), and along a row.
    grows_down, shrinks_down = full, 0
    for token in output:
        match = matches(token)
        diagonal = (((match & grows_down) + grows_down) ^ grows_down) | match | shrinks_down
        grows_along = shrinks_down | ~(diagonal | grows_down)
        shrinks_along = diagonal & grows_down
        if grows_along & last:
            distance += 1
        elif shrinks_along & last:
            distance -= 1
        grows_along = (grows_along << 1) | 1
        shrinks_along <<= 1
        grows_down = (shrinks_along | ~(diagonal | grows_along)) & full
        shrinks_down = grows_along & diagonal & full
    return distance


def common_words(truth: Sequence[str], output: Sequence[str]) -> int:
    """How many words of the truth were read, each word read counting once, in any order.

    Words with a wildcard take, in the order of the truth, the first fitting word that no equal
    word has claimed.
    """
    left = Counter(output)
    found = 0
    open_words = []
    for word in truth:
        if left[word] > 0:
            left[word] -= 1
            found += 1
        elif WILDCARD in word:
            open_words.append(word)
    for pattern in open_words:
        for word, count in left.items():
            if count > 0 and fits(pattern, word):
                left[word] -= 1
                found += 1
                break
    return found


def fits(pattern: str, word: str) -> bool:
    """Whether a word of the truth, wildcards and all, can be the word that was read."""
    return len(pattern) == len(word) and all(
        expected in (WILDCARD, character) for expected, character in zip(pattern, word, strict=True)
    )


def _positions(truth: Sequence[str]) -> Callable[[str], int]:
    """For a token: an integer with a bit set at each position of the truth that it matches."""
    places: Counter[str] = Counter()
    for position, token in enumerate(truth):
        places[token] |= 1 << position
    patterns = [(token, bits) for token, bits in places.items() if WILDCARD in token]

    @cache
    def matches(token: str) -> int:
        bits = places[token]
        for pattern, more in patterns:
            if fits(pattern, token):
                bits |= more
        return bits

    return matches
