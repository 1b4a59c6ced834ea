"""Connected components of a picture that is small enough to count by hand, and of random ones."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from gpu_ops.components import find_components, label
from gpu_ops.reference import components as twin

DRAWN = """
.......
.#####.
.#...#.
.#.#.#.
.#...#.
..####.
#.....#
"""


def drawn(picture: str) -> Tensor:
    return torch.tensor([[dot == "#" for dot in row] for row in picture.split()])


def test_rings_islands_and_holes() -> None:
    found = find_components(drawn(DRAWN)[None], torch.full((1, 7, 7), 0.5), least=4)
    # The ground, the ring with the corner it touches, its hole, the island, the other corner.
    assert found.first.tolist() == [0, 8, 16, 24, 42]
    assert found.ink.tolist() == [False, True, False, True, True]
    assert found.inside.tolist() == [-1, -1, 1, 2, -1]
    assert found.area.tolist() == [23, 16, 8, 1, 1]
    assert found.weight.tolist() == [11.5, 8.0, 4.0, 0.5, 0.5]
    area, weight = found.filled()
    assert area.tolist() == [23, 25, 9, 1, 1]
    assert weight.tolist() == [11.5, 12.5, 4.5, 0.5, 0.5]
    assert (found.left[1], found.top[1], found.right[1], found.bottom[1]) == (1, 1, 6, 6)
    assert found.ends(1).tolist() == [
        *([1, 1], [1, 2], [1, 3], [1, 4], [2, 5], [6, 6]),
        *([6, 6], [5, 5], [5, 4], [5, 3], [5, 2], [5, 1]),
    ]
    assert found.rows.tolist() == [-1, 0, -1, -1, -1]


def test_pictures_do_not_touch() -> None:
    ink = torch.ones(2, 3, 4, dtype=torch.bool)
    assert label(ink).tolist() == [[[0] * 4] * 3] * 2
    found = find_components(ink, torch.ones(2, 3, 4))
    assert found.picture.tolist() == [0, 1]
    assert found.area.tolist() == [12, 12]
    assert found.inside.tolist() == [-1, -1]


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.7, 1.0])
@pytest.mark.parametrize("shape", [(2, 37, 61), (3, 1, 20), (1, 20, 1), (0, 4, 5), (1, 0, 5)])
def test_labels_are_the_twins(shape: tuple[int, ...], share: float) -> None:
    ink = torch.rand(shape, generator=torch.manual_seed(sum(shape))) < share
    assert torch.equal(label(ink), twin.label(ink))


@pytest.mark.parametrize("shape", [(0, 4, 5), (2, 0, 5), (2, 4, 0)])
def test_nothing_has_no_components(shape: tuple[int, ...]) -> None:
    found = find_components(torch.ones(shape, dtype=torch.bool), torch.ones(shape))
    assert len(found.first) == len(found.outline) == 0
