"""Runs of ink and the pieces they make."""

from __future__ import annotations

import numpy as np

from table_restore.strokes import find_pieces, find_runs


def drawn(*rows: str) -> np.ndarray:
    return np.array([[letter == "#" for letter in row] for row in rows], np.uint8)


def test_runs_end_at_the_edge_of_the_page() -> None:
    runs = find_runs(drawn("##.#", "####", "...."))
    found = list(zip(runs.row.tolist(), runs.start.tolist(), runs.end.tolist(), strict=True))
    assert found == [(0, 0, 2), (0, 3, 4), (1, 0, 4)]


def test_gaps_are_bridged_within_a_row_only() -> None:
    runs = find_runs(drawn("##..#", "#...#", "....#")).bridged(3)
    found = list(zip(runs.row.tolist(), runs.start.tolist(), runs.end.tolist(), strict=True))
    assert found == [(0, 0, 5), (1, 0, 1), (1, 4, 5), (2, 4, 5)]


def test_runs_that_touch_corner_to_corner_are_one_piece() -> None:
    runs = find_runs(drawn("##....##", "..##....", "........", "###....."))
    pieces = find_pieces(runs, runs)
    assert pieces.label.tolist() == [0, 1, 0, 2]
    assert pieces.left.tolist() == [0, 6, 0]
    assert pieces.right.tolist() == [4, 8, 3]
    assert pieces.top.tolist() == [0, 0, 3]
    assert pieces.bottom.tolist() == [2, 1, 4]
    assert pieces.area.tolist() == [4, 2, 3]
    assert pieces.middle.tolist() == [1.0, 0.5, 3.5]


def test_a_leaning_line_is_straight_and_a_corner_is_not() -> None:
    leaning = find_runs(drawn("####........", "....####....", "........####"))
    corner = find_runs(drawn("######", "#.....", "#.....", "#.....", "#.....", "#....."))
    assert find_pieces(leaning, leaning).spread[0] < 0.35
    assert find_pieces(corner, corner).spread[0] > 0.5


def test_what_is_there_is_counted_once_a_column() -> None:
    marks = find_runs(drawn("##..##....", "#...##....", "........##"))
    pieces = find_pieces(marks.bridged(4), marks)
    assert pieces.there.tolist() == [4 / 6, 1.0]


def test_an_empty_page_has_no_runs() -> None:
    assert len(find_runs(np.zeros((4, 5), np.uint8)).bridged(3)) == 0
