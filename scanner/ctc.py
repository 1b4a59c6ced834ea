"""Connectionist temporal classification: the best classes by step to characters with places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gpu_ops.ctc import Characters

Integers = npt.NDArray[np.int32]


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


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """The characters of a line: classes, steps (end exclusive) and confidences, all `[n]`."""

    kinds: Integers
    begins: Integers
    ends: Integers
    confidence: npt.NDArray[np.float32]


def split_lines(found: Characters) -> list[Decoded]:
    """A batch of decoded lines, on the processor, as one object each."""
    arrays: list[npt.NDArray[Any]] = [tensor.numpy() for tensor in found[:4]]
    return [
        Decoded(*(array[line, :count].copy() for array in arrays))
        for line, count in enumerate(found.counts.tolist())
    ]


def spell(line: Decoded, characters: tuple[str, ...]) -> list[Glyph]:
    """What a line says, by the text of each class."""
    columns = (line.kinds, line.begins, line.ends, line.confidence)
    return [
        Glyph(characters[kind], begin, end, confidence)
        for kind, begin, end, confidence in zip(*(c.tolist() for c in columns), strict=True)
    ]
