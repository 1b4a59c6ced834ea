"""Pictures are packed side by side, and packed ones are what a network wants of them."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from gpu_ops.network_input import network_input, packed_input
from scanner.device.lanes import HostLane, make_lane, pack


@given(
    widths=st.lists(st.integers(1, 12), min_size=1, max_size=6),
    grey=st.lists(st.booleans(), min_size=6, max_size=6),
    room=st.integers(0, 4000),
    seed=st.integers(0, 2**31),
)
def test_packing_loses_nothing(widths: list[int], grey: list[bool], room: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    pictures = [
        random.integers(0, 256, (5, width) if plain else (5, width, 3), dtype=np.uint8)
        for width, plain in zip(widths, grey, strict=False)
    ]
    buffer = torch.full((room,), 7, dtype=torch.uint8)
    packed, known = pack(pictures, 5, 12, buffer)
    assert len(packed) in (1, 2, 4, 8)
    assert len(packed) < 2 * len(pictures) or len(pictures) == 1
    assert known.tolist() == widths + [0] * (len(packed) - len(widths))
    assert packed.shape[3] == (1 if all(picture.ndim == 2 for picture in pictures) else 3)
    expected = network_input([torch.from_numpy(picture) for picture in pictures], 5, 12)
    found = packed_input(packed, known)
    assert torch.allclose(found[: len(pictures)], expected, atol=1e-6)
    assert not found[len(pictures) :].any()
    inside = packed.data_ptr() == buffer.data_ptr()
    assert inside == (packed.numel() <= room)


def test_the_processor_needs_no_copies() -> None:
    lane = make_lane(torch.device("cpu"))
    assert isinstance(lane, HostLane)
    picture = np.full((48, 8), 255, dtype=np.uint8)
    with lane.computing():
        fed = lane.feed([picture], 48, 16)
        begun = lane.begun()
    with begun():
        assert fed[0, :, 0].tolist() == [[1.0] * 8 + [0.0] * 8] * 3
