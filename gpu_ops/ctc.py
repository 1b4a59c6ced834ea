"""Connectionist temporal classification (Graves et al., 2006) for batches of lines.

What stays on a GPU stays there: logits are never copied, and of a line only its characters are.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

BLANK = 0


class Characters(NamedTuple):
    """The characters of each line, `[lines, steps]`, of which the first `counts[line]` are real.

    `kinds` are classes (int32), `begins` and `ends` the steps a character was seen in, the end
    exclusive (int32), `confidence` its highest probability (float32). The rest is 0.
    """

    kinds: Tensor
    begins: Tensor
    ends: Tensor
    confidence: Tensor
    counts: Tensor


class Doubts(NamedTuple):
    """Steps with a second class, all `[n]`, sorted by line and step.

    Their line, their step in it, that class, all int32, and its odds against the best, float32.
    """

    lines: Tensor
    steps: Tensor
    kinds: Tensor
    odds: Tensor


def best_two(logits: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The two best classes of each row and how sure they are, all `[rows]`.

    They are the best class (int32), its softmax probability (float32), the second best class, and
    its probability as a share of the best one's. `logits` are `[rows, classes]`, two classes at
    least; of equal ones the first wins. Rows without a number (NaN) are not looked for.
    """
    if logits.is_cuda:
        from gpu_ops.kernels import ctc

        return ctc.best_two(logits)
    logits = logits.float()
    best, which = logits.max(dim=1)
    total = (logits - best[:, None]).exp().sum(dim=1)
    second, other = logits.scatter(1, which[:, None], -torch.inf).max(dim=1)
    return which.int(), total.reciprocal(), other.int(), (second - best).exp()


def head(features: Tensor, weight: Tensor, bias: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """`best_two(features @ weight.T + bias)`, on a GPU without writing the logits to memory.

    `features` are `[rows, width]`, `weight` `[classes, width]`, `bias` `[classes]`, of one type;
    sums are float32.
    """
    if features.is_cuda:
        from gpu_ops.kernels import ctc

        return ctc.head(features.contiguous(), weight.contiguous(), bias.contiguous())
    return best_two(torch.nn.functional.linear(features.float(), weight.float(), bias.float()))


def collapse(ids: Tensor, probability: Tensor, lengths: Tensor) -> Characters:
    """Greedy decoding: repeats become one character, blanks vanish.

    `ids` (int32) and `probability` (float32) are `[lines, steps]`; steps from `lengths[line]`
    (int32) on are padding.
    """
    ids, probability = ids.contiguous(), probability.contiguous()
    if ids.is_cuda:
        from gpu_ops.kernels import ctc

        return Characters(*ctc.collapse(ids, probability, lengths))
    lines, steps = ids.shape
    step = torch.arange(steps, dtype=torch.int32, device=ids.device).expand(lines, steps)
    shown = torch.where(step < lengths[:, None], ids, BLANK)
    edge = shown.new_full((lines, 1), BLANK)
    first = (shown != BLANK) & (shown != torch.cat([edge, shown[:, :-1]], dim=1))
    last = (shown != BLANK) & (shown != torch.cat([shown[:, 1:], edge], dim=1))
    counts = first.sum(dim=1).int()
    line, _ = torch.nonzero(first, as_tuple=True)
    number = (first.cumsum(dim=1) - 1)[first]
    kinds, begins, ends = (torch.zeros_like(ids) for _ in range(3))
    kinds[line, number] = shown[first]
    begins[line, number] = step[first]
    ends[line, number] = step[last] + 1
    confidence = torch.zeros_like(probability)
    of_step = (first.cumsum(dim=1) - 1).clamp(min=0)
    seen = torch.where(shown != BLANK, probability, 0.0)
    confidence.scatter_reduce_(1, of_step, seen, reduce="amax")
    return Characters(kinds, begins, ends, confidence, counts)


def doubts(others: Tensor, odds: Tensor, lengths: Tensor, least: float) -> Doubts:
    """The steps whose second class has odds of `least` or more: few, so that they are soon copied.

    `others` (integers) and `odds` (float32, 0 to 1) are `[lines, steps]`; steps from
    `lengths[line]` (int32) on are padding.
    """
    step = torch.arange(others.shape[1], dtype=torch.int32, device=others.device)
    line, place = torch.nonzero((odds >= least) & (step < lengths[:, None]), as_tuple=True)
    return Doubts(line.int(), place.int(), others[line, place].int(), odds[line, place])
