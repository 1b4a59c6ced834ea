"""Pictures are resampled where the homography or the mesh says, to within a fraction of a pixel."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from gpu_ops.network_input import scale
from gpu_ops.reference import resample as twin
from gpu_ops.resample import BAND, warp_mesh, warp_perspective, warped_input

GREY = (128.0, 128.0, 128.0)


def ramp(height: int, width: int) -> torch.Tensor:
    """Red grows by 1 a column, green by 1 every other row: colours tell places."""
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    return torch.from_numpy(np.stack([x % 256, y // 2 % 256, 0 * x], axis=2).astype(np.uint8))


def test_the_identity_keeps_every_pixel() -> None:
    picture = ramp(40, 60)
    assert torch.equal(warp_perspective(picture, np.eye(3), (40, 60), GREY), picture)
    x, y = np.meshgrid(np.arange(8) * 10.0, np.arange(6) * 10.0)
    assert torch.equal(warp_mesh(picture, np.stack([x, y], 2), 10.0, (40, 60), GREY), picture)


def test_edges_of_pixels_stay_edges_when_a_picture_is_enlarged() -> None:
    picture = torch.zeros(4, 4, 3, dtype=torch.uint8)
    picture[:, 2:] = 255
    matrix = np.diag([10.0, 10.0, 1.0])
    enlarged = warp_perspective(picture, matrix, (40, 40), GREY)
    assert enlarged[20, 6:12].max() < 30
    assert enlarged[20, 28:34].min() > 225
    assert 96 < float(enlarged[20, 19:21].float().mean()) < 160


def test_a_mesh_shows_what_its_nodes_name_across_bands() -> None:
    height = BAND + 80
    picture = ramp(height, 120)
    x, y = np.meshgrid(np.arange(8) * 20.0, np.arange(height // 20 + 2) * 20.0)
    moved = warp_mesh(picture, np.stack([x + 7, y + 4], 2), 20.0, (height - 40, 100), GREY)
    assert torch.equal(moved, picture[4 : height - 36, 7:107])


def test_what_lies_outside_gets_the_colour_of_the_ground() -> None:
    moved = warp_perspective(
        ramp(20, 20), np.array([[1.0, 0, 50], [0, 1, 0], [0, 0, 1]]), (20, 80), GREY
    )
    assert moved[10, 5].tolist() == [128, 128, 128]
    assert moved[10, 60].tolist() == pytest.approx([10, 5, 0])


def noise(*shape: int) -> torch.Tensor:
    random = torch.Generator().manual_seed(5)
    return torch.randint(0, 256, shape, dtype=torch.uint8, generator=random)


def mesh(rows: int, columns: int, step: float) -> np.ndarray:
    y, x = np.mgrid[0:rows, 0:columns] * step
    return np.stack([x + 3 * np.sin(y / 9), y - 2 + np.cos(x / 11)], axis=2)


@pytest.mark.parametrize("shape", [(50, 70), (50, 70, 3)])
def test_warping_is_the_twins(shape: tuple[int, ...]) -> None:
    page, size = noise(*shape), (60, 80)
    turn = np.array([[0.99, -0.1, 9.0], [0.1, 0.99, -4.0], [1e-4, -2e-4, 1.0]])
    for found, expected in (
        (warp_perspective(page, turn, size, GREY), twin.warp_perspective(page, turn, size, GREY)),
        (
            warp_mesh(page, mesh(9, 9, 10.0), 10.0, size, GREY),
            twin.warp_mesh(page, mesh(9, 9, 10.0), 10.0, size, GREY),
        ),
        (
            warp_mesh(page, mesh(61, 81, 1.0), 1.0, size, GREY),
            twin.warp_mesh(page, mesh(61, 81, 1.0), 1.0, size, GREY),
        ),
    ):
        assert found.shape == expected.shape
        assert (found.int() - expected.int()).abs().max() <= 1


def test_a_page_half_as_large_is_looked_at_twice_on_either_side() -> None:
    page = torch.zeros(40, 60, 3, dtype=torch.uint8)
    page[::2] = 200  # lines that one look would take or leave
    half = np.diag([0.5, 0.5, 1.0])
    batch = warped_input(page, half, 1.0, (20, 30), (32, 32), GREY, torch.float16)
    assert batch.shape == (1, 3, 32, 32)
    expected = scale(torch.tensor([[[100, 100, 100]]], dtype=torch.uint8))[0, 0, 0]
    assert (batch[0, :, 2:18, 2:28] - expected).abs().max() <= 2.1 / 127.5
    assert (batch[0, :, 20:] == batch[0, :, 19:20]).all()
    y, x = np.mgrid[0:5, 0:7] * 10.0
    by_mesh = warped_input(page, np.stack([x, y], 2), 5.0, (20, 30), (32, 32), GREY, torch.float16)
    assert (batch - by_mesh).abs().max() <= 1.1 / 127.5
