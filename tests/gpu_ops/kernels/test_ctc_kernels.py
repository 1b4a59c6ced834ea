"""The kernels against the operators' own arithmetic, which other tests hold to worked cases."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gpu_ops import ctc
from gpu_ops.kernels import ctc as kernels


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
@pytest.mark.parametrize("classes", [3, 4096, 4097])
def test_best_class(classes: int, dtype: torch.dtype) -> None:
    logits = (torch.randn(3, classes, generator=torch.manual_seed(classes)) * 5).to(dtype)
    ids, probability = kernels.best_class(logits)
    expected_ids, expected = ctc.best_class(logits)
    assert torch.equal(ids, expected_ids)
    torch.testing.assert_close(probability, expected)


def test_best_class_of_extreme_rows() -> None:
    logits = torch.full((3, 5), -1e30)
    logits[0, 4] = 1e30
    logits[1, 2:] = float("-inf")
    ids, probability = kernels.best_class(logits)
    assert ids.tolist() == [4, 0, 0]
    torch.testing.assert_close(probability, torch.tensor([1.0, 0.5, 0.2]))


def test_best_class_of_rows_that_are_not_packed() -> None:
    logits = torch.randn(4, 40, generator=torch.manual_seed(1))[::2, :33]
    assert torch.equal(kernels.best_class(logits)[0], ctc.best_class(logits)[0])


@pytest.mark.parametrize(("rows", "classes", "width"), [(1, 5, 3), (70, 300, 120)])
def test_head(rows: int, classes: int, width: int) -> None:
    random = torch.manual_seed(rows)
    features = torch.randn(rows, width, generator=random)
    weight = torch.randn(classes, width, generator=random)
    bias = torch.randn(classes, generator=random)
    ids, probability = kernels.head(features, weight, bias)
    expected_ids, expected = ctc.head(features, weight, bias)
    assert torch.equal(ids, expected_ids)
    torch.testing.assert_close(probability, expected)


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
    assert kernels.best_class(torch.zeros(0, 9))[0].shape == (0,)
    assert kernels.head(torch.zeros(0, 4), torch.zeros(3, 4), torch.zeros(3))[0].shape == (0,)
    empty = kernels.collapse(
        torch.zeros(0, 4, dtype=torch.int32), torch.zeros(0, 4), torch.zeros(0, dtype=torch.int32)
    )
    assert empty[0].shape == (0, 4)
