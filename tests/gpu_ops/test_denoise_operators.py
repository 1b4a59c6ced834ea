"""Noise removal and sharpening, against slow twins in plain PyTorch and worked cases."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from gpu_ops.denoise import bilateral, median, remove_specks, sharpen
from gpu_ops.reference import denoise as twin

SHAPES = [(1, 1), (7, 40, 3), (63, 64), (50, 37, 2), (30, 27, 1)]


def picture(*shape: int) -> Tensor:
    generator = torch.Generator().manual_seed(sum(shape))
    return torch.randint(0, 256, shape, dtype=torch.uint8, generator=generator)


@pytest.mark.parametrize("shape", [(1, 1), (7, 40), (63, 64), (130, 97)])
def test_removing_specks_is_the_twins(shape: tuple[int, int]) -> None:
    image = picture(*shape) > 40
    assert torch.equal(remove_specks(image), twin.remove_specks(image))


def test_only_lone_pixels_are_specks() -> None:
    image = torch.ones(6, 6, dtype=torch.bool)
    image[0, 0] = False
    image[3, 3] = image[4, 4] = False
    cleaned = remove_specks(image)
    assert cleaned[0, 0]
    assert not cleaned[3, 3]
    assert not cleaned[4, 4]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", [3, 5])
def test_medians_are_the_twins(shape: tuple[int, ...], size: int) -> None:
    image = picture(*shape)
    assert torch.equal(median(image, size), twin.median(image, size))


def test_a_median_is_the_middle_one_of_nine() -> None:
    image = torch.tensor([[1, 9, 3], [7, 5, 8], [2, 6, 4]], dtype=torch.uint8)
    assert median(image, 3)[1, 1] == 5
    # At the corner there are 1 four times, 9 and 7 twice and 5 once.
    assert median(image, 3)[0, 0] == 5
    with pytest.raises(ValueError, match="4 x 4"):
        median(image, 4)


@pytest.mark.parametrize("shape", [(1, 1), (17, 20, 3), (40, 31)])
@pytest.mark.parametrize("reach", [1, 2, 4])
def test_smoothing_within_edges_is_the_twins(shape: tuple[int, ...], reach: int) -> None:
    image = picture(*shape)
    ours, expected = bilateral(image, reach, 40.0, 2.0), twin.bilateral(image, reach, 40.0, 2.0)
    assert (ours.int() - expected.int()).abs().max() <= 1


def test_smoothing_takes_grain_and_leaves_edges() -> None:
    random = torch.Generator().manual_seed(1)
    page = torch.full((40, 40), 200) + torch.randint(-6, 7, (40, 40), generator=random)
    page[:, 20:] -= 150
    smooth = bilateral(page.to(torch.uint8), 2, 20.0, 2.0).float()
    assert smooth[:, :20].std() < 0.5 * page[:, :20].float().std()
    assert smooth[:, 19].mean() > 190
    assert smooth[:, 20].mean() < 60


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("amount", [0.0, 0.6, 3.0])
def test_sharpening_is_the_twins(shape: tuple[int, ...], amount: float) -> None:
    image = picture(*shape)
    ours, expected = sharpen(image, amount), twin.sharpen(image, amount)
    assert (ours.int() - expected.int()).abs().max() <= 1


def test_sharpening_adds_what_blurring_takes() -> None:
    # The middle is blurred to (4 * 100 + 12 * 60) / 16 = 70: of 100 it lost 30.
    image = torch.full((3, 3), 60, dtype=torch.uint8)
    image[1, 1] = 100
    assert sharpen(image, 1.0)[1, 1] == 130
    assert torch.equal(sharpen(image, 0.0), image)


def test_nothing_gives_nothing() -> None:
    none = picture(0, 9, 3)
    for found in (median(none, 3), bilateral(none, 1, 9.0, 1.0), sharpen(none, 1.0)):
        assert found.shape == (0, 9, 3)
    assert remove_specks(torch.zeros(4, 0, dtype=torch.bool)).shape == (4, 0)
