"""Operators on the light of a page, against slow twins in plain PyTorch and worked cases."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from gpu_ops.illumination import flatten
from gpu_ops.reference import illumination as illumination_twin
from gpu_ops.reference import threshold as threshold_twin
from gpu_ops.threshold import darker, sauvola

SHAPES = [(1, 1), (7, 40), (63, 64), (130, 97)]


def picture(*shape: int) -> Tensor:
    generator = torch.Generator().manual_seed(sum(shape))
    return torch.randint(0, 256, shape, dtype=torch.uint8, generator=generator)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("black", [0.0, 0.2])
def test_flattening_is_the_twins(shape: tuple[int, int], black: float) -> None:
    image, surface = picture(*shape, 3), picture(5, 4, 3) // 2 + 100
    ours = flatten(image, surface, black)
    twin = illumination_twin.flatten(image, surface, black)
    assert (ours.int() - twin.int()).abs().max() <= 2


@pytest.mark.parametrize("operator", [flatten, illumination_twin.flatten])
def test_flattening_divides_by_the_paper(
    operator: Callable[[Tensor, Tensor, float], Tensor],
) -> None:
    image = torch.tensor([[[100, 50, 200], [10, 25, 0]]], dtype=torch.uint8)
    surface = torch.tensor([[[100, 100, 100]]], dtype=torch.uint8)
    # Of paper at 100, 50 is half: (0.5 - 0.1) / 0.9 of white; 10 and less is black.
    expected = torch.tensor([[[255, 113, 255], [0, 43, 0]]], dtype=torch.int32)
    assert (operator(image, surface, 0.1).int() - expected).abs().max() <= 2


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("window", [3, 15])
def test_the_threshold_is_the_twins(shape: tuple[int, int], window: int) -> None:
    image = picture(*shape)
    limit = threshold_twin.sauvola_limit(image, window, 0.2, 60, 200)
    clear = (image - limit).abs() > 0.01
    ours = sauvola(image, window, 0.2, 60, 200)
    assert ours.dtype == torch.bool
    assert clear.float().mean() > 0.9
    assert torch.equal(ours[clear], (image > limit)[clear])


def test_the_inside_of_black_areas_is_black_and_bare_paper_white() -> None:
    page = torch.full((100, 100), 230, dtype=torch.uint8)
    page[20:80, 20:80] = 40
    assert torch.equal(sauvola(page, 15, 0.2, 80, 215), page > 128)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("window", [3, 15, 31])
@pytest.mark.parametrize("by", [-4, 0, 12])
def test_what_is_darker_than_around_is_the_twins(
    shape: tuple[int, int], window: int, by: int
) -> None:
    image = picture(*shape)
    assert torch.equal(darker(image, window, by), threshold_twin.darker(image, window, by))


@pytest.mark.parametrize("operator", [darker, threshold_twin.darker])
def test_dark_is_what_is_enough_below_the_mean(
    operator: Callable[[Tensor, int, int], Tensor],
) -> None:
    # Around the middle of the row the mean is (3 * 90 + 3 * 60 + 3 * 90) / 9 = 80.
    row = torch.tensor([[90, 90, 60, 90, 90]], dtype=torch.uint8)
    assert operator(row, 3, 20).tolist() == [[False, False, True, False, False]]
    assert not operator(row, 3, 21).any()


@pytest.mark.parametrize("window", [1, 8, 513])
def test_windows_that_have_no_middle_or_are_too_large_are_refused(window: int) -> None:
    with pytest.raises(ValueError, match=str(window)):
        darker(picture(9, 9), window, 3)
    with pytest.raises(ValueError, match=str(window)):
        sauvola(picture(9, 9), window, 0.2, 0, 255)


def test_nothing_gives_nothing() -> None:
    assert flatten(picture(0, 9, 3), picture(1, 1, 3) | 1, 0.1).shape == (0, 9, 3)
    assert sauvola(picture(9, 0), 15, 0.2, 0, 255).shape == (9, 0)
    assert darker(picture(0, 9), 15, 3).dtype == torch.bool
