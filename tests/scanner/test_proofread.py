"""Doubtful characters are settled by the word they stand in."""

from __future__ import annotations

import pytest

from scanner.ctc import Glyph
from scanner.ink import Extent
from scanner.proofread import part_words, settle_lookalikes, settle_page


def glyphs_of(text: str, doubtful: str = "") -> list[Glyph]:
    return [
        Glyph(character, index, index + 1, 0.6 if character in doubtful else 0.99)
        for index, character in enumerate(text)
    ]


@pytest.mark.parametrize(
    ("read", "doubtful", "meant"),
    [
        ("l50", "l", "150"),
        ("1.l:", "l", "1.1:"),
        ("(l-7)", "l", "(1-7)"),
        ("3O,00O.I5", "OI", "30,000.15"),
        ("Waddel1", "1", "Waddell"),
        ("we'11", "1", "we'll"),
        ("l l0 I", "lI", "l 10 I"),
        ("l00", "", "100"),
        ("3oo", "o", "300"),
    ],
)
def test_doubtful_lookalikes_follow_their_word(read: str, doubtful: str, meant: str) -> None:
    assert "".join(g.text for g in settle_lookalikes(glyphs_of(read, doubtful))) == meant


@pytest.mark.parametrize("text", ["50l", "Waddel1", "30O"])
def test_sure_characters_stay(text: str) -> None:
    assert "".join(g.text for g in settle_lookalikes(glyphs_of(text))) == text


@pytest.mark.parametrize("text", ["UE25A1", "A1", "x1", "Il", "O", "figure2l", "B1"])
def test_words_that_could_be_either_stay(text: str) -> None:
    assert "".join(g.text for g in settle_lookalikes(glyphs_of(text, "1lIO"))) == text


def placed(text: str, gaps: dict[int, float]) -> tuple[list[Glyph], list[Extent | None]]:
    """Characters ten pixels wide and two apart; `gaps` widens the gap before an index."""
    x = 0.0
    extents: list[Extent | None] = []
    for index, character in enumerate(text):
        if character == " ":
            x += 8
            extents.append(None)
            continue
        x += gaps.get(index, 2)
        extents.append(Extent(x, 0, x + 10, 20))
        x += 10
    return glyphs_of(text), extents


def test_a_gap_as_wide_as_between_words_parts_words() -> None:
    text = "one two three fourfive six"
    glyphs, extents = placed(text, {text.index("five"): 10})
    parted, places = part_words(glyphs, extents)
    assert "".join(g.text for g in parted) == "one two three four five six"
    assert [place is None for place in places] == [g.text == " " for g in parted]


def test_a_wide_letter_gap_does_not_part_words() -> None:
    text = "one two three fourfive six"
    glyphs, extents = placed(text, {text.index("five"): 6})
    assert part_words(glyphs, extents) == (glyphs, extents)


def test_a_line_of_one_word_is_left_alone() -> None:
    glyphs, extents = placed("spaced", {2: 30})
    assert part_words(glyphs, extents) == (glyphs, extents)


def test_a_doubtful_accent_that_the_page_never_shows_is_a_speck() -> None:
    (line,) = settle_page([glyphs_of("been beęn naïve", "ęï")])
    assert "".join(g.text for g in line) == "been been naive"


def test_an_accent_that_the_page_shows_elsewhere_stays() -> None:
    lines = settle_page([glyphs_of("été"), glyphs_of("né", "é")])
    assert ["".join(g.text for g in line) for line in lines] == ["été", "né"]


def test_sure_accents_and_other_scripts_stay() -> None:
    (line,) = settle_page([glyphs_of("ça が中", "が中")])
    assert "".join(g.text for g in line) == "ça が中"
