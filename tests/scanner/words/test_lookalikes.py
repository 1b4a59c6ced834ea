"""Characters drawn alike are told apart by their word and by their ink."""

from __future__ import annotations

import pytest

from scanner.words.ctc import Glyph
from scanner.words.ink import Extent
from scanner.words.lookalikes import settle_case, settle_dots, settle_lookalikes


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
        ("V1SA", "1", "VISA"),
        ("P0S01", "0", "POS01"),
        ("[l8].", "l", "[18]."),
        ("USW-G-l,", "l", "USW-G-1,"),
        ("l0CFR960", "l", "10CFR960"),
        ("3l6L", "l", "316L"),
        ("(l)", "l", "(1)"),
        ("(i965)", "i", "(1965)"),
        ("3oo", "", "300"),
    ],
)
def test_doubtful_lookalikes_follow_their_word(read: str, doubtful: str, meant: str) -> None:
    assert "".join(g.text for g in settle_lookalikes(glyphs_of(read, doubtful))) == meant


@pytest.mark.parametrize("text", ["50l", "Waddel1", "OO"])
def test_sure_characters_stay(text: str) -> None:
    assert "".join(g.text for g in settle_lookalikes(glyphs_of(text))) == text


@pytest.mark.parametrize(
    "text", ["UE25A1", "A1", "x1", "Il", "O", "figure2l", "B1", "l'or", "g/l,", "l"]
)
def test_words_that_could_be_either_stay(text: str) -> None:
    assert "".join(g.text for g in settle_lookalikes(glyphs_of(text, "1lIO"))) == text


Line = tuple[list[Glyph], list[Extent | None]]


def line_of(text: str, bare: str = "", doubtful: str = "") -> Line:
    """Letters whose every i has a dot but where `bare` is in the text."""
    at = text.find(bare) if bare else len(text)
    places = [
        Extent(10 * i, 0, 10 * i + 8, 20, c == "i" and not at <= i < at + len(bare))
        for i, c in enumerate(text)
    ]
    return glyphs_of(text, doubtful), [*places]


def dots_settled(*lines: Line) -> list[str]:
    glyphs, places = zip(*lines, strict=True)
    return ["".join(g.text for g in line) for line in settle_dots(glyphs, places)]


CLEAN = line_of("il" * 30)


def test_a_doubtful_i_without_a_dot_is_an_l() -> None:
    assert dots_settled(CLEAN, line_of("fuifil", "if", "i"))[1] == "fulfil"


def test_an_i_stays_with_its_dot_after_an_f_among_capitals_or_when_sure() -> None:
    lines = [line_of("wili", doubtful="i"), line_of("fit", "fit", "i"), line_of("Ti", "Ti", "i")]
    assert dots_settled(CLEAN, *lines, line_of("wili", "ili"))[1:] == ["wili", "fit", "Ti", "wili"]


def test_a_page_without_visible_dots_is_left_alone() -> None:
    bare = line_of("il" * 30, "il" * 30)
    assert dots_settled(bare, line_of("wili", "ili", "i"))[1] == "wili"
    assert dots_settled(line_of("ilil"), line_of("wili", "ili", "i"))[1] == "wili"


@pytest.mark.parametrize(
    ("read", "low", "meant"),
    [
        ("JoHN ScoTT", "", "JOHN SCOTT"),
        ("GHz", "z", "GHz"),
        ("PCs", "s", "PCs"),
        ("No.", "", "No."),
        ("McCOY", "c", "McCOY"),
        ("NASAgov", "", "NASAgov"),
    ],
)
def test_small_letters_as_high_as_capitals_are_capitals(read: str, low: str, meant: str) -> None:
    places = [Extent(0, 6 if c in low else 0, 8, 20) if c != " " else None for c in read]
    assert "".join(g.text for g in settle_case(glyphs_of(read), places)) == meant
