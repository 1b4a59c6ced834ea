"""Letters are no rulings, sharp or blurred; lines beside them are."""

from __future__ import annotations

import cv2
import numpy as np

from table_restore.geometry import Box
from table_restore.ruling import Ruling
from table_restore.rulings import Grey, find_rulings, ink_channel

TEXT = 20.0
LETTERS = [Box(100 + 12 * i, 100, 109 + 12 * i, 120) for i in range(12)]
EDGES = np.array([(b.left, b.top, b.right, b.bottom) for b in LETTERS])
NO_LETTERS = np.zeros((0, 4))
WORD = Box(100, 100, 241, 120)


def paper() -> Grey:
    """A word of twelve letters."""
    grey = np.full((240, 400), 240, np.uint8)
    for letter in LETTERS:
        cv2.rectangle(grey, (int(letter.left), 100), (int(letter.right) - 1, 119), 40, -1)
    return grey


def rulings(grey: Grey) -> list[Ruling]:
    return find_rulings(grey, [WORD], EDGES, TEXT)


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


def test_letters_that_nobody_read_are_no_dashed_line() -> None:
    grey = np.full((240, 400), 240, np.uint8)
    for x in range(40, 360, 14):
        cv2.rectangle(grey, (x, 100), (x + 9, 119), 40, 2)
    assert find_rulings(grey, [], NO_LETTERS, TEXT) == []


def test_an_upright_dashed_line_under_boxes_of_words_that_are_too_wide() -> None:
    grey = np.full((300, 400), 240, np.uint8)
    words = []
    for y in range(30, 270, 30):
        cv2.rectangle(grey, (60, y), (150, y + 18), 40, 2)
        words.append(Box(56, y - 2, 182, y + 20))
    for y in range(10, 290, 14):
        grey[y : y + 9, 170:172] = 40
    (found,) = find_rulings(grey, words, NO_LETTERS, TEXT)
    assert not found.horizontal
    assert abs(found.position - 171) < 2
    assert found.length > 260


def test_a_line_that_touches_the_words_above_and_below_goes_on_between_them() -> None:
    grey = np.full((200, 400), 240, np.uint8)
    grey[99:101, 40:360] = 40
    words = []
    for x in (50, 150, 250):
        for top in (78, 101):
            words.append(Box(x, top, x + 75, top + 21))
            for letter in range(x, x + 70, 12):
                cv2.rectangle(grey, (letter, top + 2), (letter + 7, top + 18), 40, 1)
    found = [r for r in find_rulings(grey, words, NO_LETTERS, TEXT) if r.horizontal]
    assert [round(r.position) for r in found] == [100]


def test_a_light_seam_in_a_shade_is_no_edge() -> None:
    grey = np.full((240, 400), 255, np.uint8)
    grey[40:200, 40:360] = 150
    grey[120, 60:340] = 175
    assert not any(
        100 < r.position < 140 for r in find_rulings(grey, [], NO_LETTERS, TEXT) if r.horizontal
    )


def test_a_strip_of_paper_between_two_shades_is_one() -> None:
    grey = np.full((240, 400), 255, np.uint8)
    grey[40:200, 40:360] = 150
    grey[118:122, 40:360] = 255
    assert any(
        115 < r.position < 125 for r in find_rulings(grey, [], NO_LETTERS, TEXT) if r.horizontal
    )


def test_what_jpeg_leaves_in_a_colour_alone_is_no_ink() -> None:
    pixels = np.full((240, 400, 3), 255, np.uint8)
    pixels[60:62, 40:360, 0] = 236
    pixels[150:152, 40:360] = (200, 255, 255)
    found = find_rulings(ink_channel(pixels), [], NO_LETTERS, TEXT)
    assert [round(r.position) for r in found] == [151]


def test_a_hairline_that_leans_is_followed() -> None:
    """Before a camera the sides of a sheet stay a little off the text's direction."""
    grey = np.full((900, 400), 240, np.uint8)
    cv2.line(grey, (180, 40), (191, 860), 170, 1, cv2.LINE_AA)
    (found,) = find_rulings(grey, [], NO_LETTERS, TEXT)
    assert not found.horizontal
    assert found.length > 800


def test_the_blurred_edge_of_a_dark_ground_is_one() -> None:
    grey = np.full((240, 400), 235, np.uint8)
    grey[40:120, 20:380] = 50
    grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), 2.5), np.uint8)
    found = [r for r in find_rulings(grey, [], NO_LETTERS, TEXT) if r.horizontal]
    assert sorted(round(r.position / 4) for r in found) == [10, 30]


def test_a_line_that_is_lost_on_a_shade_goes_on_along_its_edge() -> None:
    grey = np.full((240, 400), 240, np.uint8)
    grey[40:120, 20:380] = 60
    grey[118:121, 20:260] = 20
    found = [
        r for r in find_rulings(grey, [], NO_LETTERS, TEXT) if r.horizontal and r.position > 100
    ]
    assert len({round(r.position) for r in found}) == 1
    assert max(r.end for r in found) > 370


def test_specks_that_jpeg_leaves_between_lines_of_text_are_no_dashes() -> None:
    grey = np.full((240, 400), 240, np.uint8)
    words = []
    for top in (100, 130):
        words.append(Box(100, top, 300, top + 20))
        for x in range(100, 290, 14):
            cv2.rectangle(grey, (x, top), (x + 9, top + 19), 20, 2)
    for x in range(100, 300, 6):
        grey[124:126, x : x + 4] = 214
    assert find_rulings(grey, words, NO_LETTERS, TEXT) == []
    for x in range(100, 300, 6):
        grey[124:126, x : x + 4] = 120
    assert find_rulings(grey, words, NO_LETTERS, TEXT) != []


def test_a_page_that_is_made_smaller_makes_no_line_too_thick() -> None:
    """Dark pixels win there, as where the gap of a double line closes."""
    grey = np.full((240, 600), 240, np.uint8)
    grey[101:116, 60:540] = 40
    (found,) = find_rulings(grey, [], NO_LETTERS, 26.0)
    assert found.drawn
    assert abs(found.position - 108.5) < 2
