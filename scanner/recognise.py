"""What the lines of a page say: line quadrilaterals to lines of words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt
import torch

from gpu_ops.network_input import network_input
from scanner.crops import Crop, cut_line, quad_size
from scanner.ctc import Glyph, decode
from scanner.detect import Outline
from scanner.ink import Extent, ink_mask, locate
from scanner.models.recogniser import HEIGHT, STEP
from scanner.proofread import Placed, proofread
from scanner.runtime import Engine
from table_restore.document import Character, Line, Word
from table_restore.geometry import Polygon

Pixels = npt.NDArray[np.uint8]

BATCH_PIXELS = 48 * 6400
"""The most input pixels in one batch; larger ones are slower on a CPU, not faster."""

NARROWEST = 64
GRAIN = 64
"""Widths are padded to multiples of this, so that few shapes occur and little is padded."""

VERTICAL = 1.5
"""A quadrilateral this many times taller than wide holds a line that runs downwards."""


@dataclass(frozen=True, slots=True, eq=False)
class Recogniser:
    """The compiled network and the text of each of its classes."""

    engine: Engine
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


def recognise(page: Pixels, outlines: Sequence[Outline], recogniser: Recogniser) -> list[Line]:
    """Read lines of a page, RGB or grey; those that say nothing are left out.

    The outlines' quadrilaterals are in the page's pixels. The result keeps their order.
    """
    readings = read_lines(page, [outline.polygon for outline in outlines], recogniser)
    legible = [
        reading
        for reading, outline in zip(readings, outlines, strict=True)
        if reading.text.strip() and reading.confidence >= outline.trust
    ]
    placed = proofread([place(reading) for reading in legible])
    return [to_line(reading.crop, line) for reading, line in zip(legible, placed, strict=True)]


def read_lines(page: Pixels, lines: Sequence[Polygon], recogniser: Recogniser) -> list[Reading]:
    """One reading for each quadrilateral; a vertical one is read in the better direction."""
    crops = [cut_line(page, line, HEIGHT, turns=_quarter_turns(line)) for line in lines]
    readings = read_crops(crops, recogniser)
    upright = [i for i, line in enumerate(lines) if _quarter_turns(line)]
    if upright:
        turned = [cut_line(page, lines[i], HEIGHT, turns=3) for i in upright]
        for i, other in zip(upright, read_crops(turned, recogniser), strict=True):
            if other.confidence > readings[i].confidence:
                readings[i] = other
    return readings


def read_crops(crops: Sequence[Crop], recogniser: Recogniser) -> list[Reading]:
    """Read pictures of lines, all 48 pixels high.

    Lines of like width share a batch. A line is padded by its own width alone, so what it says
    does not depend on the lines it was read with.
    """
    buckets: dict[int, list[int]] = {}
    for index, crop in enumerate(crops):
        buckets.setdefault(_padded(crop.pixels.shape[1]), []).append(index)
    readings: list[Reading | None] = [None] * len(crops)
    for width, members in sorted(buckets.items()):
        size = max(1, BATCH_PIXELS // (HEIGHT * width))
        for start in range(0, len(members), size):
            batch = members[start : start + size]
            pictures = [torch.from_numpy(crops[i].pixels) for i in batch]
            outputs = recogniser.engine(network_input(pictures, HEIGHT, width))
            ids, probability = (output.numpy() for output in outputs)
            for row, index in enumerate(batch):
                # Steps beyond the picture are padding.
                steps = -(-crops[index].pixels.shape[1] // STEP)
                glyphs = decode(ids[row, :steps], probability[row, :steps], recogniser.characters)
                readings[index] = Reading(crops[index], glyphs)
    return [reading for reading in readings if reading is not None]


def place(reading: Reading) -> Placed:
    """Where in the crop the ink of each character is."""
    mask = ink_mask(reading.crop.pixels)
    return Placed(reading.glyphs, locate(reading.glyphs, mask, STEP))


def to_line(crop: Crop, line: Placed) -> Line:
    """Words whose polygons hug the ink; the line must have a character."""
    runs: list[list[tuple[Glyph, Extent]]] = [[]]
    for glyph, extent in zip(line.glyphs, line.extents, strict=True):
        if extent is None:
            runs.append([])
        else:
            runs[-1].append((glyph, extent))
    runs = [run for run in runs if run]
    spans = [_around([extent for _, extent in run]) for run in runs]
    boxes = [_around(spans), *spans, *(extent for run in runs for _, extent in run)]
    corners = np.array([(box.left, box.top, box.right, box.bottom) for box in boxes])
    outlines = iter(crop.to_outlines(corners))
    whole, *places = islice(outlines, 1 + len(runs))
    words = [
        _word([g for g, _ in run], place, outlines) for run, place in zip(runs, places, strict=True)
    ]
    return Line(tuple(words), whole)


def _word(glyphs: list[Glyph], place: Polygon, outlines: Iterator[Polygon]) -> Word:
    """A word of characters whose outlines are the next ones."""
    return Word(
        "".join(glyph.text for glyph in glyphs),
        place,
        float(np.mean([glyph.confidence for glyph in glyphs])),
        tuple(Character(glyph.text, next(outlines), glyph.confidence) for glyph in glyphs),
    )


def _around(extents: Sequence[Extent]) -> Extent:
    return Extent(
        min(e.left for e in extents),
        min(e.top for e in extents),
        max(e.right for e in extents),
        max(e.bottom for e in extents),
    )


def _quarter_turns(line: Polygon) -> int:
    """1 for a line that runs downwards, 0 for any other."""
    wide, high = quad_size(np.asarray(line.points))
    return int(high > VERTICAL * wide)


def _padded(width: int) -> int:
    return max(NARROWEST, -(-width // GRAIN) * GRAIN)
