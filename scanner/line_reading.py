"""Pictures of lines to what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from scanner.inference import LineReader
from scanner.models.recogniser import STEP
from scanner.words.crops import Crop
from scanner.words.ctc import Glyph, spell
from scanner.words.ink import ink_mask
from scanner.words.line_batches import LONGEST, Cut, part_line
from scanner.words.scripts import is_cjk

GAP = 8
"""Pixels; where a long line is cut in a gap this wide, that is one between words."""


@dataclass(frozen=True, slots=True, eq=False)
class Recogniser:
    """What reads lines, and the text of each of its classes."""

    read: LineReader
    characters: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What one crop says."""

    crop: Crop
    glyphs: list[Glyph]

    @property
    def text(self) -> str:
        return "".join(glyph.text for glyph in self.glyphs)

    @property
    def confidence(self) -> float:
        """The mean over the characters, 0 for none."""
        return float(np.mean([g.confidence for g in self.glyphs])) if self.glyphs else 0.0


def read_crops(crops: Sequence[Crop], recogniser: Recogniser) -> list[Reading]:
    """Read pictures of lines, all 48 pixels high; very long ones are read in parts."""
    cuts = [_cuts(crop) for crop in crops]
    pictures = [
        part
        for crop, at in zip(crops, cuts, strict=True)
        for part in np.split(crop.pixels, [cut.column for cut in at], axis=1)
    ]
    parts = (spell(line, recogniser.characters) for line in recogniser.read(pictures))
    readings = []
    for crop, at in zip(crops, cuts, strict=True):
        glyphs = next(parts)
        for cut in at:
            glyphs = _joined(glyphs, next(parts), cut)
        readings.append(Reading(crop, glyphs))
    return readings


def _cuts(crop: Crop) -> list[Cut]:
    return part_line(ink_mask(crop.pixels), STEP) if crop.pixels.shape[1] > LONGEST else []


def _joined(line: list[Glyph], more: list[Glyph], cut: Cut) -> list[Glyph]:
    """A line with what it says beyond a cut; where that is in a gap there is a space."""
    start = cut.column // STEP
    more = [replace(g, begin=g.begin + start, end=g.end + start) for g in more]
    ends = [*line[-1:], *more[:1]]
    if cut.gap < GAP or any(is_cjk(end.text) or not end.text.strip() for end in ends):
        return line + more
    return [*line, Glyph(" ", start, start, 1.0), *more]
