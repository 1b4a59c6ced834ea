"""Letters are no rulings, sharp or blurred; lines beside them are."""

from __future__ import annotations

import cv2
import numpy as np

from table_restore.geometry import Box
from table_restore.rulings import Grey, Ruling, find_rulings

TEXT = 20.0
LETTERS = [Box(100 + 12 * i, 100, 109 + 12 * i, 120) for i in range(12)]
WORD = Box(100, 100, 241, 120)


def paper() -> Grey:
    """A word of twelve letters."""
    grey = np.full((240, 400), 240, np.uint8)
    for letter in LETTERS:
        cv2.rectangle(grey, (int(letter.left), 100), (int(letter.right) - 1, 119), 40, -1)
    return grey


def rulings(grey: Grey) -> list[Ruling]:
    return find_rulings(grey, [WORD], LETTERS, TEXT)


def test_marks_right_under_letters_are_their_feet() -> None:
    grey = paper()
    for x in range(102, 240, 6):
        grey[120:122, x : x + 3] = 180
    assert rulings(grey) == []


def test_a_dotted_line_further_down_is_a_ruling() -> None:
    grey = paper()
    for x in range(60, 340, 6):
        grey[130:132, x : x + 3] = 100
    (found,) = rulings(grey)
    assert found.horizontal
    assert abs(found.position - 131) < 2


def test_a_short_stroke_beside_a_word_is_its_letter() -> None:
    grey = paper()
    grey[98:128, 98:100] = 40
    assert rulings(grey) == []


def test_a_long_stroke_beside_a_word_is_a_ruling() -> None:
    grey = paper()
    grey[40:200, 96:98] = 40
    (found,) = rulings(grey)
    assert not found.horizontal
