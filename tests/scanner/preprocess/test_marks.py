"""Baselines, margins, rulings and the direction of lines, from drawn ink."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from scanner.preprocess.marks import find_ink, find_letters, find_marks, text_direction

Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


def paragraph(turn: float = 0.0) -> Pixels:
    """Twelve lines of one length, turned clockwise by `turn` degrees about the middle."""
    page = np.full((900, 900), 240, dtype=np.uint8)
    for row in range(12):
        text = "some words in a row that go on"
        cv2.putText(page, text, (200, 270 + 34 * row), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 20, 2)
    matrix = cv2.getRotationMatrix2D((450, 450), -turn, 1.0)
    return np.asarray(cv2.warpAffine(page, matrix, (900, 900), borderValue=240), np.uint8)


@pytest.mark.parametrize("turn", [-80.0, -33.0, 0.0, 8.0, 61.0])
def test_the_direction_of_lines_is_that_of_nearest_letters(turn: float) -> None:
    letters, _ = find_letters(find_ink(paragraph(turn)))
    direction, clear = text_direction(letters)
    assert direction == pytest.approx(turn, abs=3)
    assert clear > 0.35


def test_baselines_lie_where_letters_stand() -> None:
    marks = find_marks(find_ink(paragraph()))
    assert len(marks.rows) == 12
    levels = sorted(float(np.median(row[:, 1])) for row in marks.rows)
    assert levels == pytest.approx([270 + 34 * row for row in range(12)], abs=3)
    assert all(np.ptp(row[:, 1]) <= 3 for row in marks.rows)


def test_rows_that_begin_below_each_other_are_a_margin() -> None:
    marks = find_marks(find_ink(paragraph(3.0)))
    left = [trace for trace in marks.columns if trace[:, 0].mean() < 330]
    assert len(left) == 1
    assert len(left[0]) >= 10
    slope = np.polyfit(left[0][:, 1], left[0][:, 0], 1)[0]
    assert slope == pytest.approx(-np.tan(np.radians(3.0)), abs=0.01)


def test_drawn_lines_are_traced() -> None:
    page = paragraph()
    cv2.line(page, (150, 220), (750, 232), 0, 2)
    cv2.line(page, (150, 220), (140, 700), 0, 2)
    marks = find_marks(find_ink(page))
    (ruling,) = [row for row in marks.rows if row[:, 1].max() < 240]
    assert np.polyfit(ruling[:, 0], ruling[:, 1], 1)[0] == pytest.approx(0.02, abs=0.004)
    (side,) = [trace for trace in marks.columns if trace[:, 0].max() < 160]
    assert np.ptp(side[:, 1]) > 400


def test_a_blank_picture_has_no_marks() -> None:
    ink = find_ink(np.full((300, 300), 255, dtype=np.uint8))
    marks = find_marks(ink)
    assert (marks.letter, marks.rows, marks.columns) == (0.0, (), ())
    assert text_direction(find_letters(ink)[0]) == (0.0, 0.0)
