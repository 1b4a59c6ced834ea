"""The networks' input against a case worked out by hand."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gpu_ops.network_input import network_input, packed_input, page_input, scale
from gpu_ops.reference import resample as twin


def test_channels_turn_round_and_scale_and_the_rest_is_zero() -> None:
    picture = torch.tensor([[[255, 0, 51], [0, 255, 204]]], dtype=torch.uint8)
    batch = network_input([picture], 2, 3)
    assert batch.shape == (1, 3, 2, 3)
    assert batch[0, :, 0, 0].tolist() == pytest.approx([-0.6, -1.0, 1.0])
    assert batch[0, :, 0, 1].tolist() == pytest.approx([0.6, 1.0, -1.0])
    assert not batch[0, :, 1].any()
    assert not batch[0, :, :, 2].any()
    assert batch.is_contiguous(memory_format=torch.channels_last)


def test_an_empty_batch_keeps_its_shape() -> None:
    assert network_input([], 48, 64).shape == (0, 3, 48, 64)


def test_a_picture_larger_than_the_batch_is_an_error() -> None:
    with pytest.raises(ValueError, match="3 x 3"):
        network_input([torch.zeros(3, 3, 3, dtype=torch.uint8)], 2, 2)


@pytest.mark.parametrize("shape", [(5, 7, 3), (5, 7)])
def test_every_level_is_what_it_is_on_other_devices(shape: tuple[int, ...]) -> None:
    levels = torch.arange(256, dtype=torch.uint8).repeat(2)
    picture = levels[: torch.Size(shape).numel()].reshape(shape)
    batch = network_input([picture], 5, 7)
    assert torch.equal(batch[0].permute(1, 2, 0), scale(picture))


def test_a_grey_picture_is_one_whose_channels_are_equal() -> None:
    grey = torch.arange(0, 240, 10, dtype=torch.uint8).reshape(4, 6)
    rgb = grey.unsqueeze(2).expand(-1, -1, 3).contiguous()
    assert torch.equal(network_input([grey], 8, 8), network_input([rgb], 8, 8))


@given(
    widths=st.lists(st.integers(0, 9), min_size=1, max_size=4),
    channels=st.sampled_from([1, 3]),
    seed=st.integers(0, 2**31),
)
def test_packed_pictures_give_the_same(widths: list[int], channels: int, seed: int) -> None:
    torch.manual_seed(seed)
    packed = torch.randint(0, 256, (len(widths), 4, 9, channels), dtype=torch.uint8)
    pictures = [row[:, :width] for row, width in zip(packed, widths, strict=True)]
    if channels == 1:
        pictures = [picture[..., 0] for picture in pictures]
    expected = torch.cat([scaled(picture) for picture in pictures])
    found = packed_input(packed, torch.tensor(widths, dtype=torch.int32))
    assert found.shape == (len(widths), 3, 4, 9)
    assert found.is_contiguous(memory_format=torch.channels_last)
    assert torch.allclose(found, expected, atol=1e-6)


def scaled(picture: torch.Tensor) -> torch.Tensor:
    """One picture of a batch, 4 x 9, by the definition; an empty one leaves it 0."""
    batch = torch.zeros(1, 3, 4, 9)
    colours = picture.flip(2) if picture.dim() == 3 else picture[..., None].expand(-1, -1, 3)
    batch[0, :, :, : picture.shape[1]] = (colours.double() / 127.5 - 1).float().permute(2, 0, 1)
    return batch


def test_pages_are_resized_and_go_on_as_their_last_pixels() -> None:
    random = torch.Generator().manual_seed(3)
    pages = [
        torch.randint(0, 256, shape, dtype=torch.uint8, generator=random)
        for shape in ((40, 60, 3), (30, 50), (10, 12, 3))
    ]
    sizes = [(16, 24), (30, 50), (25, 30)]
    batch = page_input(pages, sizes, 32, 64, torch.float16, rows=4)
    assert batch.shape == (4, 3, 32, 64)
    assert batch.dtype == torch.float16
    assert batch.is_contiguous(memory_format=torch.channels_last)
    for found, page, (height, width) in zip(batch, pages, sizes, strict=False):
        expected = scale(twin.resize(page, (height, width))).permute(2, 0, 1)
        assert (found[:, :height, :width] - expected).abs().max() <= 1.1 / 127.5
        assert (found[:, height:] == found[:, height - 1 : height]).all()
        assert (found[:, :, width:] == found[:, :, width - 1 : width]).all()
    with pytest.raises(ValueError, match="64 x 32"):
        page_input(pages[:1], [(33, 24)], 32, 64)
