"""The networks' input against a case worked out by hand."""

from __future__ import annotations

import pytest
import torch

from gpu_ops.network_input import network_input


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
    with pytest.raises(RuntimeError):
        network_input([torch.zeros(3, 3, 3, dtype=torch.uint8)], 2, 2)
