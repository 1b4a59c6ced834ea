"""The kernels that resample, and those that make networks' inputs, against their twins."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn.functional import pad

from gpu_ops import network_input
from gpu_ops.kernels import network_input as input_kernels
from gpu_ops.kernels import resample as kernels
from gpu_ops.kernels import resize as resize_kernels
from gpu_ops.reference import resample as twin

LEVEL = 1 / 127.5
OUTSIDE = (250.0, 128.0, 3.0)


def picture(shape: tuple[int, ...], seed: int, extreme: bool = False) -> Tensor:
    random = torch.Generator().manual_seed(seed)
    tones = torch.randint(0, 256, shape, dtype=torch.uint8, generator=random)
    return (tones > 127).to(torch.uint8) * 255 if extreme else tones


def turned(degrees: float, scale: float, lean: float) -> np.ndarray:
    angle = np.radians(degrees)
    matrix = np.eye(3)
    matrix[:2, :2] = scale * np.array(
        [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    )
    matrix[:2, 2] = 3.3, 7.9
    matrix[2, :2] = lean, -lean / 2
    return matrix


def bent(rows: int, columns: int, step: float) -> np.ndarray:
    y, x = np.mgrid[0:rows, 0:columns] * step
    return np.stack([x * 0.9 + 2 + np.sin(y / 9), y + 3 * np.cos(x / 11)], axis=2)


def levels_apart(found: Tensor, expected: Tensor) -> float:
    assert found.shape == expected.shape
    return float((found.double() - expected.double()).abs().max())


@settings(max_examples=6, deadline=None)
@given(
    sides=st.tuples(st.integers(1, 24), st.integers(1, 30)),
    size=st.tuples(st.integers(1, 20), st.integers(1, 40)),
    channels=st.sampled_from([None, 3]),
    degrees=st.sampled_from([0.0, 2.3, 90.0, -147.0]),
    scale=st.sampled_from([0.6, 1.0, 1.9]),
    lean=st.sampled_from([0.0, 1e-3]),
    seed=st.integers(0, 99),
)
def test_homographies(
    sides: tuple[int, int],
    size: tuple[int, int],
    channels: int | None,
    degrees: float,
    scale: float,
    lean: float,
    seed: int,
) -> None:
    page = picture(sides if channels is None else (*sides, channels), seed, seed % 2 == 0)
    matrix = turned(degrees, scale, lean)
    found = kernels.warp(page, matrix, 1.0, size, OUTSIDE)
    assert levels_apart(found, twin.warp_perspective(page, matrix, size, OUTSIDE)) <= 1


@settings(max_examples=6, deadline=None)
@given(
    size=st.tuples(st.integers(1, 20), st.integers(1, 40)),
    channels=st.sampled_from([None, 3]),
    step=st.sampled_from([1.0, 7.5, 32.0]),
    seed=st.integers(0, 99),
)
def test_meshes(size: tuple[int, int], channels: int | None, step: float, seed: int) -> None:
    page = picture((25, 35) if channels is None else (25, 35, channels), seed, seed % 2 == 0)
    rows, columns = (int(-(-side // step)) + 1 for side in size)
    nodes = bent(rows, columns, step)
    found = kernels.warp(page, nodes, step, size, OUTSIDE)
    assert levels_apart(found, twin.warp_mesh(page, nodes, step, size, OUTSIDE)) <= 1


def test_a_part_of_a_picture_is_seen_as_its_copy_is() -> None:
    whole = picture((40, 50, 3), 1)
    part = whole[5:30, 7:40]
    matrix = turned(3.0, 1.0, 0.0)
    found = kernels.warp(part, matrix, 1.0, (20, 30), OUTSIDE)
    assert torch.equal(found, kernels.warp(part.contiguous(), matrix, 1.0, (20, 30), OUTSIDE))
    assert kernels.warp(part, matrix, 1.0, (0, 30), OUTSIDE).shape == (0, 30, 3)


@pytest.mark.parametrize(
    ("looks", "bends", "dtype"),
    [(1, True, torch.float16), (2, False, torch.float32), (2, True, torch.float32)],
)
def test_a_warped_page_is_the_detectors_input(looks: int, bends: bool, dtype: torch.dtype) -> None:
    page, size, room = picture((40, 50, 3), 4), (7, 22), (8, 32)
    large = (size[0] * looks, size[1] * looks)
    if bends:
        way, step = bent(6, 7, 12.0), 4.0
        seen = twin.warp_mesh(page, way, step * looks, large, OUTSIDE)
    else:
        way, step = turned(2.0, 1 / looks, 1e-4), 1.0
        grown = np.diag([looks, looks, 1.0]) @ way
        seen = twin.warp_perspective(page, grown, large, OUTSIDE)
    found = kernels.warp(page, way, step, size, OUTSIDE, looks, room, dtype)
    assert found.dtype == dtype
    assert levels_apart(found[0], as_input(twin.resize(seen, size), room)) <= 2.1 * LEVEL


def as_input(page: Tensor, room: tuple[int, int]) -> Tensor:
    """A page at its size as a network wants it, `[*room, 3]`, in double precision."""
    deep = page if page.dim() == 3 else page[..., None].expand(-1, -1, 3)
    down, right = room[0] - page.shape[0], room[1] - page.shape[1]
    around = (0, right, 0, down)
    filled = pad(deep.permute(2, 0, 1).double()[None], around, mode="replicate")[0]
    return filled.permute(1, 2, 0).flip(2) / 127.5 - 1


@settings(max_examples=6, deadline=None)
@given(
    pages=st.lists(
        st.tuples(
            st.tuples(st.integers(1, 14), st.integers(1, 30)),
            st.tuples(st.integers(4, 8), st.integers(9, 20)),
            st.booleans(),
        ),
        min_size=1,
        max_size=2,
    ),
    seed=st.integers(0, 99),
)
def test_pages_of_all_sizes_at_once(
    pages: list[tuple[tuple[int, int], tuple[int, int], bool]], seed: int
) -> None:
    pictures = [
        picture((*sides, 3) if colour else sides, seed, seed % 3 == 0) for sides, _, colour in pages
    ]
    sizes = [size for _, size, _ in pages]
    shape = (len(pages), 8, 20, 3)
    found = resize_kernels.resize(pictures, sizes, (8, 20), torch.float32, shape)
    for mine, page, size in zip(found, pictures, sizes, strict=True):
        assert levels_apart(mine, as_input(twin.resize(page, size), (8, 20))) <= 1.1 * LEVEL


def test_rows_to_spare_and_no_pages() -> None:
    page = picture((9, 9), 1)
    batch = resize_kernels.resize([page], [(8, 8)], (8, 16), torch.float16, (4, 8, 16, 3))
    assert batch.shape == (4, 8, 16, 3)
    assert levels_apart(batch[0], as_input(twin.resize(page, (8, 8)), (8, 16))) <= 1.1 * LEVEL


@pytest.mark.parametrize("size", [(5, 30), (40, 61), (20, 30), (17, 40)])
@pytest.mark.parametrize("deep", [False, True])
def test_resized_pictures_stay_pictures(size: tuple[int, int], deep: bool) -> None:
    page = picture((20, 30, 3) if deep else (20, 30), 2)
    expected = twin.resize(page, size)
    found = resize_kernels.resize([page], [size], size, torch.uint8, tuple(expected.shape))
    assert levels_apart(found, expected) <= 1


@settings(max_examples=6, deadline=None)
@given(
    widths=st.lists(st.integers(0, 9), min_size=0, max_size=4),
    channels=st.sampled_from([1, 3]),
    dtype=st.sampled_from([torch.float32, torch.float16]),
    seed=st.integers(0, 2**31),
)
def test_packed_input(widths: list[int], channels: int, dtype: torch.dtype, seed: int) -> None:
    packed = picture((len(widths), 3, 9, channels), seed)
    known = torch.tensor(widths, dtype=torch.int32)
    found = input_kernels.packed_input(packed, known, dtype)
    expected = network_input.packed_input(packed, known, dtype)
    assert found.dtype == dtype
    assert found.shape == expected.shape
    torch.testing.assert_close(found, expected, rtol=0, atol=2**-10)
