"""Pictures are resized as the slow twin in double precision resizes them."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gpu_ops.reference import resample as twin
from gpu_ops.resize import resize

SIDES = st.integers(1, 90)


@settings(max_examples=80, deadline=None)
@given(
    old=st.tuples(SIDES, SIDES),
    scale=st.floats(0.1, 3.0),
    grey=st.booleans(),
    seed=st.integers(0, 2**31),
)
def test_resizing_is_the_twins(old: tuple[int, int], scale: float, grey: bool, seed: int) -> None:
    shape = old if grey else (*old, 3)
    pixels = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    picture = torch.from_numpy(pixels)
    height, width = (max(1, round(side * scale)) for side in old)
    expected, found = twin.resize(picture, (height, width)), resize(picture, height, width)
    assert found.dtype == torch.uint8
    assert found.shape == expected.shape == (height, width, *shape[2:])
    assert (found.int() - expected.int()).abs().max() <= 1


def test_a_picture_of_the_size_wanted_is_given_back() -> None:
    picture = torch.zeros(4, 5, dtype=torch.uint8)
    assert resize(picture, 4, 5) is picture
