"""The best class of many, found through rounded scores, is that of float32."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from scanner.runtime.best_class import ROWS, BestClass

FEATURES = 24


def exact(linear: nn.Linear, x: Tensor) -> tuple[Tensor, Tensor]:
    with torch.inference_mode():
        return linear(x).argmax(-1), linear(x).softmax(-1).amax(-1)


def found(linear: nn.Linear, x: Tensor) -> tuple[Tensor, Tensor]:
    with torch.inference_mode():
        ids, probability, *_ = BestClass(linear)(x)
    return ids, probability


@pytest.mark.parametrize("classes", [7, 64, 1000])
@pytest.mark.parametrize("strength", [0.1, 3.0, 20.0])
def test_class_and_probability_are_those_of_the_layer(classes: int, strength: float) -> None:
    torch.manual_seed(classes)
    linear = nn.Linear(FEATURES, classes)
    x = strength * torch.randn(2, ROWS + 5, FEATURES)
    ids, probability = found(linear, x)
    expected, their_probability = exact(linear, x)
    assert torch.equal(ids, expected)
    torch.testing.assert_close(probability, their_probability, atol=2e-2, rtol=0)


@pytest.mark.parametrize("strength", [3.0, 20.0])
def test_second_class_and_its_odds(strength: float) -> None:
    torch.manual_seed(11)
    linear = nn.Linear(FEATURES, 300)
    x = strength * torch.randn(1, 200, FEATURES)
    with torch.inference_mode():
        _, _, others, odds, _ = BestClass(linear)(x)
        softmax = linear(x).softmax(-1)
    best, second = softmax.topk(2, dim=-1).values.unbind(-1)
    torch.testing.assert_close(odds, second / best, atol=2e-2, rtol=0)
    # It is the second best class, or one that bfloat16 cannot tell from it.
    chosen = softmax.gather(-1, others.unsqueeze(-1)).squeeze(-1)
    torch.testing.assert_close(chosen, second, atol=2e-2, rtol=0.2)


def test_classes_that_bfloat16_cannot_tell_apart() -> None:
    torch.manual_seed(3)
    linear = nn.Linear(FEATURES, 600)
    with torch.no_grad():
        # Hundreds of copies of one class, each different by less than bfloat16 can hold.
        linear.weight[:] = linear.weight[0] + 1e-5 * torch.randn(600, FEATURES)
        linear.bias[:] = 0.3
    x = 5 * torch.randn(1, 300, FEATURES)
    rounded = torch.nn.functional.linear(x.bfloat16(), linear.weight.bfloat16()).argmax(-1)
    ids, probability = found(linear, x)
    expected, their_probability = exact(linear, x)
    assert (rounded != expected).float().mean() > 0.9
    assert torch.equal(ids, expected)
    torch.testing.assert_close(probability, their_probability, atol=1e-4, rtol=1e-3)


def test_scores_far_from_zero() -> None:
    torch.manual_seed(4)
    linear = nn.Linear(FEATURES, 500)
    with torch.no_grad():
        linear.bias.sub_(60.0)
    x = 30 * torch.randn(1, 50, FEATURES)
    ids, probability = found(linear, x)
    expected, their_probability = exact(linear, x)
    assert torch.equal(ids, expected)
    torch.testing.assert_close(probability, their_probability, atol=2e-2, rtol=0)


@pytest.mark.parametrize(
    ("line", "doubtful"),
    [
        # Each step's two best classes; 0 is the blank. One step is tied, marked by its place.
        ([(1, 2), (0, 3), (2, 1)], {0: True, 1: True, 2: True}),
        # Which step a letter begins or ends at does not matter.
        ([(0, 1), (1, 0), (0, 2)], {0: False, 1: True, 2: True}),
        ([(1, 0), (1, 0), (2, 0)], {0: False, 1: False, 2: True}),
        # Two letters of a kind are parted by a blank alone.
        ([(1, 0), (0, 1), (1, 0)], {0: True, 1: True, 2: True}),
        # The border between two letters may move, but neither may vanish.
        ([(1, 2), (1, 2), (2, 1), (2, 1)], {0: True, 1: False, 2: False, 3: True}),
    ],
)
def test_a_line_is_in_doubt_where_its_text_hangs_on_a_tie(
    line: list[tuple[int, int]], doubtful: dict[int, bool]
) -> None:
    linear = nn.Linear(4, 4)
    with torch.no_grad():
        linear.weight.copy_(torch.eye(4))
        linear.bias.zero_()
    for tied, expected in doubtful.items():
        x = torch.zeros(1, len(line), 4)
        for step, (first, second) in enumerate(line):
            x[0, step, first] = 9.0
            x[0, step, second] = 8.9 if step == tied else 5.0
        with torch.inference_mode():
            ids, *_, lines = BestClass(linear)(x)
        assert ids.tolist() == [[first for first, _ in line]]
        assert lines.tolist() == [expected], tied


@pytest.mark.parametrize(
    ("first", "last", "doubtful"), [(9.0, 9.0, True), (9.0, 0.4, True), (0.4, 0.4, False)]
)
def test_what_is_no_text_is_not_in_doubt(first: float, last: float, doubtful: bool) -> None:
    linear = nn.Linear(12, 12)
    with torch.no_grad():
        linear.weight.copy_(torch.eye(12))
        linear.bias.zero_()
    # Two letters of two steps each, of which one says how sure they are, and between them a tie.
    x = torch.zeros(1, 5, 12)
    x[0, :2, 1] = torch.tensor([0.4, first])
    x[0, 2, 2], x[0, 2, 3] = 9.0, 8.9
    x[0, 3:, 4] = torch.tensor([last, 0.4])
    with torch.inference_mode():
        ids, *_, lines = BestClass(linear)(x)
    assert ids.tolist() == [[1, 1, 2, 4, 4]]
    assert lines.tolist() == [doubtful]
