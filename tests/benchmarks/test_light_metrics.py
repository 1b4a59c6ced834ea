"""The noise of a picture, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.rectify.light import psnr


def test_the_ratio_of_peak_to_noise() -> None:
    truth = np.zeros((10, 10, 3), dtype=np.uint8)
    assert psnr(truth, truth) == float("inf")
    off = truth.copy()
    off[:5] = 10  # a mean square of 50: 10 log10(65025 / 50)
    assert psnr(off, truth) == pytest.approx(31.141, abs=0.001)
