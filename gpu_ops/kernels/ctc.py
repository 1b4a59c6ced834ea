"""Connectionist temporal classification on a GPU: best classes, and decoding by them."""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

from gpu_ops.kernels.variants import Variant


@triton.jit
def _best_class(logits, ids, probability, stride, CLASSES: tl.constexpr, BLOCK: tl.constexpr):
    """One row of logits a program; the maximum and the sum of exponentials in one pass.

    The running sum is rescaled whenever the maximum grows (Milakov and Gimelshein, 2018).
    """
    row = tl.program_id(0)
    best = float("-inf")
    which = 0
    total = 0.0
    for start in range(0, CLASSES, BLOCK):
        places = start + tl.arange(0, BLOCK)
        values = tl.load(
            logits + row.to(tl.int64) * stride + places,
            mask=places < CLASSES,
            other=float("-inf"),
        ).to(tl.float32)
        highest = tl.max(values, 0)
        here = tl.argmax(values, 0) + start
        peak = tl.maximum(best, highest)
        total = total * tl.exp(best - peak) + tl.sum(tl.exp(values - peak), 0)
        which = tl.where(highest > best, here, which)
        best = peak
    tl.store(ids + row, which)
    tl.store(probability + row, 1.0 / total)


@triton.jit
def _head(
    features,
    weight,
    bias,
    ids,
    probability,
    rows,
    CLASSES: tl.constexpr,
    WIDTH: tl.constexpr,
    ROWS: tl.constexpr,
    BLOCK: tl.constexpr,
    DEPTH: tl.constexpr,
):
    """A linear layer and the best class of each row, without writing the logits.

    A program keeps `ROWS` rows of features and walks over the classes `BLOCK` at a time.
    """
    row = tl.program_id(0) * ROWS + tl.arange(0, ROWS)
    depth = tl.arange(0, DEPTH)
    mine = tl.load(
        features + row[:, None].to(tl.int64) * WIDTH + depth[None, :],
        mask=(row[:, None] < rows) & (depth[None, :] < WIDTH),
        other=0.0,
    )
    best = tl.full((ROWS,), float("-inf"), tl.float32)
    which = tl.zeros((ROWS,), tl.int32)
    total = tl.zeros((ROWS,), tl.float32)
    for start in range(0, CLASSES, BLOCK):
        column = start + tl.arange(0, BLOCK)
        known = column < CLASSES
        part = tl.load(
            weight + column[None, :] * WIDTH + depth[:, None],
            mask=known[None, :] & (depth[:, None] < WIDTH),
            other=0.0,
        )
        offset = tl.load(bias + column, mask=known, other=float("-inf")).to(tl.float32)
        logits = tl.dot(mine, part, input_precision="ieee") + offset[None, :]
        highest = tl.max(logits, 1)
        here = tl.argmax(logits, 1) + start
        peak = tl.maximum(best, highest)
        total = total * tl.exp(best - peak) + tl.sum(tl.exp(logits - peak[:, None]), 1)
        which = tl.where(highest > best, here.to(tl.int32), which)
        best = peak
    tl.store(ids + row, which, mask=row < rows)
    tl.store(probability + row, 1.0 / total, mask=row < rows)


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


def best_class(logits: Tensor) -> tuple[Tensor, Tensor]:
    """See `gpu_ops.ctc.best_class`; `logits` are `[rows, classes]`, each row contiguous."""
    rows, classes = logits.shape
    ids = torch.empty(rows, dtype=torch.int32, device=logits.device)
    probability = torch.empty(rows, dtype=torch.float32, device=logits.device)
    if rows:
        _best_class[(rows,)](
            logits, ids, probability, logits.stride(0), CLASSES=classes, BLOCK=4096
        )
    return ids, probability


def head(features: Tensor, weight: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
    """See `gpu_ops.ctc.head`; all contiguous, `features` `[rows, width]`."""
    rows, width = features.shape
    ids = torch.empty(rows, dtype=torch.int32, device=features.device)
    probability = torch.empty(rows, dtype=torch.float32, device=features.device)
    if rows:
        _head[(triton.cdiv(rows, 64),)](
            features,
            weight,
            bias,
            ids,
            probability,
            rows,
            CLASSES=weight.shape[0],
            WIDTH=width,
            ROWS=64,
            BLOCK=128,
            DEPTH=max(16, triton.next_power_of_2(width)),
        )
    return ids, probability


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


VARIANTS = (
    Variant(
        _best_class,
        {"logits": "*fp16", "ids": "*i32", "probability": "*fp32", "stride": "i32"},
        {"CLASSES": 18710, "BLOCK": 4096},
    ),
    Variant(
        _head,
        {"features": "*fp16", "weight": "*fp16", "bias": "*fp16", "ids": "*i32"}
        | {"probability": "*fp32", "rows": "i32"},
        {"CLASSES": 18710, "WIDTH": 120, "ROWS": 64, "BLOCK": 128, "DEPTH": 128},
    ),
    Variant(
        _collapse,
        {"ids": "*i32", "probability": "*fp32", "lengths": "*i32", "kinds": "*i32"}
        | {"begins": "*i32", "ends": "*i32", "confidence": "*fp32", "counts": "*i32"}
        | {"steps": "i32"},
        {"BLOCK": 256},
    ),
)
