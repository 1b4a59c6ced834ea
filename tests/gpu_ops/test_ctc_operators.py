"""The operators' own arithmetic on hand-worked cases; kernels are held against them elsewhere."""

from __future__ import annotations

import math

import torch

from gpu_ops.ctc import best_two, collapse, doubts, head


def test_the_best_class_comes_with_its_probability_and_the_second_with_its_odds() -> None:
    logits = torch.tensor([[0.0, math.log(3.0), 0.0], [2.0, 2.0, -math.inf]])
    ids, probability, others, odds = best_two(logits)
    assert ids.tolist() == [1, 0]
    torch.testing.assert_close(probability, torch.tensor([0.6, 0.5]))
    assert others.tolist() == [0, 1]
    torch.testing.assert_close(odds, torch.tensor([1 / 3, 1.0]))


def test_the_head_is_a_linear_layer_and_its_best_class() -> None:
    features = torch.tensor([[1.0, 2.0]])
    weight = torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]])
    ids, probability, others, odds = head(features, weight, torch.tensor([0.0, -1.5, 3.0]))
    # The logits are 1, 0.5 and 0.
    assert ids.tolist() == [0]
    expected = 1 / (1 + math.exp(-0.5) + math.exp(-1))
    torch.testing.assert_close(probability, torch.tensor([expected]))
    assert others.tolist() == [1]
    torch.testing.assert_close(odds, torch.tensor([math.exp(-0.5)]))


def test_repeats_merge_blanks_part_and_padding_says_nothing() -> None:
    ids = torch.tensor([[5, 5, 0, 5, 7, 9], [0, 0, 0, 3, 3, 3]], dtype=torch.int32)
    probability = torch.tensor([[0.5, 0.9, 0.2, 0.6, 0.7, 0.8], [0.1, 0.1, 0.1, 0.3, 0.5, 0.4]])
    found = collapse(ids, probability, torch.tensor([5, 6], dtype=torch.int32))
    assert found.counts.tolist() == [3, 1]
    assert found.kinds[0, :3].tolist() == [5, 5, 7]
    assert found.begins[0, :3].tolist() == [0, 3, 4]
    assert found.ends[0, :3].tolist() == [2, 4, 5]
    torch.testing.assert_close(found.confidence[0, :3], torch.tensor([0.9, 0.6, 0.7]))
    assert (found.kinds[1, 0], found.begins[1, 0], found.ends[1, 0]) == (3, 3, 6)
    assert not found.kinds[0, 3:].any()


def test_doubts_are_the_steps_with_a_likely_second_class() -> None:
    others = torch.tensor([[5, 6, 7], [8, 9, 10]])
    odds = torch.tensor([[0.5, 0.01, 0.9], [0.0, 0.3, 0.02]])
    found = doubts(others, odds, torch.tensor([2, 3], dtype=torch.int32), least=0.02)
    assert found.lines.tolist() == [0, 1, 1]
    assert found.steps.tolist() == [0, 1, 2]
    assert found.kinds.tolist() == [5, 9, 10]
    torch.testing.assert_close(found.odds, torch.tensor([0.5, 0.3, 0.02]))
    assert found.lines.dtype == found.steps.dtype == found.kinds.dtype == torch.int32
