"""Operators on the light and the noise of a page, against slow twins in plain PyTorch."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from gpu_ops.denoise import remove_specks
from gpu_ops.illumination import close_ink, flatten
from gpu_ops.threshold import sauvola

SHAPES = [(1, 1), (7, 40), (63, 64), (130, 97)]


def picture(*shape: int) -> Tensor:
    generator = torch.Generator().manual_seed(sum(shape))
    return torch.randint(0, 256, shape, dtype=torch.uint8, generator=generator)


def close_ink_twin(image: Tensor, size: int) -> Tensor:
    planes = image.permute(2, 0, 1).float()[None]
    wide = functional.max_pool2d(planes, size, stride=1, padding=size // 2)
    closed = -functional.max_pool2d(-wide, size, stride=1, padding=size // 2)
    return closed[0].permute(1, 2, 0).to(torch.uint8)


def flatten_twin(image: Tensor, surface: Tensor, black: float) -> Tensor:
    planes = surface.permute(2, 0, 1).float()[None]
    paper = functional.interpolate(planes, image.shape[:2], mode="bilinear", align_corners=False)
    share = image.float() / paper[0].permute(1, 2, 0)
    return ((share - black) / (1 - black)).clamp(0, 1).mul(255).round().to(torch.uint8)


def sauvola_limit_twin(image: Tensor, window: int, strictness: float) -> Tensor:
    reach = window // 2
    padded = functional.pad(image.double()[None, None], (reach,) * 4, mode="reflect")
    mean = functional.avg_pool2d(padded, window, stride=1)
    square = functional.avg_pool2d(padded**2, window, stride=1)
    deviation = (square - mean**2).clamp(min=0).sqrt()
    return (mean * (1 + strictness * (deviation / 128 - 1)))[0, 0]


def remove_specks_twin(image: Tensor) -> Tensor:
    ink = functional.pad((~image).float()[None, None], (1, 1, 1, 1))
    count = functional.avg_pool2d(ink, 3, stride=1, divisor_override=1)[0, 0]
    return image | (count == 1)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", [3, 9])
def test_closing_is_the_twins(shape: tuple[int, int], size: int) -> None:
    image = picture(*shape, 3)
    assert torch.equal(close_ink(image, size), close_ink_twin(image, size))


def test_closing_fills_what_is_thinner_than_the_square() -> None:
    page = torch.full((20, 30, 3), 200, dtype=torch.uint8)
    page[:, 5:7] = 10
    page[:, 15:20] = 20
    closed = close_ink(page, 3)
    assert (closed[:, :14] == 200).all()
    assert (closed[:, 15:20] == 20).all()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("black", [0.0, 0.2])
def test_flattening_is_the_twins(shape: tuple[int, int], black: float) -> None:
    image, surface = picture(*shape, 3), picture(5, 4, 3) // 2 + 100
    ours, twin = flatten(image, surface, black), flatten_twin(image, surface, black)
    assert (ours.int() - twin.int()).abs().max() <= 2


def test_flattening_divides_by_the_paper() -> None:
    image = torch.tensor([[[100, 50, 200], [10, 25, 0]]], dtype=torch.uint8)
    surface = torch.tensor([[[100, 100, 100]]], dtype=torch.uint8)
    # Of paper at 100, 50 is half: (0.5 - 0.1) / 0.9 of white; 10 and less is black.
    expected = torch.tensor([[[255, 113, 255], [0, 43, 0]]], dtype=torch.int32)
    assert (flatten(image, surface, 0.1).int() - expected).abs().max() <= 2


@pytest.mark.parametrize("shape", [(8, 40), (63, 64), (130, 97)])
@pytest.mark.parametrize("window", [3, 15])
def test_the_threshold_is_the_twins(shape: tuple[int, int], window: int) -> None:
    image = picture(*shape)
    limit = sauvola_limit_twin(image, window, 0.2).clamp(60, 200)
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
def test_removing_specks_is_the_twins(shape: tuple[int, int]) -> None:
    image = picture(*shape) > 40
    assert torch.equal(remove_specks(image), remove_specks_twin(image))


def test_only_lone_pixels_are_specks() -> None:
    image = torch.ones(6, 6, dtype=torch.bool)
    image[0, 0] = False
    image[3, 3] = image[4, 4] = False
    cleaned = remove_specks(image)
    assert cleaned[0, 0]
    assert not cleaned[3, 3]
    assert not cleaned[4, 4]
