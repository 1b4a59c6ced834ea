"""Connectionist temporal classification: class scores by step to characters with places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

BLANK = 0


@dataclass(frozen=True, slots=True)
class Glyph:
    """A decoded character; `begin` and `end` are the steps it was seen in, end exclusive."""

    text: str
    begin: int
    end: int
    confidence: float

    @property
    def center(self) -> float:
        """The middle of the character, in steps."""
        return (self.begin + self.end) / 2


def best_path(logits: torch.Tensor) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """The most probable class of each step and its probability.

    `logits` is `[batch, steps, classes]`; both results are `[batch, steps]`. The probabilities
    of the other classes are never computed.
    """
    top, ids = logits.max(dim=-1)
    probability = (top - logits.logsumexp(dim=-1)).exp().clamp(0.0, 1.0)
    return ids.numpy(), probability.numpy()


def decode(
    ids: npt.NDArray[np.int64],
    probability: npt.NDArray[np.float32],
    characters: tuple[str, ...],
) -> list[Glyph]:
    """Greedy decoding of one line (Graves et al., 2006): repeats merge, blanks vanish.

    A character's confidence is its highest probability among its steps.
    """
    cuts = np.flatnonzero(np.diff(ids)) + 1
    begins = np.concatenate([[0], cuts])
    ends = np.concatenate([cuts, [len(ids)]])
    glyphs = []
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        kind = int(ids[begin])
        if kind != BLANK:
            best = float(probability[begin:end].max())
            glyphs.append(Glyph(characters[kind], begin, end, best))
    return glyphs
