"""Which rulings are one line of a grid."""

from __future__ import annotations

import pytest

from table_restore.ruling import Ruling
from table_restore.tracks import find_tracks

EM = 20.0


def upright(*pieces: tuple[float, float, float]) -> list[float]:
    """The tracks of upright rulings (position, start, end)."""
    rulings = [Ruling(False, x, start, end, 2) for x, start, end in pieces]
    return [track.position for track in find_tracks(rulings, False, EM)]


@pytest.mark.parametrize("side", [1, -1])
def test_pieces_of_a_leaning_line_are_one(side: int) -> None:
    """Section rows part it; the last piece is far from the first, each near the next."""
    assert len(upright((500, 0, 200), (500 + 7 * side, 240, 400), (500 + 14 * side, 440, 600))) == 1
    assert len(upright((500, 0, 200), (500 + 11 * side, 320, 600))) == 1


def test_lines_beside_one_another_are_two() -> None:
    assert upright((500, 0, 600), (514, 0, 600)) == [500, 514]
    assert upright((500, 0, 600), (511, 300, 600)) == [500, 511]


def test_pieces_that_are_too_far_aside_are_two() -> None:
    assert upright((500, 0, 200), (514, 240, 600)) == [500, 514]
