"""What the lines of a page say: line quadrilaterals to lines of words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from scanner.detect import Outline
from scanner.line_reading import Reading
from scanner.models.recogniser import STEP
from scanner.plate import Plate
from scanner.words.crops import Crop, quad_size
from scanner.words.ctc import Glyph
from scanner.words.ink import Extent, Placed, ink_mask, locate
from scanner.words.proofread import proofread
from scanner.words.spelling import settle_spelling
from table_restore.document import Character, Line, Word
from table_restore.geometry import Polygon

VERTICAL, CERTAIN = 1.5, 3.0
"""A quadrilateral this many times taller than wide may hold a line that runs up or down the page,
or a level one of a single digit; one that is even taller holds no level line."""

LEVEL = 0.05
"""By so much a reading as level is given preference: many a digit can be read lying, too."""


def recognise(page: Plate, outlines: Sequence[Outline], *, spelling: bool = True) -> list[Line]:
    """Read lines of a page; those that say nothing are left out.

    The outlines' quadrilaterals are in the page's pixels. The result keeps their order. With
    `spelling`, doubtful words are put right by the page's language.
    """
    readings = read_lines(page, [outline.polygon for outline in outlines])
    legible = [
        reading
        for reading, outline in zip(readings, outlines, strict=True)
        if reading.text.strip() and reading.confidence >= outline.trust
    ]
    if spelling:
        spelt = settle_spelling([reading.glyphs for reading in legible])
        legible = [replace(old, glyphs=new) for old, new in zip(legible, spelt, strict=True)]
    placed = proofread([place(reading) for reading in legible])
    return [to_line(reading.crop, line) for reading, line in zip(legible, placed, strict=True)]


def read_lines(page: Plate, lines: Sequence[Polygon]) -> list[Reading]:
    """One reading for each quadrilateral, in the direction in which it is read most surely."""
    ways = [(index, turns) for index, line in enumerate(lines) for turns in _ways(line)]
    readings = page.read([(lines[index], turns) for index, turns in ways])
    best: dict[int, tuple[float, Reading]] = {}
    for (index, turns), reading in zip(ways, readings, strict=True):
        sure = reading.confidence + (LEVEL if turns == 0 else 0.0)
        if index not in best or sure > best[index][0]:
            best[index] = sure, reading
    return [best[index][1] for index in range(len(lines))]


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


def _ways(line: Polygon) -> tuple[int, ...]:
    """By how many quarters, clockwise, a line's text may stand turned."""
    wide, high = quad_size(np.asarray(line.points))
    if high <= VERTICAL * wide:
        return (0,)
    return (0, 1, 3) if high <= CERTAIN * wide else (1, 3)
