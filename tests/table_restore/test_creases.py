"""Lines through letters are no rulings; lines between letters are."""

from __future__ import annotations

from table_restore.creases import of_one_pen, without_creases
from table_restore.document import Character, Line, Word
from table_restore.geometry import Box
from table_restore.ruling import Ruling


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
    letters = [c.polygon.box for line in lines for w in line.words for c in w.characters]
    return bool(without_creases([ruling], letters))


def test_a_fold_through_letters_is_no_ruling() -> None:
    assert not kept(Ruling(False, 148, 80, 900), rows((100, 120, 140, 160), 12))


def test_a_ruling_between_letters_stays() -> None:
    assert kept(Ruling(False, 138, 80, 900), rows((100, 120, 140, 160), 12))


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
