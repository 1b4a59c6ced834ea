"""Morphology against its slow twin in plain PyTorch and worked cases."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gpu_ops import morphology
from gpu_ops.reference import morphology as twin


@settings(max_examples=60, deadline=None)
@given(
    shape=st.sampled_from([(1, 1), (9, 40), (30, 21, 3), (64, 5, 1)]),
    size=st.tuples(st.integers(1, 9), st.integers(1, 70)),
    turned=st.booleans(),
    binary=st.booleans(),
    name=st.sampled_from(["dilation", "erosion", "opening", "closing"]),
    seed=st.integers(0, 1000),
)
def test_every_operator_is_the_twins(
    shape: tuple[int, ...],
    size: tuple[int, int],
    turned: bool,
    binary: bool,
    name: str,
    seed: int,
) -> None:
    random = torch.Generator().manual_seed(seed)
    image = torch.randint(0, 256, shape, dtype=torch.uint8, generator=random)
    if binary:
        image = image > 128
    if turned:
        size = size[::-1]
    found = getattr(morphology, name)(image, size)
    assert found.dtype == image.dtype
    assert torch.equal(found, getattr(twin, name)(image, size))


@pytest.mark.parametrize("size", [(1, 4), (4, 1), (3, 3), (2, 6)])
@pytest.mark.parametrize("module", [morphology, twin])
def test_opening_and_closing_are_no_dilation(module: object, size: tuple[int, int]) -> None:
    random = torch.Generator().manual_seed(4)
    image = torch.randint(0, 256, (20, 30), dtype=torch.uint8, generator=random)
    for name, bound in (("opening", torch.minimum), ("closing", torch.maximum)):
        once = getattr(module, name)(image, size)
        assert torch.equal(bound(once, image), once)
        assert torch.equal(getattr(module, name)(once, size), once)


def test_closing_fills_what_is_thinner_than_the_square() -> None:
    page = torch.full((20, 30, 3), 200, dtype=torch.uint8)
    page[:, 5:7] = 10
    page[:, 15:20] = 20
    closed = morphology.closing(page, (3, 3))
    assert (closed[:, :14] == 200).all()
    assert (closed[:, 15:20] == 20).all()


def test_opening_keeps_lines_that_are_long_enough() -> None:
    ink = torch.zeros(5, 40, dtype=torch.bool)
    ink[1, 3:23] = True
    ink[3, 3:22] = True
    kept = morphology.opening(ink, (1, 20))
    assert torch.equal(kept[1], ink[1])
    assert not kept[3].any()


def test_an_element_without_pixels_is_refused() -> None:
    with pytest.raises(ValueError, match="0 x 3"):
        morphology.dilation(torch.zeros(4, 4, dtype=torch.uint8), (0, 3))


def test_nothing_gives_nothing() -> None:
    assert morphology.closing(torch.zeros(0, 4, dtype=torch.bool), (3, 3)).shape == (0, 4)
