"""The kernels for light, thresholds, noise and morphology against their twins."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from gpu_ops.kernels import denoise, illumination, morphology, threshold
from gpu_ops.reference import denoise as denoise_twin
from gpu_ops.reference import illumination as illumination_twin
from gpu_ops.reference import morphology as morphology_twin
from gpu_ops.reference import threshold as threshold_twin

SIDES = st.tuples(st.integers(1, 24), st.integers(1, 40))
LEVELS = st.sampled_from(["any", "black", "white", "both"])


def picture(shape: tuple[int, ...], levels: str, seed: int) -> Tensor:
    random = torch.Generator().manual_seed(seed)
    tones = torch.randint(0, 256, shape, dtype=torch.uint8, generator=random)
    match levels:
        case "black":
            return tones * 0
        case "white":
            return tones * 0 + 255
        case "both":
            return (tones > 127).to(torch.uint8) * 255
    return tones


def apart(found: Tensor, expected: Tensor) -> int:
    assert found.shape == expected.shape
    assert found.dtype == expected.dtype
    return int((found.int() - expected.int()).abs().max())


@settings(max_examples=12, deadline=None)
@given(
    sides=SIDES,
    cells=st.tuples(st.integers(1, 6), st.integers(1, 6)),
    black=st.sampled_from([0.0, 0.1, 0.5]),
    levels=LEVELS,
    seed=st.integers(0, 99),
)
def test_flatten(
    sides: tuple[int, int], cells: tuple[int, int], black: float, levels: str, seed: int
) -> None:
    image = picture((*sides, 3), levels, seed)
    surface = picture((*cells, 3), "any", seed + 1).clamp(min=1)
    found = illumination.flatten(image, surface, black)
    assert apart(found, illumination_twin.flatten(image, surface, black)) <= 1


def test_flatten_goes_on_from_strip_to_strip() -> None:
    image = picture((2 * illumination.TILE["ROWS"] + 5, 400, 3), "any", 1)
    surface = picture((30, 25, 3), "any", 2).clamp(min=100)
    found = illumination.flatten(image, surface, 0.1)
    assert apart(found, illumination_twin.flatten(image, surface, 0.1)) <= 1


@settings(max_examples=12, deadline=None)
@given(
    sides=SIDES,
    window=st.sampled_from([3, 5, 15, 31]),
    strictness=st.sampled_from([0.0, 0.2, 0.5]),
    levels=LEVELS,
    seed=st.integers(0, 99),
)
def test_sauvola(
    sides: tuple[int, int], window: int, strictness: float, levels: str, seed: int
) -> None:
    image = picture(sides, levels, seed)
    found = threshold.sauvola(image, window, strictness, 60, 200)
    limit = threshold_twin.sauvola_limit(image, window, strictness, 60, 200)
    clear = (image - limit).abs() > 0.01
    assert found.dtype == torch.bool
    assert torch.equal(found[clear], (image > limit)[clear])


@settings(max_examples=12, deadline=None)
@given(
    sides=SIDES,
    window=st.sampled_from([3, 15, 31]),
    by=st.sampled_from([-3, 0, 15]),
    levels=LEVELS,
    seed=st.integers(0, 99),
)
def test_darker(sides: tuple[int, int], window: int, by: int, levels: str, seed: int) -> None:
    image = picture(sides, levels, seed)
    assert torch.equal(
        threshold.darker(image, window, by), threshold_twin.darker(image, window, by)
    )


@pytest.mark.parametrize("shape", [(threshold.ROWS + 9, 400), (20, 60)])
@pytest.mark.parametrize("window", [9, 101])
def test_windows_reach_over_strips_and_over_the_picture(
    shape: tuple[int, int], window: int
) -> None:
    image = picture(shape, "any", window)
    assert torch.equal(threshold.darker(image, window, 5), threshold_twin.darker(image, window, 5))
    limit = threshold_twin.sauvola_limit(image, window, 0.3, 0, 255)
    clear = (image - limit).abs() > 0.01
    found = threshold.sauvola(image, window, 0.3, 0, 255)
    assert torch.equal(found[clear], (image > limit)[clear])


@settings(max_examples=10, deadline=None)
@given(sides=SIDES, share=st.sampled_from([0, 40, 128, 255]), seed=st.integers(0, 99))
def test_remove_specks(sides: tuple[int, int], share: int, seed: int) -> None:
    image = picture(sides, "any", seed) > share
    found = denoise.remove_specks(image)
    assert found.dtype == torch.bool
    assert torch.equal(found, denoise_twin.remove_specks(image))


@settings(max_examples=12, deadline=None)
@given(
    sides=SIDES,
    channels=st.sampled_from([None, 1, 2, 3]),
    size=st.sampled_from([3, 5]),
    levels=LEVELS,
    seed=st.integers(0, 99),
)
def test_median(
    sides: tuple[int, int], channels: int | None, size: int, levels: str, seed: int
) -> None:
    image = picture(sides if channels is None else (*sides, channels), levels, seed)
    assert torch.equal(denoise.median(image, size), denoise_twin.median(image, size))


@settings(max_examples=8, deadline=None)
@given(
    sides=SIDES,
    channels=st.sampled_from([None, 1, 3]),
    reach=st.sampled_from([0, 1, 2]),
    tones=st.sampled_from([5.0, 60.0]),
    levels=LEVELS,
    seed=st.integers(0, 99),
)
def test_bilateral(
    sides: tuple[int, int],
    channels: int | None,
    reach: int,
    tones: float,
    levels: str,
    seed: int,
) -> None:
    image = picture(sides if channels is None else (*sides, channels), levels, seed)
    found = denoise.bilateral(image, reach, tones, 1.5)
    assert apart(found, denoise_twin.bilateral(image, reach, tones, 1.5)) <= 1


@settings(max_examples=10, deadline=None)
@given(
    sides=SIDES,
    channels=st.sampled_from([None, 1, 3]),
    amount=st.sampled_from([0.0, 0.7, 4.0]),
    levels=LEVELS,
    seed=st.integers(0, 99),
)
def test_sharpen(
    sides: tuple[int, int], channels: int | None, amount: float, levels: str, seed: int
) -> None:
    image = picture(sides if channels is None else (*sides, channels), levels, seed)
    found = denoise.sharpen(image, amount)
    assert apart(found, denoise_twin.sharpen(image, amount)) <= 1


@settings(max_examples=12, deadline=None)
@given(
    sides=SIDES,
    channels=st.sampled_from([None, 1, 3]),
    size=st.tuples(st.integers(1, 9), st.integers(1, 60)),
    turned=st.booleans(),
    brightest=st.booleans(),
    seed=st.integers(0, 99),
)
def test_morphology(
    sides: tuple[int, int],
    channels: int | None,
    size: tuple[int, int],
    turned: bool,
    brightest: bool,
    seed: int,
) -> None:
    image = picture(sides if channels is None else (*sides, channels), "any", seed)
    if turned:
        size = size[::-1]
    before = (seed % size[0], seed % size[1])
    found = morphology.extreme(image, size, brightest, before)
    assert torch.equal(found, morphology_twin.extreme(image, size, brightest, before))


@pytest.mark.parametrize("size", [(1, 300), (300, 1)])
def test_lines_longer_than_a_program_takes(size: tuple[int, int]) -> None:
    # One bright pixel: the longest window shows where it begins and ends.
    image = torch.zeros(2, 700, dtype=torch.bool)
    image[1, 350] = True
    image = image if size[0] == 1 else image.mT
    before = (size[0] // 3, size[1] // 3)
    found = morphology.extreme(image, size, True, before)
    assert torch.equal(found, morphology_twin.extreme(image, size, True, before))
    assert found.sum() == 300


EMPTY: list[tuple[Callable[..., Tensor], tuple[object, ...], tuple[int, ...]]] = [
    (illumination.flatten, (torch.ones(1, 1, 3, dtype=torch.uint8), 0.1), (0, 9, 3)),
    (threshold.sauvola, (15, 0.2, 60, 200), (0, 9)),
    (threshold.darker, (15, 5), (9, 0)),
    (denoise.median, (3,), (0, 4, 3)),
    (denoise.bilateral, (1, 9.0, 1.0), (4, 0)),
    (denoise.sharpen, (1.0,), (0, 4)),
]


@pytest.mark.parametrize(("operator", "arguments", "shape"), EMPTY)
def test_nothing_gives_nothing(
    operator: Callable[..., Tensor], arguments: tuple[object, ...], shape: tuple[int, ...]
) -> None:
    assert operator(torch.zeros(shape, dtype=torch.uint8), *arguments).shape == shape


def test_pictures_may_be_parts_of_others() -> None:
    whole = picture((30, 40, 3), "any", 5)
    part = whole[3:20:2, 5:30]
    copy = part.contiguous()
    assert torch.equal(denoise.median(part, 3), denoise.median(copy, 3))
    assert torch.equal(denoise.sharpen(part, 1.0), denoise.sharpen(copy, 1.0))
    surface = whole[:4, :4].clamp(min=1)
    assert torch.equal(
        illumination.flatten(part, surface, 0.1), illumination.flatten(copy, surface, 0.1)
    )
    grey, same = part[..., 1], copy[..., 1].contiguous()
    assert torch.equal(
        threshold.sauvola(grey, 9, 0.2, 1, 254), threshold.sauvola(same, 9, 0.2, 1, 254)
    )
    expected = morphology.extreme(same, (3, 3), True, (1, 1))
    assert torch.equal(morphology.extreme(grey, (3, 3), True, (1, 1)), expected)
