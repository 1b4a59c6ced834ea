"""Which way up lines stand: a vote of how surely they are read one way and the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from scanner.models.recogniser import HEIGHT
from scanner.preprocess.marks import Array
from scanner.words.crops import Crop, cut_line
from table_restore.geometry import Polygon

Pixels = npt.NDArray[np.uint8]

FIRST, MORE, MOST = (2, 3, 5), 9, 36
"""So many lines are read in turn until they leave no doubt; so many both ways where they do, and
again as many, up to the last number, while they do not agree or hardly say anything."""

CLEAR = 0.7
"""A vote of lines read both ways that need not be asked any further."""

SHORTEST, LENGTH = 2.5, 9.0
"""Lines at least so many times as long as high can tell; a piece of the second length is enough."""

LEGIBLE = 0.9
"""A line that is read with more confidence than this stands upright, if it has letters."""

LETTERS = 15
"""So many letters in such lines end all doubt. Garbage is figures and signs, mostly."""


class Reading(Protocol):
    """What a picture of a line says, and how sure that is."""

    @property
    def text(self) -> str: ...

    @property
    def confidence(self) -> float: ...


class Witness(Protocol):
    """Whoever can find lines in a picture, and read them."""

    def read(self, crops: Sequence[Crop]) -> Sequence[Reading]:
        """What pictures of lines say, all `HEIGHT` pixels high."""
        ...

    def find_lines(self, picture: Pixels) -> Sequence[Polygon]:
        """Quadrilaterals around the lines of a picture, whichever way they run."""
        ...


@dataclass(frozen=True, slots=True)
class Vote:
    """`upright` from -1 (upside down for certain) to 1 (upright), 0 where the lines do not tell.

    `legible` says that they can be read that way beyond doubt.
    """

    upright: float
    legible: bool = False


def ask(picture: Pixels, lines: Sequence[Array], witness: Witness) -> Vote:
    """The vote of lines `[4, 2]` of a picture, clockwise from where their text begins.

    A few that are of a good length to tell are read, one way, and only where they leave doubts,
    more of them, both ways.
    """
    quads = [Polygon(tuple((float(x), float(y)) for x, y in line)) for line in _well_chosen(lines)]
    upright: list[Reading] = []
    for count in FIRST:
        more = [cut_line(picture, quad, HEIGHT) for quad in quads[len(upright) : count]]
        upright += witness.read(more)
        if (sure := _legibility(upright)) is not None:
            return Vote(sure, legible=True)
    turned: list[Reading] = []
    vote = 0.0
    for count in range(MORE, min(len(quads), MOST - MORE) + MORE, MORE):
        more = [cut_line(picture, quad, HEIGHT) for quad in quads[len(upright) : count]]
        upright += witness.read(more)
        more = [cut_line(picture, quad, HEIGHT, turns=2) for quad in quads[len(turned) : count]]
        turned += witness.read(more)
        vote = weigh(upright, turned)
        if abs(vote) >= CLEAR:
            break
    sure = _legibility(upright if vote > 0 else turned)
    if sure is None:
        return Vote(vote)
    return Vote(float(np.sign(vote)) * sure, legible=True)


def _legibility(readings: Sequence[Reading]) -> float | None:
    """The mean confidence of the lines that are read without doubt, if they say enough."""
    sure = [reading for reading in readings if reading.confidence > LEGIBLE]
    words = [reading for reading in sure if len(set(filter(str.isalpha, reading.text))) > 3]
    if len(words) < 2 or sum(sum(map(str.isalpha, word.text)) for word in words) < LETTERS:
        return None
    return float(np.mean([reading.confidence for reading in sure]))


def weigh(upright: Sequence[Reading], turned: Sequence[Reading]) -> float:
    """The vote of lines read both ways, -1 to 1, long lines counting more.

    How much surer one way is than the other, over by how much the lines disagree. Lines that say
    nothing either way have no vote.
    """
    told = [
        (a.confidence - b.confidence, min(_length(a), _length(b), 10))
        for a, b in zip(upright, turned, strict=True)
        if min(_length(a), _length(b)) > 1
    ]
    if len(told) < 2:
        return 0.0
    gain, weight = np.array(told).T
    mean = float((gain * weight).sum() / weight.sum())
    spread = float(np.sqrt((weight * (gain - mean) ** 2).sum() / weight.sum()))
    error = (spread + 0.05) / np.sqrt(len(gain))
    return float(np.tanh(mean / (3 * error + 0.02)))


def _length(reading: Reading) -> int:
    return len(reading.text.replace(" ", ""))


def _well_chosen(lines: Sequence[Array]) -> list[Array]:
    """Those long enough to tell, cut to a length that is quick, best first."""
    chosen = []
    for quad in lines:
        wide, high = float(np.hypot(*(quad[1] - quad[0]))), float(np.hypot(*(quad[3] - quad[0])))
        if wide >= SHORTEST * high > 0:
            enough = min(1.0, LENGTH * high / wide)
            cut = quad.copy()
            cut[1:3] = quad[[0, 3]] + enough * (quad[1:3] - quad[[0, 3]])
            chosen.append((abs(np.log(wide / high / LENGTH)), cut))
    chosen.sort(key=lambda line: line[0])
    return [quad for _, quad in chosen[:MOST]]
