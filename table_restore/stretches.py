"""Rulings looked at once more, stretch by stretch, from one crossing to the next.

What a line is drawn with is known by then: letters that stand where it would go on are told from
it, and where letters touch it, or hide its dashes, it is followed on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from table_restore.geometry import Box
from table_restore.ruling import Ruling

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

_REACH = 0.6  # a line may end so many text heights before one that it meets
_LEAST = 0.5  # stretches shorter than this are no cell's side
_ROOM = 0.4  # so many text heights beside words tell whether a line is there
_BARE = 0.25  # the share of them with ink at most where it is not
_SOLID = 0.3  # the longest gap, in text heights, in a line drawn whole
_LEAN = 0.008  # the share of its length that a line may be off its middle at its ends
_MARGIN = 0.08  # words' boxes are so many text heights too large
_LIKE = 0.8  # the share of ink, and of thin ink, that a line goes on with
_APART = 0.2  # so many text heights above or below a line is none of its ink


@dataclass(frozen=True, slots=True)
class _Pen:
    """What a ruling is drawn with: the share of it that is ink, and the longest gap to expect."""

    share: float
    gap: float


@dataclass(frozen=True, slots=True)
class _Bands:
    """Where along a ruling there is ink on each of the rows beside its place."""

    there: Bools  # [rows, along]
    counts: npt.NDArray[np.int32]  # [rows, along + 1]: the ink on each row up to a place
    first: int  # the column that they start at

    @classmethod
    def of(cls, r: Ruling, sheet: npt.NDArray[np.uint8]) -> _Bands:
        """One look at the ink for all stretches of a ruling."""
        columns = _columns(r.start, r.end)
        there = _banded(r, sheet, columns)
        counts = np.zeros((len(there), there.shape[1] + 1), np.int32)
        np.cumsum(there, axis=1, out=counts[:, 1:])
        return cls(there, counts, columns.start)

    def fullest(self, start: float, end: float) -> Bools:
        """Where along a stretch there is ink, on the row that has most of it there."""
        columns = _columns(start, end)
        most = self.there.shape[1]
        low, high = (min(max(0, x - self.first), most) for x in (columns.start, columns.stop))
        best = int(np.argmax(self.counts[:, high] - self.counts[:, low]))
        return self.there[best, low:high]


def by_stretches(
    rulings: Sequence[Ruling], ink: npt.NDArray[np.uint8], words: Sequence[Box], em: float
) -> list[Ruling]:
    """The rulings without stretches that only letters fill, and with those that they hid.

    `ink` [h, w] is where the page is dark, `words` are the boxes of its words, `em` the height
    of its text.
    """
    boxes = np.array([(w.left, w.top, w.right, w.bottom) for w in words]).reshape(-1, 4)
    found = [r for r in rulings if not r.drawn]
    for r in rulings:
        if r.drawn:
            sheet = ink if r.horizontal else ink.T
            along, across = (boxes[:, 0::2], boxes[:, 1::2])
            if not r.horizontal:
                along, across = across, along
            margin, half = _MARGIN * em, r.thickness / 2
            low, high = across[:, 0] + margin, across[:, 1] - margin
            hit = (low < r.position + half) & (r.position - half < high)
            found += _followed(r, sheet, along[hit], rulings, em)
    return found


def _followed(
    r: Ruling,
    sheet: npt.NDArray[np.uint8],
    words: Floats,
    rulings: Sequence[Ruling],
    em: float,
) -> list[Ruling]:
    """What is left of a ruling; `words` [n, 2] are the stretches of it that words lie over."""
    stretches = list(pairwise(_crossings(r, rulings, em)))
    hidden = [_hidden(words, a + s, b - t, em) for (a, s), (b, t) in stretches]
    bands = _Bands.of(r, sheet)
    open_to_see = [
        bands.fullest(a, b) for ((a, _), (b, _)), h in zip(stretches, hidden, strict=True) if not h
    ]
    pen = _pen(open_to_see or [bands.fullest(r.start, r.end)], em)
    pieces: list[tuple[float, float]] = []
    for ((a, s), (b, t)), h in zip(stretches, hidden, strict=True):
        loose = any(not met and _inside(words, end) for end, met in ((a, s), (b, t)))
        room = 1.0 if loose else _ROOM * em
        there = bands.fullest(a + s, b - t)
        if h and _only_letters(there, words - (a + s), pen, room):
            continue
        if b - t - a - s >= _LEAST * em and there.mean() < _BARE * pen.share:
            continue  # the pen was lifted between two crossings
        if pieces and a <= pieces[-1][1]:
            pieces[-1] = pieces[-1][0], b
        else:
            pieces.append((a, b))
    kept = [replace(r, start=a, end=b) for a, b in pieces if b - a >= _LEAST * em]
    return [_grown(piece, sheet, rulings, pen, em) for piece in kept]


def _crossings(r: Ruling, rulings: Sequence[Ruling], em: float) -> list[tuple[float, float]]:
    """Where others meet a ruling, with half of their thickness; and its ends."""
    met = [
        (o.position, o.thickness / 2)
        for o in _across(r, rulings, em)
        if r.start < o.position < r.end
    ]
    return sorted([(r.start, 0.0), *met, (r.end, 0.0)])


def _across(r: Ruling, rulings: Sequence[Ruling], em: float) -> list[Ruling]:
    """The rulings that a ruling meets, however long it is."""
    reach = _REACH * em
    return [
        o
        for o in rulings
        if o.horizontal != r.horizontal and o.start - reach <= r.position <= o.end + reach
    ]


def _hidden(words: Floats, start: float, end: float, em: float) -> bool:
    """Whether words lie over a stretch that is long enough for a cell's side."""
    common = np.minimum(words[:, 1], end) - np.maximum(words[:, 0], start)
    return end - start >= _LEAST * em and bool((common > _SOLID * em).any())


def _inside(words: Floats, place: float) -> bool:
    """Whether a place on a line lies within a word: a line that ends there ends in its letters."""
    return bool(((words[:, 0] < place) & (place < words[:, 1])).any())


def _only_letters(there: Bools, words: Floats, pen: _Pen, room: float) -> bool:
    """Whether a line's ink is that of `words`: none beside them, or a gap that it has nowhere.

    Less than `room` pixels beside them tell nothing.
    """
    beside = np.ones(len(there), np.bool_)
    for start, end in words:
        beside[max(0, int(start)) : max(0, int(np.ceil(end)))] = False
    bare = beside.sum() >= room and there[beside].mean() < _BARE
    return bool(bare) or max(_gaps(there), default=0) > pen.gap


def _grown(
    r: Ruling,
    sheet: npt.NDArray[np.uint8],
    rulings: Sequence[Ruling],
    pen: _Pen,
    em: float,
) -> Ruling:
    """The ruling, longer where its ink goes on to the next line across or to where others end."""
    if r.length < 2 * em:
        return r
    reach = _REACH * em
    beside = [o for o in rulings if o.drawn and o.horizontal == r.horizontal]
    across = [o.position for o in _across(r, rulings, em)]
    for forwards in (False, True):
        targets = sorted(across + [o.end if forwards else o.start for o in beside])
        for target in targets if forwards else reversed(targets):
            end = r.end if forwards else r.start
            if (target - end if forwards else end - target) <= reach:
                continue
            low, high = sorted((end, target))
            there, beside_it = _there_and_beside(r, sheet, low, high, _APART * em)
            thin = there & ~beside_it
            if max(_gaps(there), default=0) > pen.gap or thin.mean() < _LIKE * pen.share:
                break
            r = replace(r, end=target) if forwards else replace(r, start=target)
    return r


def _pen(stretches: Sequence[Bools], em: float) -> _Pen:
    """What a line is drawn with, by stretches of it that no word lies over."""
    gaps = [g for there in stretches for g in _gaps(there)]
    share = float(np.concatenate(stretches).mean()) if sum(map(len, stretches)) else 1.0
    dashed = share < 0.9 and gaps
    usual = 1.3 * float(np.percentile(gaps, 90)) + 2 if dashed else 0.0
    return _Pen(share, max(_SOLID * em, usual))


def _there_and_beside(
    r: Ruling, sheet: npt.NDArray[np.uint8], start: float, end: float, reach: float
) -> tuple[Bools, Bools]:
    """Where beyond a ruling there is ink on its fullest row, and where so far above or below it."""
    columns = _columns(start, end)
    bands = _banded(r, sheet, columns)
    best = int(np.argmax(np.count_nonzero(bands, axis=1)))
    row = int(r.position) - _lean(r) + best
    far = _half(r) + max(2, int(reach))
    above, below = max(0, row - far), min(len(sheet) - 1, row + far)
    return bands[best], (sheet[above, columns] | sheet[below, columns]) > 0


def _banded(r: Ruling, sheet: npt.NDArray[np.uint8], columns: slice) -> Bools:
    """[rows, along]: where there is ink within half a ruling's thickness of each row beside it."""
    lean, half = _lean(r), _half(r)
    top = int(r.position) - lean - half
    part = sheet[max(0, top) : max(0, int(r.position) + lean + half + 1), columns] > 0
    above = np.zeros((2 * (lean + half) + 2, part.shape[1]), np.int32)
    first = 1 + max(0, -top)  # rows above the page's edge have no ink, nor have those below
    np.cumsum(part, axis=0, out=above[first : first + len(part)])
    above[first + len(part) :] = above[first + len(part) - 1]
    return np.asarray(above[2 * half + 1 :] > above[: -2 * half - 1])


def _columns(start: float, end: float) -> slice:
    return slice(max(0, int(start)), max(0, int(np.ceil(end))))


def _lean(r: Ruling) -> int:
    """So many rows above or below its middle a line may be at its ends."""
    return int(np.ceil(_LEAN * r.length))


def _half(r: Ruling) -> int:
    return max(1, round(r.thickness / 2))


def _gaps(there: Bools) -> list[int]:
    """The lengths of all stretches without ink."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], (~there).astype(np.int8), [0]))))
    return [int(n) for n in edges[1::2] - edges[::2]]
