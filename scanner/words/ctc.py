"""Connectionist temporal classification: the best classes by step to characters with places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from gpu_ops.ctc import BLANK, Characters, Doubts

LEAST_ODDS = 1e-3
"""What is less likely than this, compared with what was read, is no alternative."""

Integers = npt.NDArray[np.int32]
Shares = npt.NDArray[np.float32]


class Alternative(NamedTuple):
    """What may stand in a character's place, none, one or two characters, and how likely it is.

    `odds` are those against what was read: 0 to 1.
    """

    glyphs: tuple[Glyph, ...]
    odds: float


@dataclass(frozen=True, slots=True)
class Glyph:
    """A decoded character; `begin` and `end` are the steps it was seen in, end exclusive."""

    text: str
    begin: int
    end: int
    confidence: float
    alternatives: tuple[Alternative, ...] = ()

    @property
    def center(self) -> float:
        """The middle of the character, in steps."""
        return (self.begin + self.end) / 2


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """The characters of a line: classes, steps (end exclusive) and confidences, all `[n]`.

    Of the steps in doubt it has the second best class and its odds against the best, all `[m]`.
    """

    kinds: Integers
    begins: Integers
    ends: Integers
    confidence: Shares
    doubtful_steps: Integers
    other_kinds: Integers
    other_odds: Shares


def split_lines(found: Characters, doubts: Doubts) -> list[Decoded]:
    """A batch of decoded lines as one object each."""
    characters: list[npt.NDArray[Any]] = [tensor.numpy(force=True) for tensor in found[:4]]
    others: list[npt.NDArray[Any]] = [tensor.numpy(force=True) for tensor in doubts[1:]]
    counts = found.counts.tolist()
    cuts = np.searchsorted(doubts.lines.numpy(force=True), np.arange(len(counts) + 1)).tolist()
    return [
        Decoded(
            *(array[line, :count].copy() for array in characters),
            *(array[cuts[line] : cuts[line + 1]].copy() for array in others),
        )
        for line, count in enumerate(counts)
    ]


def spell(line: Decoded, characters: tuple[str, ...]) -> list[Glyph]:
    """What a line says, by the text of each class.

    A character's alternatives are what the line says with the second best classes of its steps, or
    with that of a blank step beside it.
    """
    columns = (line.kinds, line.begins, line.ends, line.confidence)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    glyphs = [Glyph(characters[kind], *place) for kind, *place in rows]
    by_glyph: dict[int, list[Alternative]] = {}
    for index, alternative in chain(
        _instead(line, glyphs, characters), _missed(line, glyphs, characters)
    ):
        by_glyph.setdefault(index, []).append(alternative)
    return [
        replace(glyph, alternatives=tuple(by_glyph[index])) if index in by_glyph else glyph
        for index, glyph in enumerate(glyphs)
    ]


def _instead(
    line: Decoded, glyphs: list[Glyph], characters: tuple[str, ...]
) -> Iterator[tuple[int, Alternative]]:
    """What characters' steps say with their second best classes: another character, or none."""
    first = np.searchsorted(line.doubtful_steps, line.begins)
    last = np.searchsorted(line.doubtful_steps, line.ends)
    for index in np.flatnonzero(last - first == line.ends - line.begins).tolist():
        doubts = slice(first[index], last[index])
        kinds = set(line.other_kinds[doubts].tolist()) - {BLANK}
        odds = float(line.other_odds[doubts].prod())
        if len(kinds) > 1 or odds < LEAST_ODDS:
            continue
        if not kinds or kinds <= _beside(line, index):
            yield index, Alternative((), odds)
        else:
            glyph = glyphs[index]
            other = replace(glyph, text=characters[kinds.pop()], confidence=glyph.confidence * odds)
            yield index, Alternative((other,), odds)


def _missed(
    line: Decoded, glyphs: list[Glyph], characters: tuple[str, ...]
) -> Iterator[tuple[int, Alternative]]:
    """Characters that blank steps have as their second best classes, with one beside them.

    That is the one before, or the one behind at the beginning of a word.
    """
    before = np.searchsorted(line.begins, line.doubtful_steps, side="right") - 1
    columns = (line.doubtful_steps, line.other_kinds, line.other_odds, before)
    for step, kind, odds, index in zip(*(column.tolist() for column in columns), strict=True):
        after = index + 1
        edges = {
            int(line.kinds[n])
            for n in (index, after)
            if 0 <= n < len(glyphs) and step in (line.ends[n], line.begins[n] - 1)
        }
        if kind == BLANK or kind in edges or (index >= 0 and step < line.ends[index]):
            continue
        missed = Glyph(characters[kind], step, step + 1, odds / (1 + odds))
        if index >= 0 and glyphs[index].text.strip():
            yield index, Alternative((glyphs[index], missed), odds)
        elif after < len(glyphs):
            yield after, Alternative((missed, glyphs[after]), odds)


def _beside(line: Decoded, index: int) -> set[int]:
    """The classes of the characters that touch one, no blank between them."""
    touching = []
    if index > 0 and line.ends[index - 1] == line.begins[index]:
        touching.append(int(line.kinds[index - 1]))
    if index + 1 < len(line.kinds) and line.begins[index + 1] == line.ends[index]:
        touching.append(int(line.kinds[index + 1]))
    return set(touching)
