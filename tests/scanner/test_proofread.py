"""Doubtful characters are settled by the word they stand in."""

from __future__ import annotations

import pytest

from scanner.ctc import Glyph
from scanner.ink import Extent
from scanner.proofread import Placed, part_words, settle_lookalikes, settle_page


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
        ("3oo", "", "300"),
    ],
)
def test_doubtful_lookalikes_follow_their_word(read: str, doubtful: str, meant: str) -> None:
    assert "".join(g.text for g in settle_lookalikes(glyphs_of(read, doubtful))) == meant


@pytest.mark.parametrize("text", ["50l", "Waddel1", "OO"])
def test_sure_characters_stay(text: str) -> None:
    assert "".join(g.text for g in settle_lookalikes(glyphs_of(text))) == text


@pytest.mark.parametrize("text", ["UE25A1", "A1", "x1", "Il", "O", "figure2l", "B1"])
def test_words_that_could_be_either_stay(text: str) -> None:
    assert "".join(g.text for g in settle_lookalikes(glyphs_of(text, "1lIO"))) == text


def placed(text: str, gaps: dict[int, float] | None = None) -> Placed:
    """Characters ten pixels wide and two apart, twenty high; `gaps` widens some gaps."""
    x = 0.0
    extents: list[Extent | None] = []
    for index, character in enumerate(text):
        if character == " ":
            x += 8
            extents.append(None)
            continue
        x += (gaps or {}).get(index, 2)
        extents.append(Extent(x, 0, x + 10, 20))
        x += 10
    return Placed(glyphs_of(text), extents)


def text_of(line: Placed) -> str:
    return "".join(glyph.text for glyph in line.glyphs)


PLAIN = placed("this page shows how wide its gaps are")


@pytest.mark.parametrize(
    ("text", "before", "gap", "meant"),
    [
        ("fourfive", "fi", 15, "four five"),
        ("fourfive", "fi", 12, "fourfive"),
        ("ID:0003", "0003", 9, "ID: 0003"),
        ("ID:0003", "0003", 6, "ID:0003"),
        ("Tel:12", ":", 9, "Tel :12"),
        ("end.", ".", 20, "end."),
        ("中文12", "2", 20, "中文12"),
        ("155.90", "55.", 30, "1 55.90"),
    ],
)
def test_gaps_as_wide_as_the_page_s_part_words(
    text: str, before: str, gap: float, meant: str
) -> None:
    line = placed(text, {text.index(before): gap})
    parted = part_words([PLAIN, line])
    assert [text_of(line) for line in parted] == [text_of(PLAIN), meant]
    assert [place is None for place in parted[1].extents] == [c == " " for c in meant]


def test_letter_spaced_lines_are_left_alone() -> None:
    line = placed("OFFICE", dict.fromkeys(range(1, 6), 12))
    assert text_of(part_words([PLAIN, line])[1]) == "OFFICE"


def test_a_page_that_does_not_show_its_gaps_is_left_alone() -> None:
    line = placed("spaced", {2: 30})
    assert part_words([line]) == [line]


def test_full_width_marks_are_plain_among_latin_letters() -> None:
    lines = settle_page([glyphs_of("Gaithersburg，（x）"), glyphs_of("中，文")])
    assert ["".join(g.text for g in line) for line in lines] == ["Gaithersburg,(x)", "中，文"]


def test_a_doubtful_accent_that_the_page_never_shows_is_a_speck() -> None:
    (line,) = settle_page([glyphs_of("been beęn naïve", "ęï")])
    assert "".join(g.text for g in line) == "been been naive"


def test_an_accent_that_the_page_shows_elsewhere_stays() -> None:
    lines = settle_page([glyphs_of("été"), glyphs_of("né", "é")])
    assert ["".join(g.text for g in line) for line in lines] == ["été", "né"]


def test_sure_accents_and_other_scripts_stay() -> None:
    (line,) = settle_page([glyphs_of("ça が中", "が中")])
    assert "".join(g.text for g in line) == "ça が中"
