"""The networks' input against a case worked out by hand."""

from __future__ import annotations

import pytest
import torch

from gpu_ops.network_input import network_input, scale


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
