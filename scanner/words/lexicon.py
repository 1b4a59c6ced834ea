"""How often words occur in a page's language, by the counts of the package `pyspellchecker`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from spellchecker import SpellChecker

COMMONEST = {
    "de": "der die und das den von zu mit sich des auf für ist im dem nicht ein eine als auch",
    "en": "the of and to in is that for it was on with as by be at this are or from",
    "es": "el la los las de que y en un una por con para del se su es como al lo",
    "fr": "le la les des et du un une est que dans pour qui par sur au pas ce avec il",
    "it": "il di che la e per un una del della in con non si le da sono dei al gli",
    "nl": "de het een van en in dat is te op voor met zijn niet aan er om ook bij door",
    "pt": "de o a que e do da em um para com não uma os no na por as dos ao",
}
"""The most frequent words of each language, which tell it: a page has many of its own."""

USUAL = "en"
"""The language of a page that has too few of any language's commonest words to tell."""

ENOUGH = 3

APOSTROPHES = str.maketrans("’", "'")

JOINED = 0.1
"""How often words that stand together with an apostrophe do so, compared with alone."""


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """A language's words."""

    counts: Mapping[str, int]
    total: int

    def frequency(self, word: str) -> float:
        """The share of a word, in lower case, among all words of running text; 0 if unknown.

        Of one with an apostrophe ("l'homme", "Johnson's") the parts will do.
        """
        word = word.translate(APOSTROPHES)
        count = self.counts.get(word, 0)
        if not count and "'" in word.strip("'"):
            parts = [part for part in word.split("'") if len(part) > 1]
            return JOINED * min((self.frequency(part) for part in parts), default=0.0)
        return count / self.total


def lexicon_of(words: Iterable[str]) -> Lexicon:
    """The lexicon of the language that words of a page, in lower case, are in."""
    seen = Counter(words)
    shares = {
        language: sum(seen[word] for word in common.split())
        for language, common in COMMONEST.items()
    }
    language = max(shares, key=lambda name: (shares[name], name == USUAL))
    return _load(language if shares[language] >= ENOUGH else USUAL)


@cache
def _load(language: str) -> Lexicon:
    words = SpellChecker(language=language).word_frequency
    return Lexicon(words.dictionary, words.total_words)
