"""The kernels against the operators' own arithmetic, which other tests hold to worked cases."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from gpu_ops import ctc
from gpu_ops.kernels import ctc as kernels


def agree(found: tuple[Tensor, ...], expected: tuple[Tensor, ...]) -> None:
    for mine, other in zip(found, expected, strict=True):
        torch.testing.assert_close(mine, other)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
@pytest.mark.parametrize("classes", [3, 4096, 4097])
def test_best_two(classes: int, dtype: torch.dtype) -> None:
    logits = (torch.randn(3, classes, generator=torch.manual_seed(classes)) * 5).to(dtype)
    agree(kernels.best_two(logits), ctc.best_two(logits))


@pytest.mark.parametrize("levels", [1, 2, 5])
def test_of_equal_classes_the_first_wins(levels: int) -> None:
    random = torch.manual_seed(levels)
    logits = torch.randint(0, levels, (8, 9000), generator=random).float()
    logits[:, 4090:4100] += torch.randint(0, 2, (8, 10), generator=random)
    agree(kernels.best_two(logits), ctc.best_two(logits))


def test_best_two_of_extreme_rows() -> None:
    logits = torch.full((3, 5), -1e30)
    logits[0, 4] = 1e30
    logits[1, 2:] = float("-inf")
    ids, probability, others, odds = kernels.best_two(logits)
    assert ids.tolist() == [4, 0, 0]
    assert others.tolist() == [0, 1, 1]
    torch.testing.assert_close(probability, torch.tensor([1.0, 0.5, 0.2]))
    torch.testing.assert_close(odds, torch.tensor([0.0, 1.0, 1.0]))


def test_best_two_of_rows_that_are_not_packed() -> None:
    logits = torch.randn(4, 40, generator=torch.manual_seed(1))[::2, :33]
    agree(kernels.best_two(logits), ctc.best_two(logits))


@pytest.mark.parametrize(("rows", "classes", "width"), [(1, 5, 3), (70, 300, 120)])
def test_head(rows: int, classes: int, width: int) -> None:
    random = torch.manual_seed(rows)
    features = torch.randn(rows, width, generator=random)
    weight = torch.randn(classes, width, generator=random)
    bias = torch.randn(classes, generator=random)
    found, expected = kernels.head(features, weight, bias), ctc.head(features, weight, bias)
    assert torch.equal(found[0], expected[0])
    assert torch.equal(found[2], expected[2])
    # Sums in another order differ by float32's rounding, which the size of the scores multiplies:
    # shares are compared with scores as large as a trained layer's.
    weight /= width**0.5
    agree(kernels.head(features, weight, bias), ctc.head(features, weight, bias))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 3), min_size=7, max_size=7), min_size=1, max_size=3),
    st.data(),
)
def test_collapse(rows: list[list[int]], data: st.DataObject) -> None:
    ids = torch.tensor(rows, dtype=torch.int32)
    lengths = [data.draw(st.integers(0, 7)) for _ in rows]
    probability = torch.rand(ids.shape, generator=torch.manual_seed(len(rows)))
    arguments = (ids, probability, torch.tensor(lengths, dtype=torch.int32))
    for found, expected in zip(kernels.collapse(*arguments), ctc.collapse(*arguments), strict=True):
        torch.testing.assert_close(found, expected)


def test_nothing_gives_nothing() -> None:
    assert kernels.best_two(torch.zeros(0, 9))[0].shape == (0,)
    assert kernels.head(torch.zeros(0, 4), torch.zeros(3, 4), torch.zeros(3))[0].shape == (0,)
    empty = kernels.collapse(
        torch.zeros(0, 4, dtype=torch.int32), torch.zeros(0, 4), torch.zeros(0, dtype=torch.int32)
    )
    assert empty[0].shape == (0, 4)
