"""What workers ask the process that has the device, and what it answers; it brings no PyTorch.

Pictures and files do not travel with these: they lie in the caller's slot of shared memory. Who
asks about something that it has writes it there when it is told the number of its slot; what an
answer shows lies there until the next request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import Enum
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from scanner.plate import Edges
from scanner.rectification import Rectification
from scanner.words.ctc import Decoded

Shape = tuple[int, ...]


class Network(Enum):
    """Which of the two networks is asked."""

    FINDER = "finder"
    READER = "reader"


@dataclass(frozen=True, slots=True)
class Question:
    """Pictures of these shapes are to be looked at."""

    network: Network
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class OpenFile:
    """The JPEG of so many bytes is the page from now on; answered by `Opened`."""

    length: int


@dataclass(frozen=True, slots=True)
class OpenPixels:
    """The picture of this shape, RGB or grey, is the page; answered by `Opened`."""

    shape: Shape


@dataclass(frozen=True, slots=True, eq=False)
class Resample:
    """What a rectification leads to is a page too, of a size; answered by `Opened`.

    A slot has two places: it takes the place of what the other one was resampled from before.
    """

    place: int
    way: Rectification
    size: tuple[int, int]
    paper: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Find:
    """Where text is on a page when it is scaled; answered by rectangles in scaled pixels."""

    place: int
    scale: float


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a page, scaled, or all of it as it is; answered by the shape."""

    place: int
    edges: Edges | None = None
    scale: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """What lines of a page say, `[n, 4, 2]`; answered by `Lines`."""

    place: int
    quads: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Close:
    """The page is no longer needed; not answered."""


Request = Question | OpenFile | OpenPixels | Resample | Find | Part | Read | Close


@dataclass(frozen=True, slots=True)
class Opened:
    """The page's size and its place; its small copy, of that shape, is in the slot."""

    place: int
    size: tuple[int, int]
    small: Shape


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """What lines say, and their pictures in the slot: 48 rows, grey, those of a room together.

    `pictures` has the room of each such group and which lines are in it. `text` is what the lines
    say that were read (`read`), one after the other in few arrays.
    """

    pictures: tuple[tuple[int, tuple[int, ...]], ...]
    read: tuple[int, ...]
    text: tuple[npt.NDArray[Any], ...]
    counts: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why there is no answer."""

    message: str


def pack_lines(lines: Sequence[Decoded]) -> tuple[tuple[npt.NDArray[Any], ...], Any]:
    """Each field of lines one after the other, and how long those of each line are, `[n, 2]`."""
    columns = [[getattr(line, field.name) for line in lines] for field in fields(Decoded)]
    counts = np.array([(len(line.kinds), len(line.doubtful_steps)) for line in lines])
    text = tuple(np.concatenate(column) if column else np.zeros(0) for column in columns)
    return text, counts.reshape(-1, 2)


def unpack_lines(text: Sequence[npt.NDArray[Any]], counts: npt.NDArray[np.int64]) -> list[Decoded]:
    """What `pack_lines` packed."""
    ends = np.concatenate([np.zeros((1, 2), np.int64), counts.cumsum(axis=0)])
    certain, doubtful = (list(pairwise(column)) for column in ends.T.tolist())
    return [
        Decoded(
            *(column[first:last] for column in text[:4]),
            *(column[begin:end] for column in text[4:]),
        )
        for (first, last), (begin, end) in zip(certain, doubtful, strict=True)
    ]
