"""On fixed pitch the cells of a line say where its spaces are."""

from __future__ import annotations

import pytest

from scanner.words.ctc import Glyph
from scanner.words.ink import Extent, Placed
from scanner.words.pitch import cell_widths
from scanner.words.proofread import part_words

WIDTHS = {**dict.fromkeys(".,:;!'il1|", 4.0), **dict.fromkeys("mwMW@", 11.0)}
"""In cells of 12 pixels; other characters are 9 wide."""


def printed(read: str, stands: str | None = None, *, own_widths: bool = False) -> Placed:
    """A line read so; where it says something else, `stands` is what is printed, spaces and all."""
    stands = read if stands is None else stands
    x, places = 0.0, []
    for character in stands:
        width = WIDTHS.get(character, 9.0)
        cell = width + 3 if own_widths else 12.0
        if character != " ":
            left = x + (cell - width) / 2
            places.append(Extent(left, 0, left + width, 18))
        x += cell
    ink = iter(places)
    glyphs = [Glyph(character, index, index + 1, 0.99) for index, character in enumerate(read)]
    return Placed(glyphs, [None if character == " " else next(ink) for character in read])


RECEIPT = [
    printed("TAX INVOICE NUMBER"),
    printed("Thank you and come again"),
    printed("All prices include the tax"),
]


def text_of(line: Placed) -> str:
    return "".join(glyph.text for glyph in line.glyphs)


@pytest.mark.parametrize(
    ("read", "stands"),
    [
        ("DATE:28/02/2016", "DATE : 28/02/2016"),
        ("2X 8.50", "2 X 8.50"),
        ("18@7.30", "18 @ 7.30"),
        ("RM152. 00", "RM152.00"),
        ("Road , Mill", "Road , Mill"),
        ("111.11", "111.11"),
        ("W.M.i.l.", "W.M.i.l."),
        ("ADJUSTME NT", "ADJUSTMENT"),
    ],
)
def test_spaces_are_those_that_have_a_cell(read: str, stands: str) -> None:
    parted = part_words([*RECEIPT, printed(read, stands)])
    assert [text_of(line) for line in parted] == [*map(text_of, RECEIPT), stands]
    assert [place is None for place in parted[-1].extents] == [c == " " for c in stands]


def test_words_of_double_width_leave_the_spaces_of_others() -> None:
    line = printed("No : 0001237956")
    places = [place for place in line.extents if place]
    wide = [Extent(2 * p.left, p.top, 2 * p.right, p.bottom) for p in places[3:]]
    line = Placed(line.glyphs, [*line.extents[:5], *wide])
    assert text_of(part_words([*RECEIPT, line])[-1]) == "No : 0001237956"


def test_no_space_is_put_before_a_mark_that_closes() -> None:
    assert text_of(part_words([*RECEIPT, printed("Road,Mill", "Road , Mill")])[-1]) == "Road, Mill"


def test_a_speck_beside_a_character_makes_no_space() -> None:
    line = printed("TOTAL")
    line.extents[0] = Extent(-20, 0, 9, 18)
    assert text_of(part_words([*RECEIPT, line])[-1]) == "TOTAL"


def test_letters_of_their_own_widths_have_no_cells() -> None:
    lines = [printed(text_of(line), own_widths=True) for line in RECEIPT]
    assert cell_widths([*lines, printed("1234 5678")]) == [None] * 4


def test_chinese_lines_have_no_cells_that_count() -> None:
    lines = [printed("\u4e2d\u6587\u53d1\u7968\u91d1\u989d\u5408\u8ba1") for _ in range(3)]
    assert cell_widths(lines) == [None] * 3
    assert cell_widths([*RECEIPT, lines[0]]) == [12.0, 12.0, 12.0, None]
