"""Connectionist temporal classification on a GPU: the two best classes, and decoding."""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from gpu_ops.kernels.variants import Variant

HEAD_TILE = {"ROWS": 64, "BLOCK": 128, "DEPTH": 32}
HEAD_OPTIONS = {"num_warps": 8, "num_stages": 2}
"""With fewer warps or larger tiles, what float32 needs does not fit into the registers."""


@triton.jit
def _join(best, which, second, other, values, places):
    """The best two of what is known and of new values along their last axis, and their classes.

    Of equal values the first wins; the new ones come after those that are known.
    """
    axis: tl.constexpr = len(values.shape) - 1
    highest = tl.max(values, axis)
    at = tl.min(tl.where(values == tl.expand_dims(highest, axis), places, 2147483647), axis)
    rest = tl.where(places == tl.expand_dims(at, axis), float("-inf"), values)
    next_highest = tl.max(rest, axis)
    next_at = tl.min(tl.where(rest == tl.expand_dims(next_highest, axis), places, 2147483647), axis)
    wins = highest > best
    # What comes second is the loser of the two best or the second of the winner's side.
    loser, lost = tl.where(wins, best, highest), tl.where(wins, which, at)
    runner, ran = tl.where(wins, next_highest, second), tl.where(wins, next_at, other)
    # Of equals, what is known comes first: it is the loser if the new best wins, else the runner.
    upset = tl.where(wins, runner > loser, runner >= loser)
    second, other = tl.where(upset, runner, loser), tl.where(upset, ran, lost)
    return tl.where(wins, highest, best), tl.where(wins, at, which), second, other


@triton.jit
def _best_two(
    logits, ids, probability, others, odds, stride, CLASSES: tl.constexpr, BLOCK: tl.constexpr
):
    """One row of logits a program; the best two and the sum of exponentials in one pass.

    The running sum is rescaled whenever the maximum grows (Milakov and Gimelshein, 2018).
    """
    row = tl.program_id(0)
    best, second = float("-inf"), float("-inf")
    which, other = 0, 0
    total = 0.0
    for start in range(0, CLASSES, BLOCK):
        places = start + tl.arange(0, BLOCK)
        values = tl.load(
            logits + row.to(tl.int64) * stride + places,
            mask=places < CLASSES,
            other=float("-inf"),
        ).to(tl.float32)
        before = best
        best, which, second, other = _join(best, which, second, other, values, places)
        total = total * tl.exp(before - best) + tl.sum(tl.exp(values - best), 0)
    tl.store(ids + row, which)
    tl.store(probability + row, 1.0 / total)
    tl.store(others + row, other)
    tl.store(odds + row, tl.exp(second - best))


@triton.jit
def _head(
    features,
    weight,
    bias,
    ids,
    probability,
    others,
    odds,
    rows,
    CLASSES: tl.constexpr,
    WIDTH: tl.constexpr,
    ROWS: tl.constexpr,
    BLOCK: tl.constexpr,
    DEPTH: tl.constexpr,
):
    """A linear layer and the best two classes of each row, without writing the logits.

    A program has `ROWS` rows of features and walks over the classes `BLOCK` at a time. Three
    products of TF32 parts are as exact as float32 and leave the work to the tensor cores.
    """
    row = tl.program_id(0) * ROWS + tl.arange(0, ROWS)
    begin = features + row[:, None].to(tl.int64) * WIDTH
    best = tl.full((ROWS,), float("-inf"), tl.float32)
    second = tl.full((ROWS,), float("-inf"), tl.float32)
    which = tl.zeros((ROWS,), tl.int32)
    other = tl.zeros((ROWS,), tl.int32)
    total = tl.zeros((ROWS,), tl.float32)
    for start in range(0, CLASSES, BLOCK):
        column = start + tl.arange(0, BLOCK)
        known = column < CLASSES
        offset = tl.load(bias + column, mask=known, other=float("-inf")).to(tl.float32)
        logits = tl.zeros((ROWS, BLOCK), tl.float32)
        for first in range(0, WIDTH, DEPTH):
            depth = first + tl.arange(0, DEPTH)
            mine = tl.load(
                begin + depth[None, :],
                mask=(row[:, None] < rows) & (depth[None, :] < WIDTH),
                other=0.0,
            )
            part = tl.load(
                weight + column[None, :] * WIDTH + depth[:, None],
                mask=known[None, :] & (depth[:, None] < WIDTH),
                other=0.0,
            )
            logits = tl.dot(mine, part, logits, input_precision="tf32x3")
        logits += offset[None, :]
        before = best
        best, which, second, other = _join(best, which, second, other, logits, column[None, :])
        total = total * tl.exp(before - best) + tl.sum(tl.exp(logits - best[:, None]), 1)
    tl.store(ids + row, which, mask=row < rows)
    tl.store(probability + row, 1.0 / total, mask=row < rows)
    tl.store(others + row, other, mask=row < rows)
    tl.store(odds + row, tl.exp(second - best), mask=row < rows)


@triton.jit
def _collapse(
    ids,
    probability,
    lengths,
    kinds,
    begins,
    ends,
    confidence,
    counts,
    steps,
    BLOCK: tl.constexpr,
):
    """One line a program: runs of one class become a character, runs of blanks nothing."""
    line = tl.program_id(0)
    length = tl.load(lengths + line)
    step = tl.arange(0, BLOCK)
    inside = step < length
    base = line * steps
    here = tl.load(ids + base + step, mask=inside, other=0)
    before = tl.load(ids + base + step - 1, mask=inside & (step > 0), other=0)
    after = tl.load(ids + base + step + 1, mask=step + 1 < length, other=0)
    chance = tl.load(probability + base + step, mask=inside, other=0.0)
    printed = inside & (here != 0)
    first = printed & (here != before)
    last = printed & (here != after)
    # The n-th first step and the n-th last step belong to the n-th character.
    number = tl.cumsum(first.to(tl.int32), 0) - 1
    tl.store(kinds + base + number, here, mask=first)
    tl.store(begins + base + number, step, mask=first)
    tl.store(ends + base + number, step + 1, mask=last)
    tl.atomic_max(confidence + base + number, chance, mask=printed)
    tl.store(counts + line, tl.sum(first.to(tl.int32), 0))


def best_two(logits: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """See `gpu_ops.ctc.best_two`; `logits` are `[rows, classes]`, each row contiguous."""
    rows, classes = logits.shape
    ids, probability, others, odds = found = _room(rows, logits.device)
    if rows:
        _best_two[(rows,)](
            logits, ids, probability, others, odds, logits.stride(0), CLASSES=classes, BLOCK=4096
        )
    return found


def head(features: Tensor, weight: Tensor, bias: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """See `gpu_ops.ctc.head`; all contiguous, `features` `[rows, width]`."""
    rows, width = features.shape
    ids, probability, others, odds = found = _room(rows, features.device)
    if rows:
        _head[(triton.cdiv(rows, HEAD_TILE["ROWS"]),)](
            features,
            weight,
            bias,
            ids,
            probability,
            others,
            odds,
            rows,
            CLASSES=weight.shape[0],
            WIDTH=width,
            **HEAD_TILE,
            **HEAD_OPTIONS,
        )
    return found


def _room(rows: int, device: torch.device) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    classes = (torch.empty(rows, dtype=torch.int32, device=device) for _ in range(2))
    shares = (torch.empty(rows, dtype=torch.float32, device=device) for _ in range(2))
    ids, others = classes
    probability, odds = shares
    return ids, probability, others, odds


def collapse(
    ids: Tensor, probability: Tensor, lengths: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """See `gpu_ops.ctc.collapse`; contiguous `[lines, steps]`, `lengths` `[lines]`."""
    lines, steps = ids.shape
    kinds, begins, ends = (torch.zeros_like(ids) for _ in range(3))
    confidence = torch.zeros_like(probability)
    counts = torch.zeros(lines, dtype=torch.int32, device=ids.device)
    if lines and steps:
        _collapse[(lines,)](
            ids,
            probability,
            lengths,
            kinds,
            begins,
            ends,
            confidence,
            counts,
            steps,
            BLOCK=triton.next_power_of_2(steps),
        )
    return kinds, begins, ends, confidence, counts


_TWO = {"ids": "*i32", "probability": "*fp32", "others": "*i32", "odds": "*fp32"}

VARIANTS = (
    Variant(
        _best_two,
        {"logits": "*fp16"} | _TWO | {"stride": "i32"},
        {"CLASSES": 18710, "BLOCK": 4096},
    ),
    *(
        Variant(
            _head,
            {"features": kind, "weight": kind, "bias": kind} | _TWO | {"rows": "i32"},
            {"CLASSES": 18710, "WIDTH": 120} | HEAD_TILE,
            HEAD_OPTIONS,
        )
        for kind in ("*fp32", "*fp16")
    ),
    Variant(
        _collapse,
        {"ids": "*i32", "probability": "*fp32", "lengths": "*i32", "kinds": "*i32"}
        | {"begins": "*i32", "ends": "*i32", "confidence": "*fp32", "counts": "*i32"}
        | {"steps": "i32"},
        {"BLOCK": 256},
    ),
)
