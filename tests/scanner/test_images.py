"""Pictures without colour are worked on as one plane."""

from __future__ import annotations

import numpy as np
import pytest

from scanner.images import drop_colour


def test_equal_channels_are_one_plane() -> None:
    plane = np.arange(100 * 70, dtype=np.uint8).reshape(100, 70)
    assert np.array_equal(drop_colour(np.dstack([plane] * 3)), plane)


@pytest.mark.parametrize("channel", [0, 1, 2])
@pytest.mark.parametrize("place", [(0, 0), (32, 32), (37, 61), (99, 69)])
def test_one_coloured_pixel_is_enough(channel: int, place: tuple[int, int]) -> None:
    picture = np.full((100, 70, 3), 200, dtype=np.uint8)
    picture[(*place, channel)] = 201
    assert drop_colour(picture) is picture
