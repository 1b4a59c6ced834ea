"""Boxes and areas of pieces of ink, as OpenCV counts them."""

from __future__ import annotations

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scanner.ink_pieces import ink_pieces


@given(
    height=st.integers(1, 40),
    width=st.integers(1, 40),
    share=st.floats(0, 1),
    seed=st.integers(0, 2**31),
)
def test_pieces_are_those_that_opencv_counts(
    height: int, width: int, share: float, seed: int
) -> None:
    random = np.random.default_rng(seed)
    ink = (random.random((height, width)) < share).astype(np.uint8)
    boxes, areas = ink_pieces(ink)
    _, _, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(
        ink, connectivity=8, ltype=cv2.CV_32S, ccltype=cv2.CCL_GRANA
    )
    assert np.array_equal(boxes[:, :2], stats[1:, :2])
    assert np.array_equal(boxes[:, 2:] - boxes[:, :2], stats[1:, 2:4])
    assert np.array_equal(areas, stats[1:, 4])
