"""Characters' places hug the ink that was drawn."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from scanner.words.ctc import Glyph
from scanner.words.ink import ink_mask, locate

STEP = 8


def blocks(
    *spans: tuple[int, int], ground: int = 255, ink: int = 0
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """A line's picture with a block of ink from row 14 to 34 in each span of columns."""
    picture = np.full((48, 160, 3), ground, dtype=np.uint8)
    for left, right in spans:
        picture[14:34, left:right] = ink
    return picture


def glyph_at(text: str, x: float) -> Glyph:
    step = int(x / STEP)
    return Glyph(text, step, step + 1, 0.9)


@pytest.mark.parametrize(("ground", "ink"), [(255, 0), (230, 90), (20, 240)])
def test_boxes_hug_the_ink(ground: int, ink: int) -> None:
    picture = blocks((10, 24), (30, 41), (100, 120), ground=ground, ink=ink)
    glyphs = [glyph_at("a", 17), glyph_at("b", 35), glyph_at(" ", 70), glyph_at("c", 110)]
    first, second, space, third = locate(glyphs, ink_mask(picture), STEP)
    assert space is None
    assert first is not None
    assert second is not None
    assert third is not None
    assert (first.left, first.top, first.right, first.bottom) == (10, 14, 24, 34)
    assert (second.left, second.right) == (30, 41)
    assert (third.left, third.right) == (100, 120)


def test_what_reaches_in_from_other_lines_is_no_ink() -> None:
    picture = blocks((10, 24), (40, 60))
    picture[0:5, 12:15] = 0
    picture[44:48, 45:50] = 0
    mask = ink_mask(picture)
    assert not mask[:6].any()
    assert not mask[43:].any()
    assert mask[20, 15]


def test_rulings_are_no_ink() -> None:
    picture = blocks((30, 44), (60, 80))
    picture[40:43, :] = 0
    picture[:, 5:8] = 0
    mask = ink_mask(picture)
    assert mask[20, 35]
    assert not mask[41, 100]
    assert not mask[10, 6]


def test_letters_fainter_than_a_ruling_beside_them_are_ink() -> None:
    picture = blocks((30, 44), (60, 80), ground=255, ink=170)
    picture[18:30, 33:36] = 120  # the cores of strokes
    picture[0:7, :] = 0
    mask = ink_mask(picture)
    assert mask[14:34, 30:44].all()
    assert mask[14:34, 60:80].all()
    assert not mask[:, 100:].any()


def test_a_ruling_that_leans_across_is_no_ink() -> None:
    picture = blocks((30, 44), (60, 80))
    cv2.line(picture, (110, 0), (112, 47), (0, 0, 0), 2)
    assert not ink_mask(picture)[:, 100:].any()


def test_touching_characters_part_where_there_is_least_ink() -> None:
    picture = blocks((10, 30), (34, 54))
    cv2.line(picture, (28, 24), (36, 24), (0, 0, 0), 1)
    first, second = locate([glyph_at("r", 20), glyph_at("n", 44)], ink_mask(picture), STEP)
    assert first is not None
    assert second is not None
    assert 30 <= first.right <= 34
    assert first.right == second.left


def test_a_character_without_ink_takes_its_step() -> None:
    extents = locate([glyph_at("a", 20)], np.zeros((48, 160), dtype=bool), STEP)
    assert extents[0] is not None
    assert (extents[0].left, extents[0].right) == (16, 24)


def test_a_speck_is_not_taken_for_a_digit_which_is_as_high_as_its_line() -> None:
    picture = blocks((10, 30))
    picture[6:9, 60:63] = 0
    extents = locate([glyph_at("3", 20), glyph_at("2", 60)], ink_mask(picture), STEP)
    assert extents[1] is not None
    assert (extents[1].top, extents[1].bottom) == (14, 34)


def test_a_dot_is_seen_over_an_i() -> None:
    picture = blocks((10, 14), (30, 34))
    picture[18:21, 10:14] = 255
    extents = locate([glyph_at("i", 12), glyph_at("l", 32)], ink_mask(picture), STEP)
    assert [place.dotted for place in extents if place] == [True, False]
