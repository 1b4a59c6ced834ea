"""Doubtful accents and gaps are settled by what the rest of the page shows."""

from __future__ import annotations

import pytest

from scanner.words.ctc import Glyph
from scanner.words.ink import Extent, Placed
from scanner.words.proofread import close_up, part_words, settle_page


def glyphs_of(text: str, doubtful: str = "") -> list[Glyph]:
    return [
        Glyph(character, index, index + 1, 0.6 if character in doubtful else 0.99)
        for index, character in enumerate(text)
    ]


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


@pytest.mark.parametrize(("space", "meant"), [(0, "113940"), (8, "1 13940")])
def test_the_white_around_ones_is_no_space(space: int, meant: str) -> None:
    figures = placed("2496 2884 500")
    extents: list[Extent | None] = [
        Extent(x + 4.5, 0, x + 6, 20) if digit == "1" else Extent(x, 0, x + 10, 20)
        for digit, x in zip(
            "113940", (0, *(12 * place + space for place in range(1, 6))), strict=True
        )
    ]
    line = Placed(glyphs_of("113940"), extents)
    assert text_of(part_words([PLAIN, figures, line])[2]) == meant


def test_letter_spaced_lines_are_left_alone() -> None:
    line = placed("OFFICE", dict.fromkeys(range(1, 6), 12))
    assert text_of(part_words([PLAIN, line])[1]) == "OFFICE"


def test_a_page_that_does_not_show_its_gaps_is_left_alone() -> None:
    line = placed("spaced", {2: 30})
    assert part_words([line]) == [line]


def thin(text: str) -> Placed:
    """A line whose words stand 10 apart, 6 where an underscore is."""
    line = placed(text.replace("_", " "))
    shift, extents = 0.0, []
    for character, place in zip(text, line.extents, strict=True):
        shift -= 4 * (character == "_")
        extents.append(
            place and Extent(place.left + shift, place.top, place.right + shift, place.bottom)
        )
    return Placed(line.glyphs, extents)


def test_thin_spaces_before_marks_close_up() -> None:
    lines = [thin("he asked who was there_; I said_: we two"), thin("is it so_? he went")]
    assert [text_of(line) for line in close_up(lines)] == [
        "he asked who was there; I said: we two",
        "is it so? he went",
    ]
    assert all(len(line.glyphs) == len(line.extents) for line in close_up(lines))


def test_spaces_before_marks_as_wide_as_the_others_stay() -> None:
    line = placed("qui est venu : nous deux ; le chat !")
    assert text_of(close_up([line])[0]) == text_of(line)


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ('he said "_no more than that', 'he said "no more than that'),
        ('and so said he_" to us', 'and so said he" to us'),
        ('" no more', '"no more'),
        ('no more "', 'no more"'),
        ('a size of 3 " or 4', 'a size of 3 " or 4'),
    ],
)
def test_quotation_marks_go_to_the_nearer_word(read: str, meant: str) -> None:
    assert text_of(close_up([thin(read)])[0]) == meant


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
