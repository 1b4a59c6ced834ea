"""Rectangles around text: by contours on the CPU, the same by components as on a GPU."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gpu_ops.reference import text_regions as twin
from gpu_ops.text_regions import Rule, text_regions

RULE = Rule(text=0.3, sure=0.5, unclip=1.6)


def test_holes_count_for_the_score_and_are_no_regions() -> None:
    frame = torch.full((1, 40, 60), 0.1)
    frame[0, 5:35, 5:55] = 0.9
    ((box,),) = text_regions(frame, [(40, 60)], RULE)
    assert box.shape == (4, 2)
    frame[0, 12:28, 12:48] = 0.1  # of 50 x 30 pixels 36 x 16 are ground: the mean is 0.6
    assert len(text_regions(frame, [(40, 60)], RULE)[0]) == 1
    frame[0, 8:32, 8:52] = 0.1
    assert len(text_regions(frame, [(40, 60)], RULE)[0]) == 0


def test_each_map_is_seen_as_far_as_its_size() -> None:
    maps = torch.full((2, 30, 40), 0.8)
    whole, part = text_regions(maps, [(30, 40), (10, 20)], RULE)
    assert len(whole) == len(part) == 1
    grow = 9 * 19 * 1.6 / (2 * (9 + 19))
    assert part[0] == pytest.approx(
        np.array([(-grow, -grow), (19 + grow, -grow), (19 + grow, 9 + grow), (-grow, 9 + grow)]),
        abs=1e-4,
    )


def test_no_maps_and_blank_maps_have_no_regions() -> None:
    assert text_regions(torch.zeros(0, 5, 5), [], RULE) == []
    (none,) = text_regions(torch.zeros(1, 5, 5), [(5, 5)], RULE)
    assert none.shape == (0, 4, 2)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    blur=st.sampled_from([0.5, 1.0, 2.0, 4.0]),
    contrast=st.floats(0.3, 4.0),
    size=st.tuples(st.integers(1, 70), st.integers(1, 90)),
)
def test_regions_are_the_twins(
    seed: int, blur: float, contrast: float, size: tuple[int, int]
) -> None:
    noise = np.random.default_rng(seed).normal(size=(2, 70, 90)).astype(np.float32)
    smooth = np.stack([cv2.GaussianBlur(plane, (0, 0), blur) for plane in noise])
    maps = torch.sigmoid(torch.from_numpy(smooth) * contrast * 2 * blur)
    sizes = [(70, 90), size]
    found, expected = text_regions(maps, sizes, RULE), twin.text_regions(maps, sizes, RULE)
    for mine, other in zip(found, expected, strict=True):
        assert np.array_equal(mine, other)
