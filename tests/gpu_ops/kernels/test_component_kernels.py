"""The kernels that find components and text against plain PyTorch."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gpu_ops import components
from gpu_ops.kernels import components as kernels
from gpu_ops.kernels import text_regions as text_kernels
from gpu_ops.reference import components as twin
from gpu_ops.reference import text_regions as text_twin

SPIRAL = """
#########
........#
#######.#
#.....#.#
#.###.#.#
#.#...#.#
#.#####.#
#.......#
#########
"""


def test_a_spiral_is_one_component() -> None:
    ink = torch.tensor([[[dot == "#" for dot in row] for row in SPIRAL.split()]])
    labels = kernels.label(ink)
    assert torch.equal(labels, twin.label(ink))
    assert (labels[ink] == 0).all()


@settings(max_examples=8, deadline=None)
@given(
    shape=st.tuples(st.integers(0, 2), st.integers(1, 16), st.integers(1, 30)),
    share=st.sampled_from([0.0, 0.3, 0.5, 0.6, 1.0]),
    dtype=st.sampled_from([torch.float32, torch.float16]),
    seed=st.integers(0, 1000),
)
def test_components(
    shape: tuple[int, int, int], share: float, dtype: torch.dtype, seed: int
) -> None:
    random = torch.manual_seed(seed)
    ink = torch.rand(shape, generator=random) < share
    weights = torch.rand(shape, generator=random).to(dtype)
    labels = kernels.label(ink)
    assert torch.equal(labels, twin.label(ink))
    expected = components.find_components(ink, weights, least=4)
    raw = (part.numpy().astype(np.int64) for part in kernels.measure(ink, weights, 4))
    found = components.in_order(*raw, *shape[1:])
    for name in ("picture", "ink", "first", "left", "top", "right", "bottom", "area", "inside"):
        assert np.array_equal(getattr(found, name), getattr(expected, name)), name
    assert np.array_equal(found.weight, expected.weight)
    assert np.array_equal(found.rows >= 0, expected.rows >= 0)
    for number in np.flatnonzero(found.rows >= 0):
        assert np.array_equal(found.ends(number), expected.ends(number))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_text(dtype: torch.dtype) -> None:
    maps = torch.rand(3, 20, 33, generator=torch.manual_seed(1)).to(dtype)
    sizes = [(20, 33), (7, 30), (0, 0)]
    expected = text_twin.text(maps, sizes, 0.8)
    assert torch.equal(text_kernels.text(maps, sizes, 0.8), expected)
    assert not expected[1, 7:].any()
    assert text_kernels.text(maps[:0], [], 0.3).shape == (0, 20, 33)
