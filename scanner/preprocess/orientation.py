"""How a page is turned: the direction of its lines, and which way up they can be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scanner.images import Step
from scanner.preprocess.look import Look
from scanner.preprocess.marks import Array, Marks, find_ink, find_marks, text_direction
from scanner.preprocess.vote import Vote, Witness, ask
from scanner.rectification import project

Pixels = npt.NDArray[np.uint8]

CLEAR = 0.35
"""Below this a direction of lines is not believed."""

TOLD, TURNED = 0.5, 0.3
"""A vote from which lines that run downwards are believed, and lines that stand on their heads,
where nothing can be read without doubt."""

SLIGHT = 2.0
"""Degrees; lines that lean by no more are followed without turning the picture."""

FEWEST = 3
"""A direction shared by fewer lines may be chance."""

LONG, AHEAD = 2.0, 2.0
"""Outlines so many times as long as high have a direction; those of the direction of most must be
so many times as long, all together, as those across it."""

ALIGNED = 15.0
"""Degrees by which an outline may be off the way that most of them run."""


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


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """Lines taken to run in `direction`, the marks of the picture turned so that they are level,
    and the way to it."""

    direction: float
    marks: Marks
    matrix: Array


def find_turn(look: Look, witness: Witness | None) -> Turn:
    """How the page in a picture is turned.

    The direction of the lines comes from the letters' places; which way up they stand, from
    which way they can be read. Where nothing is read without doubt (specks taken for letters,
    short cells, an unknown script), the witness finds lines too, and how much more surely they
    or the rows of letters are read one way than the other decides. Where that says nothing, or
    without a witness, the page is taken to stand upright or, at most, to lean.
    """
    direction, clear = text_direction(look.letters)
    if witness is None:
        believed = clear >= CLEAR and abs(direction) <= 45
        return _turn(_level(look, direction if believed else 0.0), None)
    rows: list[Array] = []
    heard: list[tuple[float, Vote]] = []
    for way in (direction,) if clear >= CLEAR else _both_ways(direction):
        level = _level(look, way)
        lines = _lines_of(level)
        vote = _ask(look, lines, witness)
        if vote.legible:
            return _turn(level, vote)
        rows += lines
        heard.append((way, vote))
    found = _outlines(look, witness)
    outlines = found if len(found) >= FEWEST else rows
    main = _main_direction(outlines)
    if main is None:
        main = direction if clear >= CLEAR else 0.0
    votes = []
    for way in _both_ways(main):
        vote = _ask(look, _along(outlines, way), witness)
        if vote.legible:
            return _turn(_level(look, way), vote)
        alike = [other for at, other in heard if _apart(np.array(at), way) < ALIGNED]
        votes.append((way, max([vote, *alike], key=lambda heard: abs(heard.upright))))
    way, vote = _most_likely(votes)
    return _turn(_level(look, way), vote)


def _ask(look: Look, lines: Sequence[Array], witness: Witness) -> Vote:
    """The vote of lines of the picture, which are read in the copy that was looked at."""
    height, width = look.seen.shape[:2]
    factors = np.array([width / look.size[1], height / look.size[0]])
    return ask(look.seen, [line * factors for line in lines], witness)


def _both_ways(direction: float) -> tuple[float, float]:
    """A direction and the one across it."""
    return direction, direction - 90 if direction > 0 else direction + 90


def _most_likely(votes: Sequence[tuple[float, Vote]]) -> tuple[float, Vote]:
    """Which of two directions, the likelier first, to believe where neither can be read."""
    (way, vote), (across, other) = votes
    if abs(way) > 45 and abs(vote.upright) < max(TOLD, abs(other.upright)):
        # Lines that run downwards and say nothing may be Chinese or Japanese columns.
        way, vote = across, other
    if abs(way) > SLIGHT and abs(vote.upright) < TOLD:
        return 0.0, Vote(0.0)
    return way, vote


def _turn(level: _Level, vote: Vote | None) -> Turn:
    degrees = level.direction + _slope(level.marks)
    if vote is None:
        return Turn(degrees, level.marks, level.matrix, None)
    if vote.upright <= -TURNED:
        degrees += 180
    degrees = (degrees + 180) % 360 - 180
    step = Step("orient", abs(vote.upright), abs(degrees) > 45)
    return Turn(degrees, level.marks, level.matrix, step)


def _slope(marks: Marks) -> float:
    """By how many degrees most rows still run downwards, the longest ones counting most."""
    ends = np.array([row[-1] - row[0] for row in marks.rows]).reshape(-1, 2)
    if len(ends) < FEWEST:
        return 0.0
    slopes, lengths = np.degrees(np.arctan2(ends[:, 1], ends[:, 0])), np.hypot(*ends.T)
    order = np.argsort(slopes)
    half = np.searchsorted(np.cumsum(lengths[order]), lengths.sum() / 2)
    return float(slopes[order][half])


def _level(look: Look, direction: float) -> _Level:
    """The picture turned so that lines in `direction` are level."""
    to_look = np.diag([look.scale, look.scale, 1.0])
    if abs(direction) <= SLIGHT:
        return _Level(0.0, find_marks(look.ink, look.everywhere), to_look)
    height, width = look.ink.shape
    turn = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), direction, 1.0), np.float64)
    cosine, sine = abs(turn[0, 0]), abs(turn[0, 1])
    size = (int(height * sine + width * cosine) + 1, int(height * cosine + width * sine) + 1)
    turn[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    level = cv2.warpAffine(
        look.grey, turn, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    matrix = np.vstack([turn, (0, 0, 1)]) @ to_look
    return _Level(direction, find_marks(find_ink(np.asarray(level, dtype=np.uint8))), matrix)


def _lines_of(level: _Level) -> list[Array]:
    """Quadrilaterals of the picture around the rows of letters that are not much too high."""
    back = np.linalg.inv(level.matrix)
    return [
        project(back, quad)
        for quad in level.marks.lines
        if np.hypot(*(quad[3] - quad[0])) < 3.2 * level.marks.letter
    ]


def _outlines(look: Look, witness: Witness) -> list[Array]:
    """Lines that the witness finds, quadrilaterals of the picture beginning with a long side."""
    lines = []
    for outline in witness.find_lines(look.pixels):
        quad = np.array(outline.points, dtype=np.float64) / look.scale
        wide, high = np.hypot(*(quad[1] - quad[0])), np.hypot(*(quad[2] - quad[1]))
        lines.append(quad if wide >= high else np.roll(quad, -1, axis=0))
    return lines


def _direction(line: Array) -> float:
    along = line[1] - line[0]
    return (float(np.degrees(np.arctan2(along[1], along[0]))) + 90) % 180 - 90


def _main_direction(lines: Sequence[Array]) -> float | None:
    """The direction of most lines that have one, -90 to 90 degrees, if there is one."""
    long = [line for line in lines if np.hypot(*(line[1] - line[0])) > LONG * _height(line)]
    if len(long) < FEWEST:
        return None
    angles = np.array([_direction(line) for line in long])
    lengths = np.array([np.hypot(*(line[1] - line[0])) for line in long])
    along = [lengths[_apart(angles, angle) < ALIGNED].sum() for angle in angles]
    angle = angles[int(np.argmax(along))]
    if max(along) < AHEAD * lengths[_apart(angles, angle + 90) < ALIGNED].sum():
        return None
    off = (angles - angle + 90) % 180 - 90
    return float((angle + np.median(off[np.abs(off) < ALIGNED]) + 90) % 180 - 90)


def _along(lines: Sequence[Array], way: float) -> list[Array]:
    """The lines that run in a direction, -90 to 90 degrees, beginning where that begins."""
    axis = np.array([np.cos(np.radians(way)), np.sin(np.radians(way))])
    return [
        line if (line[1] - line[0]) @ axis > 0 else np.roll(line, 2, axis=0)
        for line in lines
        if _apart(np.array(_direction(line)), way) < ALIGNED
    ]


def _apart(angles: Array, angle: float) -> Array:
    """Degrees between directions, 0 to 90."""
    return np.asarray(np.abs((angles - angle + 90) % 180 - 90))


def _height(line: Array) -> float:
    return float(np.hypot(*(line[2] - line[1])))
