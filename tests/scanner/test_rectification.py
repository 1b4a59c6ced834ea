"""Points map from the source to the page and back to where they were."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.rectification import Rectification, Warp


def homography(turn: float, scale: float, tilt: float) -> np.ndarray[tuple[int, ...], np.dtype]:
    return np.array(
        [
            [scale * np.cos(turn), -scale * np.sin(turn), 11],
            [scale * np.sin(turn), scale * np.cos(turn), -7],
            [tilt, 0, 1],
        ]
    )


def wave(height: float, length: float, phase: float) -> Warp:
    """A sheet that waves both ways; neighbouring nodes move apart by `height / length`."""
    x, y = np.meshgrid(np.arange(40) * 20.0, np.arange(50) * 20.0)
    across = height * np.sin(2 * np.pi * x / length + phase)
    along = 0.5 * height * np.cos(2 * np.pi * (x + y) / length)
    return Warp(np.stack([along, across], axis=2), 20.0)


@pytest.mark.parametrize(
    ("way", "degrees"),
    [
        (Rectification.identity(), 0.0),
        (Rectification(homography(0.01, 1, 0)), np.degrees(0.01)),
        (Rectification(homography(0.01, 1.001, 0)), None),
        (Rectification(homography(0.01, 1, 1e-6)), None),
        (Rectification(homography(0, 1, 0), wave(2, 300, 0)), None),
        (Rectification(np.diag([1.0, -1.0, 1.0])), None),
    ],
)
def test_what_only_turns_a_page_says_by_how_much(way: Rectification, degrees: float | None) -> None:
    assert way.rotation == (None if degrees is None else pytest.approx(degrees))


points = st.lists(st.tuples(st.floats(-50, 850), st.floats(-50, 1050)), min_size=1, max_size=20)


@given(st.floats(-3.2, 3.2), st.floats(0.5, 2), st.floats(-1e-4, 1e-4), points)
def test_a_homography_maps_back(
    turn: float, scale: float, tilt: float, places: list[tuple[float, float]]
) -> None:
    way = Rectification(homography(turn, scale, tilt))
    assert way.to_page(way.to_source(places)) == pytest.approx(np.array(places), abs=1e-6)


@given(
    st.floats(-0.3, 0.3),
    st.floats(-1e-4, 1e-4),
    st.floats(-60, 60),
    st.floats(600, 3000),
    st.floats(0, 6.3),
    points,
)
def test_a_warp_maps_back(
    turn: float,
    tilt: float,
    height: float,
    length: float,
    phase: float,
    places: list[tuple[float, float]],
) -> None:
    way = Rectification(homography(turn, 1.3, tilt), wave(height, length, phase))
    assert way.to_page(way.to_source(places)) == pytest.approx(np.array(places), abs=0.01)


def test_a_warp_shows_the_sheet_where_its_nodes_say() -> None:
    shifts = np.zeros((3, 3, 2))
    shifts[1, 1] = (2.0, -4.0)
    way = Rectification(np.eye(3), Warp(shifts, 10.0))
    shown = way.to_source([(0, 0), (10, 10), (5, 10), (5, 5)])
    assert shown == pytest.approx(np.array([(0, 0), (12, 6), (6, 8), (5.5, 4)]))
    assert not way.is_identity


def test_a_warp_may_not_fold_the_page_over() -> None:
    shifts = np.zeros((3, 3, 2))
    shifts[1, 1] = (15.0, 0.0)
    with pytest.raises(ValueError, match="fold"):
        Warp(shifts, 10.0)


def test_a_rectification_must_be_invertible() -> None:
    with pytest.raises(ValueError, match="invertible"):
        Rectification(np.zeros((3, 3)))
