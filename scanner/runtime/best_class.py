"""The last layer of the recogniser: the best of many classes without the scores of all.

A linear layer over 18,710 classes in float32, its maximum and its softmax take a third of the
network's time, most of it moving scores through memory. Here bfloat16 scores only say which few
classes can win at all; those few are computed again in float32.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from scanner.runtime.scripting import scripted

GROUP = 32
"""Classes are searched in groups of so many (a power of two): first each group's best."""

ROWS = 96
"""So many steps at a time: their scores stay in the processor's cache."""

ROUNDING = 2.0**-8
"""Twice the largest relative error of a bfloat16: both factors of a product are rounded."""

DOUBT = 0.15
"""Rounding the network to bfloat16 seldom moves the difference of two classes' scores by more."""

LEGIBLE = 0.5
"""A line whose other characters are less sure than this in the mean says nothing that is kept."""

NEGLIGIBLE = 1e-3
"""By so much, relative to the best class, a probability may be off for others not counted."""

LARGEST = 60.0
"""The exponential function of a score of this size, either way, is well within range."""


class BestClass(nn.Module):
    """`[batch, steps, features]` in float32 to each step's two best classes.

    The outputs are the best class, its probability, the second best class, and its probability as
    a share of the best one's.

    The best class is the one that float32 finds, proved step by step: no class that was left out
    can reach the winner's score, given the largest error that rounding can make; where that proof
    fails, the step is computed again in float32 over all classes. The second is the next best of
    the four that bfloat16 finds. Of the probability the four best classes' part is float32's,
    only what the others add is of bfloat16.

    The last output says of each line `[batch]` whether its text is in doubt: whether somewhere the
    two best classes are closer than `DOUBT` and exchanging them would change what the line says
    once repeats are merged and blanks, class 0, are left out. Of what is no text anyway, since its
    undoubted characters are not `LEGIBLE`, nobody wants to know.
    """

    weight: Tensor
    bias: Tensor
    packed: Tensor
    packed_bias: Tensor

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        weight = linear.weight.detach().float()
        bias = torch.zeros(len(weight)) if linear.bias is None else linear.bias.detach().float()
        # Classes that can never win fill the last group, and the three that are looked at.
        missing = max(3 * GROUP - len(weight), -len(weight) % GROUP)
        weight = F.pad(weight, (0, 0, 0, missing))
        bias = F.pad(bias, (0, missing), value=-1e4)
        native = torch.ops.mkldnn._is_mkldnn_bf16_supported()
        scores = torch.bfloat16 if native else torch.float32
        self.register_buffer("weight", weight)
        self.register_buffer("bias", bias)
        self.register_buffer("packed", torch.ops.mkldnn._reorder_linear_weight(weight.to(scores)))
        self.register_buffer("packed_bias", bias.to(scores))
        self.groups = len(weight) // GROUP
        self.longest = float(weight.norm(dim=1).max())
        self.bias_error = float((bias[: len(bias) - missing]).abs().max()) * ROUNDING

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        return scripted(_best_classes)(
            x,
            self.weight,
            self.bias,
            self.packed,
            self.packed_bias,
            self.longest,
            self.bias_error,
            self.groups,
            ROWS,
            ROUNDING,
            LARGEST,
            DOUBT,
            LEGIBLE,
            NEGLIGIBLE,
        )


def _best_classes(
    x: Tensor,
    weight: Tensor,
    bias: Tensor,
    packed: Tensor,
    packed_bias: Tensor,
    longest: float,
    bias_error: float,
    groups: int,
    rows: int,
    rounding: float,
    largest: float,
    doubt: float,
    legible: float,
    negligible: float,
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    flat = x.reshape(-1, x.size(-1))
    ids = torch.empty([flat.size(0)], dtype=torch.int64)
    probability = torch.empty([flat.size(0)], dtype=torch.float32)
    seconds = torch.empty([flat.size(0)], dtype=torch.int64)
    margins = torch.empty([flat.size(0)], dtype=torch.float32)
    for start in range(0, flat.size(0), rows):
        part = flat[start : start + rows]
        count = part.size(0)
        scores = torch.ops.mkldnn._linear_pointwise(
            part.to(packed_bias.dtype), packed, packed_bias, "none", [], ""
        )
        # The best of each of `groups` classes, by halving; then the best members of the two best.
        peaks = scores
        while peaks.size(1) > groups:
            half = peaks.size(1) // 2
            peaks = torch.maximum(peaks[:, :half], peaks[:, half:])
        summits, best = peaks.topk(3, dim=-1)
        best = best[:, :2].unsqueeze(1)
        members = scores.view(count, -1, groups)
        members = members.gather(2, best.expand(-1, members.size(1), -1)).view(count, -1)
        found, places = members.topk(5, dim=-1)
        places = places[:, :4]
        chosen = places // 2 * groups + best.squeeze(1).gather(1, places % 2)
        exact = (weight[chosen] * part.unsqueeze(1)).sum(-1) + bias[chosen]
        two, which = exact.topk(2, dim=-1)
        top = two[:, 0]
        margins[start : start + count] = top - two[:, 1]
        two_ids = chosen.gather(1, which)
        ids[start : start + count] = two_ids[:, 0]
        seconds[start : start + count] = two_ids[:, 1]
        # What the others add to the softmax's divisor needs no more than bfloat16: those of the two
        # best groups, and all where the other groups' best leave open whether they add anything.
        rest = members.scatter(1, places, -1e4).float().exp_().sum(-1)
        peaks.scatter_(1, best.squeeze(1), -1e4)
        most = peaks.float().exp_().sum(-1) * (scores.size(1) // groups)
        share = (-top).exp()
        counting = (most * share > negligible).nonzero().squeeze(1)
        if counting.numel() > 0:
            others = scores[counting].scatter_(1, chosen[counting], -1e4)
            rest[counting] = others.exp_().sum(-1).float()
        shares = (exact - top.unsqueeze(1)).exp().sum(-1) + rest * share
        probability[start : start + count] = shares.reciprocal()
        # The most that a class that was left out can have, with every rounding against us.
        runner_up = torch.maximum(summits[:, 2], found[:, 4]).float()
        error = part.norm(2, dim=1) * (longest * rounding) + bias_error + rounding * runner_up.abs()
        unproved = (runner_up + error >= top) | (top.abs() > largest)
        if bool(unproved.any()):
            again = unproved.nonzero().squeeze(1)
            logits = torch.addmm(bias, part[again], weight.t())
            two, which = logits.topk(2, dim=-1)
            ids[start + again] = which[:, 0]
            seconds[start + again] = which[:, 1]
            margins[start + again] = two[:, 0] - two[:, 1]
            probability[start + again] = (two[:, 0] - logits.logsumexp(-1)).exp()
    ids, probability = ids.view(x.shape[:-1]), probability.view(x.shape[:-1])
    # What a step says with its second class: itself if it is new, and what follows if that is.
    other = seconds.view_as(ids)
    edge = torch.zeros_like(ids[:, :1])
    before = torch.cat([edge, ids[:, :-1]], dim=1)
    after = torch.cat([ids[:, 1:], edge], dim=1)
    says, says_other = (ids != 0) & (ids != before), (other != 0) & (other != before)
    next_says = (after != 0) & (after != ids)
    next_says_other = (after != 0) & (after != other)
    same = ~says & ~says_other & (next_says == next_says_other)
    same |= says & ~next_says & ~says_other & next_says_other & (after == ids)
    same |= ~says & next_says & says_other & ~next_says_other & (after == other)
    doubtful = ~same & (margins.view_as(ids) < doubt)
    # A character is as sure as the surer one of its first two steps.
    goes_on = F.pad(probability[:, 1:], [0, 1]) * (after == ids)
    undoubted = says & ~doubtful
    sure = (torch.maximum(probability, goes_on) * undoubted).sum(dim=1)
    lines = doubtful.any(dim=1) & (sure >= legible * undoubted.sum(dim=1))
    return ids, probability, other, (-margins).exp().view_as(ids), lines
