"""Amounts get the decimal mark that they lack, and other numbers none."""

from __future__ import annotations

import pytest

from scanner.words.amounts import settle_amounts
from scanner.words.ctc import Glyph
from scanner.words.ink import Extent, Placed

RECEIPT = ["12.50", "3.00", "7.25", "22.75", "25.00"]


def placed(text: str, gap: float = 14) -> Placed:
    """Characters ten pixels wide, two apart, twenty high; spaces leave `gap` pixels."""
    x = 0.0
    extents: list[Extent | None] = []
    for character in text:
        if character == " ":
            x += gap - 2
            extents.append(None)
            continue
        extents.append(Extent(x, 0, x + 10, 20))
        x += 12
    return Placed([Glyph(c, n, n + 1, 0.9) for n, c in enumerate(text)], extents)


def settled(text: str, gap: float = 14, page: list[str] = RECEIPT) -> Placed:
    return settle_amounts([placed(text, gap), *(placed(amount) for amount in page)])[0]


def text_of(line: Placed) -> str:
    return "".join(glyph.text for glyph in line.glyphs)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("16 85", "16.85"),
        ("RM3 60", "RM3.60"),
        ("@6 00%", "@6.00%"),
        ("Total 0 05 *", "Total 0.05 *"),
        # Telephone numbers, dates, codes, and numbers of other lengths.
        ("1800 88 2345", "1800 88 2345"),
        ("15/10/20 17", "15/10/20 17"),
        ("VE05 14", "VE05 14"),
        ("12 500", "12 500"),
        ("12 5", "12 5"),
        ("12 50 kg", "12.50 kg"),
    ],
)
def test_two_digits_after_a_whole_number(text: str, meant: str) -> None:
    assert text_of(settled(text)) == meant


def test_a_wide_gap_parts_two_numbers() -> None:
    assert text_of(settled("16 85", gap=17)) == "16.85"
    assert text_of(settled("16 85", gap=18)) == "16 85"


def test_the_mark_is_the_page_s() -> None:
    german = [amount.replace(".", ",") for amount in RECEIPT]
    assert text_of(settled("16 85", page=german)) == "16,85"
    assert text_of(settled("16 85", page=RECEIPT[:4])) == "16 85"
    assert text_of(settled("16 85", page=RECEIPT + german[:1])) == "16 85"
    assert text_of(settled("16 85", page=[])) == "16 85"


def test_the_mark_stands_low_in_the_gap() -> None:
    mark = settled("16 85").extents[2]
    assert mark == Extent(22, 16, 36, 20)
