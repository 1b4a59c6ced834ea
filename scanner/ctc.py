"""Connectionist temporal classification: the best classes by step to characters with places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gpu_ops.ctc import BLANK


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
