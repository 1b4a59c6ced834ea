"""Pages taken from their pictures along a rectification."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from scanner.rectification import Rectification, Warp
from scanner.resampling import paper_colour, resample

GREY = (90.0, 90.0, 90.0)


def picture() -> torch.Tensor:
    """Tones that grow from left to right, by 4 a pixel, and none down the page."""
    return torch.arange(60, dtype=torch.uint8).mul(4).repeat(40, 1)


def test_a_shift_moves_every_pixel_and_shows_paper_where_there_is_none() -> None:
    shift = np.array([(1.0, 0.0, 10.0), (0.0, 1.0, 5.0), (0.0, 0.0, 1.0)])
    page = resample(picture(), Rectification(shift), (50, 80), GREY)
    assert page.shape == (50, 80)
    assert torch.equal(page[6:44, 12:68], picture()[1:39, 2:58])
    assert (page[:4] == 90).all()
    assert (page[:, :9] == 90).all()


@pytest.mark.parametrize("colours", [1, 3])
def test_a_warp_takes_pixels_from_where_it_leads(colours: int) -> None:
    seen = picture() if colours == 1 else picture().unsqueeze(2).repeat(1, 1, 3)
    shifts = np.zeros((6, 9, 2))
    shifts[..., 0] = 3.0
    way = Rectification(np.eye(3), Warp(shifts, 8))
    page = resample(seen, way, (40, 60), GREY)
    x, _ = way.to_source([(20.5, 20.5)])[0]
    tone = page[20, 20].flatten()[0].item()
    assert abs(tone - 4 * (x - 0.5)) <= 2
    assert tone != 4 * 20


def test_paper_is_the_usual_tone_of_each_channel() -> None:
    page = np.full((320, 320, 3), (240, 230, 200), np.uint8)
    page[:100] = 0
    assert paper_colour(page) == (240.0, 230.0, 200.0)
    assert paper_colour(page[..., 0]) == (240.0, 240.0, 240.0)
