"""Lines that are strokes of letters, or run along their tops or feet, and not rulings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from table_restore.geometry import Edges
from table_restore.ruling import Ruling

HALO = 0.15  # blurred letters darken the paper around their boxes by so many text heights
_WHOLE = 0.95  # the share of its length that is there in a line without breaks
_GAP = 0.5  # a gap between words, in text heights, that an unbroken line bridges
_STROKE = 2.0  # shorter lines beside words, in text heights, are letters' strokes


def without_letters(rulings: Sequence[Ruling], boxes: Edges, em: float) -> list[Ruling]:
    """Drop lines that lie inside words: strokes of large letters, dashes, struck-out text.

    `boxes` are those of the words.
    """
    if not len(boxes):
        return list(rulings)
    kept = []
    for r in rulings:
        along, across = ((0, 2), (1, 3)) if r.horizontal else ((1, 3), (0, 2))
        # A line may touch the words' boxes, a long one even cut into loose ones; the edge of a
        # shade keeps away from words.
        whole = r.horizontal and r.length > 8 * em and r.strength > 0.97
        margin = ((0.2 if whole else 0.08) if r.drawn else -0.3) * em
        if r.length < _STROKE * em:
            margin = min(margin, -HALO * em)
        inner = (boxes[:, across[0]] + margin < r.position) & (
            r.position < boxes[:, across[1]] - margin
        )
        # A word painted over in a wrong shade leaves short edges around it.
        reach = (0.1 if r.drawn or r.length > 3 * em else 0.35) * em
        covered, bare = _cover(r, boxes[inner][:, along] + (-reach, reach))
        inside = covered >= (0.6 if r.drawn else 0.8) * r.length
        if inside and r.horizontal and r.drawn and r.strength > _WHOLE and bare > _GAP * em:
            quarter = 0.25 * (boxes[inner, 3] - boxes[inner, 1])
            core = (boxes[inner, 1] + quarter < r.position) & (
                r.position < boxes[inner, 3] - quarter
            )
            inside = bool(core.mean() > 0.5)  # else ink that goes on between words is no letter's
        if not inside and not _hugs(r, boxes, em):
            kept.append(r)
    return kept


def _cover(line: Ruling, stretches: npt.NDArray[np.float64]) -> tuple[float, float]:
    """How much of a line stretches [n, 2] cover, and the longest part that is bare."""
    covered = bare = 0.0
    reached = line.start
    if not len(stretches):
        return covered, line.length
    for start, end in stretches[np.argsort(stretches[:, 0])].tolist():
        bare = max(bare, min(start, line.end) - reached)
        covered += max(0.0, min(end, line.end) - max(start, reached))
        reached = max(reached, end)
    return covered, max(bare, line.end - reached)


def _hugs(r: Ruling, boxes: npt.NDArray[np.float64], em: float) -> bool:
    """Whether a level line is no longer than words whose letters' tops or feet it lies on.

    An unbroken one that goes on between the words does not consist of letters.
    """
    if not r.horizontal or not r.drawn:
        return False
    margin = 0.15 * em
    top, bottom = boxes[:, 1], boxes[:, 3]
    middle = (top + bottom) / 2
    for near in (
        (top - margin < r.position) & (r.position < middle),
        (middle <= r.position) & (r.position < bottom + margin),
    ):
        covered, bare = _cover(r, boxes[near][:, (0, 2)])
        if covered >= 0.85 * r.length and (r.strength <= _WHOLE or bare <= _GAP * em):
            return True
    return False


def cuts_letters(line: Ruling, characters: Edges, em: float) -> bool:
    """Whether an upright line goes through letters in several lines of text.

    It is made of stems that stand one above the other where lines begin alike, with breaks
    between the lines.
    """
    if line.strength > _WHOLE and line.length > 3 * em:
        return False
    left, top, right, bottom = characters.T
    common = np.minimum(bottom, line.end) - np.maximum(top, line.start)
    on_it = (left - 0.02 * em <= line.position) & (line.position <= right + 0.02 * em)
    cut = common[on_it & (common > 0)]
    return len(cut) >= 2 and float(cut.sum()) >= 0.3 * line.length
