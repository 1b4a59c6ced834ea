"""Words put right by what the recogniser also saw in them, and words that must stay."""

from __future__ import annotations

import pytest

from scanner.words.ctc import Alternative, Glyph
from scanner.words.lexicon import lexicon_of
from scanner.words.spelling import settle_spelling

PROSE = (
    "The house at the end of the street was sold by its owner in the spring of that year and the"
    " people who live there now have planted a garden with trees and built a wall around it"
)


def glyph(text: str, *others: tuple[str, float]) -> Glyph:
    """A character and what else it may be, none or several included."""
    alternatives = tuple(
        Alternative(tuple(Glyph(other, 0, 1, 0.1) for other in instead), odds)
        for instead, odds in others
    )
    return Glyph(text, 0, 1, 0.95, alternatives)


def line(text: str, doubts: dict[int, list[tuple[str, float]]] | None = None) -> list[Glyph]:
    return [glyph(c, *(doubts or {}).get(index, [])) for index, c in enumerate(text)]


def settled(text: str, doubts: dict[int, list[tuple[str, float]]], prose: str = PROSE) -> str:
    first, *_ = settle_spelling([line(text, doubts), line(prose)])
    return "".join(glyph.text for glyph in first)


@pytest.mark.parametrize(
    ("text", "doubts", "expected"),
    [
        ("limcstone,", {3: [("e", 0.05)]}, "limestone,"),
        ("to thc limit", {5: [("e", 0.01)]}, "to the limit"),
        ("annibhilated", {4: [("", 0.4)]}, "annihilated"),
        ("(ferlessly)", {2: [("ea", 0.3)]}, "(fearlessly)"),
        ("THCRCFORE", {2: [("E", 0.1)], 4: [("E", 0.1)]}, "THEREFORE"),
        ("mid-yenr", {6: [("a", 0.2)]}, "mid-year"),
        ("Lincoin’s men", {5: [("l", 0.2)]}, "Lincoln’s men"),
        ("A1though", {1: [("l", 0.5)]}, "Although"),
        ("Adjus tment", {}, "Adjustment"),
        ("betwee n", {}, "between"),
        # Known, but much rarer than what else it may be.
        ("the men aud women", {9: [("n", 0.05)]}, "the men and women"),
    ],
)
def test_a_misread_word_is_put_right(
    text: str, doubts: dict[int, list[tuple[str, float]]], expected: str
) -> None:
    assert settled(text, doubts) == expected


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        # Nothing else was seen in it, or nothing that makes a word, or only what hardly can be.
        ("limcstone", {}),
        ("limcstone", {3: [("o", 0.9)]}),
        ("Trask", {4: [("h", 1e-4)]}),
        # Codes, abbreviations, and pieces of words.
        ("B1LL", {1: [("I", 0.9)]}),
        ("mp3s", {2: [("s", 0.9)]}),
        ("flat ter-", {}),
        ("OP", {1: [("F", 0.5)]}),
        ("CABS", {2: [("R", 0.9)]}),
        ("im-", {1: [("n", 0.9)]}),
        # Another word is much likelier than what it may be.
        ("whcre", {2: [("o", 0.1)]}),
        # Spaces between words, between a word and a mark, and beside what no page would join.
        ("in to a new", {}),
        ("at : once", {}),
        ("Mr Waddell", {}),
        ("man-rem and", {}),
        # A change of case alone, and one that leaves capitals amid small letters.
        ("McKinney", {2: [("k", 0.9)]}),
        ("limcstone", {3: [("E", 0.9)]}),
        # A Chinese line.
        ("中thc", {3: [("e", 0.9)]}),
    ],
)
def test_what_may_be_right_stays(text: str, doubts: dict[int, list[tuple[str, float]]]) -> None:
    assert settled(text, doubts) == text


def test_a_name_that_the_page_has_elsewhere_is_known() -> None:
    doubts = {2: [("z", 0.3)]}
    assert settled("Szyzcki", {4: [("d", 0.3)]}) == "Szyzcki"
    assert settled("Szyzcki", {4: [("d", 0.3)]}, PROSE + " Szyzdki") == "Szyzdki"
    assert settled("Szyzdki", doubts, PROSE + " Szyzdki") == "Szyzdki"


def test_a_page_in_another_language_is_left_alone() -> None:
    doubts = {2: [("e", 0.9)]}
    welsh = "Mae pob person yn cael ei eni yn rhydd ac yn gydradd mewn urddas a hawliau " * 2
    assert settled("thc", doubts) == "the"
    assert settled("thc", doubts, welsh) == "thc"
    assert settled("thc", doubts, "too few words") == "thc"


@pytest.mark.parametrize(
    ("text", "known", "unknown"),
    [
        ("der Hund und die Katze sind nicht im Haus", "straße", "street"),
        ("le chien et le chat ne sont pas dans la maison", "l'homme", "street"),
        ("el perro y el gato no están en la casa", "calle", "street"),
        ("il cane e il gatto non sono in casa per la notte", "strada", "street"),
        ("de hond en de kat zijn niet in het huis", "straat", "strasse"),
        ("o cão e o gato não estão em casa com uma pessoa", "rua", "straße"),
        ("TOTAL CASH CHANGE", "street", "straße"),
    ],
)
def test_the_language_is_told_by_its_commonest_words(text: str, known: str, unknown: str) -> None:
    lexicon = lexicon_of(text.lower().split())
    assert 0 < lexicon.frequency(known) < 1
    assert lexicon.frequency(unknown) == 0
