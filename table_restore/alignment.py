"""Columns from the alignment of words: gaps and rulings vote for every place across a table."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

import numpy as np
import numpy.typing as npt

from table_restore.bands import Bands
from table_restore.geometry import Box
from table_restore.text_rows import TextRow
from table_restore.tokens import Token
from table_restore.tracks import Track

_SPACE = 0.55  # a gap, in text heights, that is as likely between words as between columns
_WIDE_TYPE = 2.0  # gaps between typewritten words are narrower, in text heights
_FEW_GAPS = 5  # fewer gaps between words do not tell how wide they usually are
_RULING = 8.0  # votes of a ruling beside a line of text
_TOUCH = 0.3  # how far, in text heights, words' boxes reach over a ruling
_COVER = 1.5  # votes against a column's edge, of a word that lies across it
_LEAST_WEIGHT = 0.27  # what a word counts in a row of few phrases, which may span columns
_BLANK = 3.0  # a row that begins so far in, in text heights, leaves its first column empty
_EMPTY = 0.5  # and votes so for that column's edge
_ENOUGH = 1.7  # votes that make an edge
_NEEDED = 0.9  # votes of rows that need an edge beside its neighbour: those of one clear gap
_PROMINENCE = 1.9  # votes by which an edge stands out from what lies between it and the next


def usual_space(tokens: Sequence[Token], text_height: float) -> float:
    """The gap, in pixels, that is as likely between words as between columns of a page.

    It is wider where words stand wide apart, as in typescript.
    """
    return min(max(_widest(tokens, text_height), _SPACE * text_height), text_height)


def phrase_space(tokens: Sequence[Token], text_height: float) -> float:
    """The gap, in pixels, that parts two phrases of a page: a wider one in wide typescript."""
    return max(_widest(tokens, _WIDE_TYPE * text_height), text_height)


def _widest(tokens: Sequence[Token], limit: float) -> float:
    """The widest gap that words of a page have, by those up to a limit; 0 where they are few."""
    gaps = [
        b.box.left - a.box.right
        for a, b in pairwise(tokens)
        if a.line == b.line and a.text[-1:].isalpha() and b.text[:1].isalpha()
    ]
    between_words = [g for g in gaps if 0 < g < limit]
    return 1.4 * median(between_words) if len(between_words) >= _FEW_GAPS else 0.0


def column_edges(
    rows: Sequence[TextRow],
    tracks: Sequence[Track],
    bands: Bands,
    box: Box,
    space: float,
    text_height: float,
) -> list[float]:
    """The inner edges of the columns of a table, left to right.

    Every row of text votes at every place across the table: a gap for an edge there, the wider
    the more; a ruling beside the row strongly for it; a word against it. Lines of one ruled row
    vote as one. Edges are the peaks of the sum that stand out from what lies between them.
    A gap as wide as `space` is as likely between words as between columns.
    """
    inner = [t for t in tracks if box.left + text_height < t.position < box.right - text_height]
    cuts = {box.left, box.right}
    for row in rows:
        for token in row.tokens:
            cuts |= {token.box.left, token.box.right}
    sliver = 0.02 * text_height
    for track in inner:
        cuts |= {track.position - sliver, track.position + sliver}
    places = np.array(sorted(c for c in cuts if box.left <= c <= box.right))
    votes = np.zeros(len(places) - 1)
    middles = ((places[:-1] + places[1:]) / 2).tolist()
    phrases = [len(row.phrases(text_height)) for row in rows]
    together: dict[int, list[npt.NDArray[np.float64]]] = {}
    for index, (row, count) in enumerate(zip(rows, phrases, strict=True)):
        weight = max(_LEAST_WEIGHT, count / max(phrases))
        own = _row_votes(row, inner, middles, weight, space, text_height)
        band = bands.single(row.middle)
        together.setdefault(-1 - index if band is None else band, []).append(own)
    for lines in together.values():
        least, most = np.min(lines, axis=0), np.max(lines, axis=0)
        votes += np.where(least < 0, least, most)
    if not rows:
        votes += _RULING * np.array([_near(inner, x) for x in middles])
    ruled = [t.position for t in inner]
    edges = _parting(_peaks(votes, places, ruled), ruled, rows, space, text_height)
    return _with_content(edges, ruled, rows, box, space, text_height)


def _parting(
    edges: Sequence[float],
    ruled: Sequence[float],
    rows: Sequence[TextRow],
    space: float,
    text_height: float,
) -> list[float]:
    """The edges that rows need beside their neighbours; those that are ruled stay.

    Right of a ragged column every place is free in most rows: one gap makes one edge. A row needs
    an edge where a gap holds it and not its neighbour, or a lone phrase stands between the two.
    """
    gaps = []
    alone = []
    for row in map(_without_leaders, rows):
        wide = [(a, b) for a, b in row.gaps() if b - a > space]
        gaps += [(a, b, min(1.0, (b - a - space) / ((1 - _SPACE) * text_height))) for a, b in wide]
        alone += [] if wide else [row.box]
    kept = list(edges)

    def needed(x: float, other: float) -> float:
        low, high = sorted((x, other))
        return sum(share for a, b, share in gaps if a < x < b and not a < other < b) + sum(
            low < box.left and box.right < high for box in alone
        )

    while True:
        votes = {
            x: min((needed(x, y) for y in (*kept[:i][-1:], *kept[i + 1 : i + 2])), default=_NEEDED)
            for i, x in enumerate(kept)
            if x not in ruled
        }
        weakest = min(votes, key=lambda x: votes[x], default=None)
        if weakest is None or votes[weakest] >= _NEEDED:
            return kept
        kept.remove(weakest)


def _with_content(
    edges: Sequence[float],
    ruled: Sequence[float],
    rows: Sequence[TextRow],
    box: Box,
    space: float,
    text_height: float,
) -> list[float]:
    """The edges without those, not ruled, beside a column that holds no whole phrase.

    Nor do edges part the names of rows from their heading, which may stand right of them all.
    """
    phrases = [
        (run[0].box.left, max(t.box.right for t in run), row.middle)
        for row in rows
        for run in _without_leaders(row).phrases(space)
    ]
    reach = 0.3 * text_height
    kept = [box.left, *edges, box.right]
    if len(kept) > 3 and kept[1] not in ruled:
        names, heading = (
            [y for a, b, y in phrases if left - reach <= a and b <= right + reach]
            for left, right in pairwise(kept[:3])
        )
        if names and heading and max(heading) < min(names):
            del kept[1]
    index = 0
    while index < len(kept) - 1:
        left, right = kept[index], kept[index + 1]
        if any(left - reach <= a and b <= right + reach for a, b, _ in phrases):
            index += 1
            continue
        free = [x for x in (left, right) if x not in ruled and x not in (box.left, box.right)]
        if not free:
            index += 1
            continue
        kept.remove(free[0])
        index = max(0, index - 1)
    return kept[1:-1]


def _near(tracks: Sequence[Track], place: float) -> bool:
    return any(abs(t.position - place) < 1 for t in tracks)


def _row_votes(
    row: TextRow,
    tracks: Sequence[Track],
    middles: Sequence[float],
    weight: float,
    space: float,
    text_height: float,
) -> npt.NDArray[np.float64]:
    """A row's votes for an edge at each of `middles`, left to right."""
    votes = np.zeros(len(middles))
    beside = [t for t in tracks if t.covers(row.middle - 1, row.middle + 1) > 0.5]
    touch = _TOUCH * text_height
    for token in row.tokens:
        if token.leader and not beside:
            continue  # dots lead to the next column, or fill up one that is ruled
        votes[_between(middles, token.box.left, token.box.right)] = -_COVER * weight
    for left, right in row.gaps() if beside else _without_leaders(row).gaps():
        if any(left - touch < t.position < right + touch for t in beside):
            continue  # a ruling explains this gap, though a word's box may reach over it
        vote = (right - left - space) / ((1 - _SPACE) * text_height)
        votes[_between(middles, left, right)] = min(max(vote, -1), 1)
    start = row.tokens[0].box.left
    if not beside and start - middles[0] > _BLANK * text_height and len(row.gaps()) > 1:
        votes[: bisect_left(middles, start)] += _EMPTY  # values whose name stands in another row
    for track in beside:
        votes[np.abs(np.array(middles) - track.position) < 1] += _RULING
    return votes


def _between(places: Sequence[float], left: float, right: float) -> slice:
    """The places, in order, right of one and left of another."""
    return slice(bisect_right(places, left), bisect_left(places, right))


def _without_leaders(row: TextRow) -> TextRow:
    kept = tuple(t for t in row.tokens if not t.leader)
    return TextRow(kept) if 0 < len(kept) < len(row.tokens) else row


def _peaks(
    votes: npt.NDArray[np.float64], places: npt.NDArray[np.float64], ruled: Sequence[float]
) -> list[float]:
    """Places where the votes peak, the widest of equal ones first; every ruled place is one."""
    middles = (places[:-1] + places[1:]) / 2
    chosen = sorted(int(np.argmin(np.abs(middles - x))) for x in ruled)
    edges = list(ruled)
    for index in np.lexsort((-_widths(votes, places), -votes.round(3))):
        if votes[index] < _ENOUGH:
            break
        low, high = _plateau(votes, int(index))
        if any(low <= c <= high for c in chosen):
            continue
        left = max((c for c in chosen if c < index), default=None)
        right = min((c for c in chosen if c > index), default=None)
        dips = []
        if left is not None:
            dips.append(votes[left + 1 : index + 1].min())
        if right is not None:
            dips.append(votes[index:right].min())
        if dips and votes[index] - max(dips) < _PROMINENCE:
            continue
        chosen.append(int(index))
        edges.append(float((places[low] + places[high + 1]) / 2))
    return sorted(edges)


def _widths(
    votes: npt.NDArray[np.float64], places: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """How wide the stretch with the same votes is around each place."""
    starts = np.flatnonzero(np.r_[True, np.diff(votes.round(3)) != 0])
    ends = np.r_[starts[1:], len(votes)]
    return np.repeat(places[ends] - places[starts], ends - starts)


def _plateau(votes: npt.NDArray[np.float64], index: int) -> tuple[int, int]:
    """The stretch around an index with (almost) the same votes."""
    low = high = index
    while low > 0 and abs(votes[low - 1] - votes[index]) < 0.05:
        low -= 1
    while high + 1 < len(votes) and abs(votes[high + 1] - votes[index]) < 0.05:
        high += 1
    return low, high
