"""How a page is turned: the direction of its lines, and which way up they can be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt

from scanner.crops import Crop, cut_line
from scanner.images import Step
from scanner.preprocess.look import Look
from scanner.preprocess.marks import Array, Marks, find_ink, find_marks, text_direction
from scanner.rectification import project
from table_restore.geometry import Polygon

Pixels = npt.NDArray[np.uint8]

HEIGHT = 48
"""Pictures of lines are this high."""

FIRST, MORE = 3, 9
"""So many lines are read at first; so many both ways where those leave doubts."""

LENGTH = 9
"""So many times as long as high a piece of a line tells enough."""

LEGIBLE = 0.9
"""Lines that are read with this confidence on average stand upright."""

CLEAR = 0.35
"""Below this a direction of lines is not believed."""

TOLD, TURNED = 0.5, 0.3
"""A vote from which a page lying on its side is believed, and one standing on its head."""

DOUBTLESS = 0.75
"""A vote for lines that run downwards, or stand on their head, which needs no comparison.

Columns of short numbers, closely set, look like lines across those of the page, but their vote
is weaker.
"""

SLIGHT = 2.0
"""Degrees; lines that lean by no more are followed without turning the picture."""


class Reading(Protocol):
    """What a picture of a line says, and how sure that is."""

    @property
    def text(self) -> str: ...

    @property
    def confidence(self) -> float: ...


Read = Callable[[Sequence[Crop]], Sequence[Reading]]
"""Reads pictures of lines, all `HEIGHT` pixels high."""


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """By how many degrees a page stands turned clockwise in its picture.

    `marks` were found in a picture that `matrix` leads to from the source; there the lines run
    from left to right (or are upside down).
    """

    degrees: float
    marks: Marks
    matrix: Array
    step: Step | None


def find_turn(picture: Pixels, look: Look, read: Read | None) -> Turn:
    """How the page in a picture `[height, width, 3]` is turned.

    The direction of the lines comes from the letters' places. Which way up they stand shows in
    how surely they are read one way and the other, over several lines. Without `read`, or where
    the lines cannot be told apart from upside-down ones, the page is taken to stand upright or,
    at most, to lean.
    """
    if read is None:
        direction, clear = text_direction(look.letters)
        direction = 0.0 if clear < CLEAR or abs(direction) > 45 else direction
        marks, matrix = _level(look, direction)
        return Turn(direction, marks, matrix, None)
    upright = 0.0
    for direction in _directions(*text_direction(look.letters)):
        marks, matrix = _level(look, direction)
        upright = _vote(picture, marks, matrix, read)
        if abs(upright) >= TOLD:
            break
    lying = abs(direction) > 45 and TOLD <= abs(upright) < DOUBTLESS
    if lying or (abs(direction) <= 45 and -DOUBTLESS < upright <= -TURNED):
        other = direction - 90 if direction > 0 else direction + 90
        others, way = _level(look, other)
        vote = _vote(picture, others, way, read)
        if abs(vote) > abs(upright):
            direction, marks, matrix, upright = other, others, way, vote
    if abs(direction) > 45 and abs(upright) < TOLD:
        # Lines that run downwards and say nothing may be Chinese or Japanese columns.
        direction = 0.0
        marks, matrix = _level(look, direction)
        upright = max(0.0, upright)
    degrees = direction if upright > -TURNED else direction + 180
    degrees = (degrees + 180) % 360 - 180
    return Turn(degrees, marks, matrix, Step("orient", abs(upright), abs(degrees) > 45))


def _directions(direction: float, clear: float) -> tuple[float, ...]:
    """Directions to read lines along: where letters run together, both that are possible."""
    if clear >= CLEAR:
        return (direction,)
    level = (direction + 45) % 90 - 45
    return (level, level - 90 if level > 0 else level + 90)


def _level(look: Look, direction: float) -> tuple[Marks, Array]:
    """The marks of a picture turned so that lines in `direction` are level, and the way to it."""
    to_look = np.diag([look.scale, look.scale, 1.0])
    if abs(direction) <= SLIGHT:
        return find_marks(look.ink), to_look
    height, width = look.ink.shape
    turn = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), direction, 1.0), np.float64)
    cosine, sine = abs(turn[0, 0]), abs(turn[0, 1])
    size = (int(height * sine + width * cosine) + 1, int(height * cosine + width * sine) + 1)
    turn[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    grey = cv2.cvtColor(look.pixels, cv2.COLOR_RGB2GRAY)
    level = cv2.warpAffine(
        grey, turn, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    matrix = np.vstack([turn, (0, 0, 1)]) @ to_look
    return find_marks(find_ink(np.asarray(level, dtype=np.uint8))), matrix


def _vote(picture: Pixels, marks: Marks, matrix: Array, read: Read) -> float:
    """From -1 (upside down for certain) to 1 (upright), 0 where the lines do not tell."""
    lines = _well_chosen(marks)
    if not lines:
        return 0.0
    back = np.linalg.inv(matrix)
    quads = [Polygon(tuple((float(x), float(y)) for x, y in project(back, line))) for line in lines]
    first = read([cut_line(picture, quad, HEIGHT) for quad in quads[:FIRST]])
    sure = [reading for reading in first if reading.confidence > LEGIBLE]
    if len(sure) >= 2 and sum(len(reading.text) for reading in sure) >= 15:
        return float(np.mean([reading.confidence for reading in sure]))
    upright = [*first, *read([cut_line(picture, quad, HEIGHT) for quad in quads[FIRST:]])]
    turned = read([cut_line(picture, quad, HEIGHT, turns=2) for quad in quads])
    return weigh(upright, turned)


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


def _well_chosen(marks: Marks) -> list[Array]:
    """Quadrilaterals of lines long enough to tell, cut to a length that is quick, best first."""
    lines = []
    for quad in marks.lines:
        wide, high = float(np.hypot(*(quad[1] - quad[0]))), float(np.hypot(*(quad[3] - quad[0])))
        if wide >= 4 * high > 0 and high < 3.2 * marks.letter:
            enough = min(1.0, LENGTH * high / wide)
            cut = quad.copy()
            cut[1:3] = quad[[0, 3]] + enough * (quad[1:3] - quad[[0, 3]])
            lines.append((abs(np.log(wide / high / LENGTH)), cut))
    lines.sort(key=lambda line: line[0])
    return [quad for _, quad in lines[:MORE]]
