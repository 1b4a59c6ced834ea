"""Lines through letters are no rulings; lines between letters are."""

from __future__ import annotations

import pytest

from table_restore.creases import letter_joints, of_one_pen, without_creases
from table_restore.document import Character, Line, Word
from table_restore.geometry import Box
from table_restore.ruling import Ruling
from table_restore.upright import Upright


def rows(lefts: tuple[int, ...], count: int) -> list[Line]:
    """Lines of letters, each 16 wide and 24 high, that begin at `lefts`."""
    lines = []
    for row in range(count):
        boxes = [Box(x, 100 + 40 * row, x + 16, 124 + 40 * row) for x in lefts]
        letters = tuple(Character("a", box.polygon(), 0.9) for box in boxes)
        outline = Box.around(boxes).polygon()
        lines.append(Line((Word("a" * len(lefts), outline, 0.9, letters),), outline))
    return lines


def kept(ruling: Ruling, lines: list[Line]) -> bool:
    letters = Upright(1000, 1000).edges(
        [c.polygon for line in lines for w in line.words for c in w.characters]
    )
    return bool(without_creases([ruling], letters))


def test_a_fold_through_letters_is_no_ruling() -> None:
    assert not kept(Ruling(False, 148, 80, 900), rows((100, 120, 140, 160), 12))


def test_a_ruling_between_letters_stays() -> None:
    assert kept(Ruling(False, 138, 80, 900), rows((100, 120, 140, 160), 12))


def parting(text: str, x: int, count: int) -> bool:
    """Whether a line at `x` stays that goes through `count` words of letters 16 wide, 20 apart."""
    lines = [
        Line(
            (
                Word(
                    text,
                    Box(100, y, 100 + 20 * len(text), y + 24).polygon(),
                    0.9,
                    tuple(
                        Character(c, Box(100 + 20 * n, y, 116 + 20 * n, y + 24).polygon(), 0.9)
                        for n, c in enumerate(text)
                    ),
                ),
            ),
            Box(100, y, 100 + 20 * len(text), y + 24).polygon(),
        )
        for y in range(100, 100 + 40 * count, 40)
    ]
    words = [word for each in lines for word in each.words]
    letters = Upright(1000, 1000).edges([c.polygon for word in words for c in word.characters])
    joints = letter_joints(words, letters)
    return bool(without_creases([Ruling(False, x, 80, 900)], letters, joints))


def test_a_streak_between_the_letters_of_words_is_no_ruling() -> None:
    assert not parting("receipt", 138, 12)
    assert not parting("RECEIPT", 138, 12)


@pytest.mark.parametrize("text", ["123456", "noName", "姓名性别", "12ab"])
def test_cells_that_were_read_as_one_word_are_parted(text: str) -> None:
    assert parting(text, 138, 12)


def test_a_few_letters_on_a_ruling_are_accidents() -> None:
    assert kept(Ruling(False, 148, 80, 240), rows((100, 120, 140, 160), 3))


def test_horizontal_rulings_are_not_judged() -> None:
    assert kept(Ruling(True, 112, 80, 300), rows((100, 120, 140, 160), 12))


def test_weak_rulings_fall_only_beside_whole_ones() -> None:
    whole = [Ruling(True, 100 * i, 0, 900) for i in range(6)]
    weak = Ruling(False, 429, 475, 644, strength=0.46)
    shade = Ruling(False, 500, 475, 644, strength=0.46, drawn=False)
    assert of_one_pen([*whole, weak, shade]) == [*whole, shade]
    assert of_one_pen([*whole[:5], weak]) == [*whole[:5], weak]
