"""The kernel that cuts lines against the twin, on small pages and at small heights."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from gpu_ops.kernels import line_crops as kernels
from gpu_ops.line_crops import Array, line_widths, plan_lines
from gpu_ops.reference import line_crops as twin
from tests.factories.line_pages import page_of_text, rectangle

LEVEL = 2 / 255
"""One grey level of 255 in pictures from -1 to 1."""


def both(
    pages: list[Tensor], of_page: list[int], quads: Array, height: int, room: list[int]
) -> list[tuple[Tensor, Tensor]]:
    expected = twin.cut_lines(pages, of_page, quads, height, room)
    sizes = np.array([pages[page].shape[:2] for page in of_page])
    members = [(bucket.pictures.shape[2], bucket.lines) for bucket in expected]
    plan = plan_lines(quads, sizes, height)
    found = kernels.cut_lines(pages, of_page, plan, height, members, torch.float32)
    return [(mine, bucket.pictures) for mine, bucket in zip(found, expected, strict=True)]


def test_all_lines_of_several_pages_at_once() -> None:
    wide = torch.from_numpy(page_of_text(80, 260, 3))
    pages = [wide[:70, 5:205], torch.from_numpy(page_of_text(40, 50, 1))]
    quads = np.stack(
        [
            rectangle(100, 30, 90.5, 31.2, 0),
            rectangle(20, 20, 25, 12, 0),
            rectangle(90, 40, 80, 18, -4),
            rectangle(25, 20, 30, 17, 92),
            rectangle(199, 69, 40, 20, 180),
        ]
    )
    room = [64, 64, 128, 64, 64]
    for mine, expected in both(pages, [0, 1, 0, 1, 0], quads, 16, room):
        assert mine.shape == expected.shape
        difference = (mine - expected).abs()
        assert difference.max() <= 1.01 * LEVEL
        assert difference.mean() < 0.05 * LEVEL


@settings(max_examples=10, deadline=None)
@given(
    center=st.tuples(st.floats(-5, 70), st.floats(-5, 50)),
    size=st.tuples(st.floats(1, 50), st.floats(5, 45)),
    angle=st.one_of(st.just(0.0), st.floats(-180, 180)),
    channels=st.sampled_from([1, 3]),
    extreme=st.booleans(),
)
def test_any_line(
    center: tuple[float, float],
    size: tuple[float, float],
    angle: float,
    channels: int,
    extreme: bool,
) -> None:
    page = torch.from_numpy(page_of_text(45, 65, channels))
    if extreme:
        page = (page > 128).to(torch.uint8) * 255
    quads = rectangle(*center, *size, angle)[np.newaxis]
    room = [-(-int(line_widths(quads, 13)[0]) // 8) * 8]
    ((mine, expected),) = both([page], [0], quads, 13, room)
    difference = (mine - expected).abs()
    assert difference.max() <= 2.01 * LEVEL
    assert difference.mean() < 0.05 * LEVEL


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_keeps_all_levels_apart(dtype: torch.dtype) -> None:
    page = torch.arange(256, dtype=torch.uint8).repeat(16, 1)
    quads = rectangle(128, 8, 256, 16, 0)[np.newaxis]
    plan = plan_lines(quads, np.array([[16, 256]]), 16)
    (picture,) = kernels.cut_lines([page], [0], plan, 16, [(256, [0])], dtype)
    levels = picture[0, 3, :, 0]
    assert levels.dtype == dtype
    # Triton's interpreter cuts bfloat16 off where a GPU rounds.
    torch.testing.assert_close(levels.float(), torch.arange(256) / 127.5 - 1, rtol=0, atol=2**-8)
    assert (levels[1:] > levels[:-1]).all()
