"""Edges of a table's rows: its horizontal rulings, and where its text begins a new row."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np

from table_restore.bands import Bands
from table_restore.geometry import Box
from table_restore.heads import Head
from table_restore.rows import Filled, in_rhythm, row_context, split_votes
from table_restore.text_rows import TextRow
from table_restore.tokens import Token
from table_restore.tracks import Track

_END = 3.0  # votes for a new row where an upright ruling ends
_WHOLE = 0.8  # the share of a column's width that a ruling covers where it parts its rows
_BESIDE = 0.95  # lines closer than so many text heights stand beside one another
_INSET = 4.0  # names of a table's rows begin within so many text heights
_MIDDLE = 1.0  # by so many text heights may the middle of a section's heading be off the table's
_CLOSE = 1.7  # lines of one text are at most so many text heights apart
_HEADING = 4.0  # votes for a new row before and after a section's heading


def row_edges(
    rows: Sequence[TextRow],
    horizontals: Sequence[Track],
    verticals: Sequence[Track],
    bands: Bands,
    xs: Sequence[float],
    box: Box,
    head: Head | None,
    text_height: float,
) -> list[float]:
    """Edges of the rows: every horizontal ruling, and where the text begins a new row.

    Those of a `head` that is solved stand as they are.
    """
    inner = [
        t.position
        for t in horizontals
        if box.top + 0.5 * text_height < t.position < box.bottom - 0.5 * text_height
    ]
    filled = [_filled(row, xs, text_height) for row in rows]
    headings = {id(row) for row in spanning_rows(rows, xs, text_height)}
    apart = sum(bands.index(a.middle) != bands.index(b.middle) for a, b in pairwise(rows))
    share = max(0, apart - 1) / max(1, len(rows) - 2)  # the rule below a header tells nothing
    context = row_context(filled, text_height)
    stacked = _stacked(rows, filled, bands)
    uprights = [t for t in verticals if any(abs(t.position - x) < 1 for x in xs[1:-1])]
    lines = Counter(bands.index(r.middle) for r in rows)
    pairs: list[_Pair] = []
    regular = _regular(rows, filled, inner, text_height)
    for i, j in pairwise(regular):
        a, b = rows[i], rows[j]
        if any(a.middle <= y <= b.middle for y in inner) or (head and a.middle < head.bottom):
            continue
        single = bands.single(a.middle) is not None and bands.index(a.middle) not in stacked
        open_end = bands.index(a.middle) in bands.open_ends
        ruled = 1.0 if single else 0.0 if open_end else share
        few = lines[bands.index(a.middle)] <= 3
        if few and any(t.covers(a.middle, b.middle) > 0.9 for t in uprights):
            ruled = max(ruled, 0.5)  # few lines between rulings on all sides
        ends = _ends_between(verticals, a.box.bottom, b.box.top, text_height)
        reach = (
            rows[i - 1].middle if i else box.top,
            rows[j + 1].middle if j + 1 < len(rows) else box.bottom,
        )
        passing = _passing(a, b, reach, horizontals, verticals, xs)
        above, below = filled[i].without(passing), filled[j].without(passing)
        silent = not above.columns or not below.columns
        if silent:
            above, below = filled[i], filled[j]
        above_foot = len(bands.edges) > 2 and bands.index(b.middle) == 0
        votes = split_votes(above, below, context, ruled, above_foot) + _END * bool(ends)
        if id(a) in headings or id(b) in headings:
            votes += _HEADING
        between = ends or [rows[k].middle for k in range(i + 1, j)]
        place = float(np.mean(between)) if between else (above.bottom + below.top) / 2
        pairs.append(_Pair(i, j, place, votes, b.middle - a.middle, single, silent))
    # What rulings make one row has no rhythm: its lines say all that there is to be said.
    free = [p for p in pairs if not (p.ruled or p.silent)]
    parted = in_rhythm([p.votes for p in free], [p.pitch for p in free], text_height)
    chosen = {p.above for p in pairs if p.ruled and not p.silent and p.votes > 0}
    chosen |= {p.above for p, vote in zip(free, parted, strict=True) if vote > 0}
    chosen |= _between_numbers(pairs, chosen, filled)
    places = [*inner, *(p.place for p in pairs if p.above in chosen)]
    if head:
        places += [y for y in head.edges if not _ruled(y, inner, rows, text_height)]
    return [box.top, *sorted(places), box.bottom]


def _ruled(
    place: float, ruled: Sequence[float], rows: Sequence[TextRow], text_height: float
) -> bool:
    """Whether a ruling lies where rows part: close by, or between the same lines of text."""
    if any(abs(y - place) < 0.5 * text_height for y in ruled):
        return True
    above = max((r.middle for r in rows if r.middle < place), default=0.0)
    below = min((r.middle for r in rows if r.middle > place), default=place)
    return any(above < y < below for y in ruled)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two lines of text with no ruling between: where they would part, and the votes for it.

    `above` and `below` are the lines' indices. `ruled` says that they stand in a band which
    rulings make one row, `silent` that one holds nothing but texts of cells that reach further.
    """

    above: int
    below: int
    place: float
    votes: float
    pitch: float
    ruled: bool
    silent: bool


def _between_numbers(
    pairs: Sequence[_Pair], chosen: set[int], filled: Sequence[Filled]
) -> set[int]:
    """The pairs, by their line above, that have to part two numbers of one column as well.

    A name between two lines of numbers may go with either, but does not make them one row.
    """
    parting = set()
    run: list[_Pair] = []  # since the last line with numbers
    for pair in pairs:
        if run and run[-1].below != pair.above:
            run = []
        run.append(pair)
        if not _numbers(filled[pair.below]):
            continue
        first = _numbers(filled[run[0].above])
        together = not any(p.above in chosen for p in run)
        if len(run) > 1 and together and first & _numbers(filled[pair.below]):
            parting.add(max(run, key=lambda p: p.votes).above)
        run = []
    return parting


def _numbers(line: Filled) -> set[int]:
    """The columns in which a line has numbers."""
    return {c for c in line.columns if line.numeric(c)}


def _stacked(rows: Sequence[TextRow], filled: Sequence[Filled], bands: Bands) -> set[int]:
    """Bands with three numbers or more below one another: rows of amounts, not one row."""
    pairs: Counter[int] = Counter()
    for (a, f), (b, g) in pairwise(zip(rows, filled, strict=True)):
        band = bands.index(a.middle)
        if band == bands.index(b.middle):
            both = set(f.columns) & set(g.columns)
            pairs[band] += any(f.numeric(c) and g.numeric(c) for c in both)
    return {band for band, count in pairs.items() if count >= 2}


def _regular(
    rows: Sequence[TextRow], filled: Sequence[Filled], ruled: Sequence[float], text_height: float
) -> list[int]:
    """The rows, by index, without those that stand between two others of one pitch.

    Such a line is centered beside two lines or two rows of its neighbours; it shares no
    column with either, and says nothing of where rows part. Nor does a line of a text that
    goes on beside the next row, before that row's own line.
    """
    steps = [
        b.middle - a.middle
        for (a, f), (b, g) in pairwise(zip(rows, filled, strict=True))
        if set(f.columns) & set(g.columns)
    ]
    pitch = max(text_height, median(steps) if steps else 0.0)
    kept: list[int] = []
    for i in range(len(rows)):
        if 0 < i < len(rows) - 1 and kept and kept[-1] == i - 1:
            above, below = rows[i - 1], rows[i + 1]
            own = set(filled[i].columns)
            before, after = set(filled[i - 1].columns), set(filled[i + 1].columns)
            if (
                len(own) == 1
                and own < before
                and not own & after
                and len(before & after) >= 2
                and below.middle - rows[i].middle < _BESIDE * text_height
                and not any(above.middle < y < below.middle for y in ruled)
            ):
                continue
            if (
                not own & (before | after)
                and below.middle - above.middle <= min(1.3 * pitch, 2 * _BESIDE * text_height)
                and not any(above.middle < y < below.middle for y in ruled)
                and before & after
            ):
                continue
        kept.append(i)
    return kept


def _ends_between(
    verticals: Sequence[Track], top: float, bottom: float, text_height: float
) -> list[float]:
    """Where upright rulings begin or end between two lines of text."""
    reach = 0.3 * text_height
    places = (end for track in verticals for stretch in track.ruled for end in stretch)
    return [y for y in places if top - reach < y < bottom + reach]


def _passing(
    above: TextRow,
    below: TextRow,
    reach: tuple[float, float],
    horizontals: Sequence[Track],
    verticals: Sequence[Track],
    xs: Sequence[float],
) -> set[int]:
    """Columns in which a cell reaches over the ruling next above or below two lines.

    Its text stands in the middle of several rows and says nothing of any one of them. Where
    nothing is ruled down the page, only a ruling within `reach`, the next lines' middles, tells.
    """
    up = [t for t in horizontals if t.position < above.middle][-1:]
    down = [t for t in horizontals if t.position > below.middle][:1]
    passing = set()
    for track in up + down:
        if all(track.covers(left, right) < _WHOLE for left, right in pairwise(xs)):
            continue
        y = track.position
        walls = [v.position for v in verticals if v.covers(y - 1, y + 1) > 0.5]
        if not walls and not reach[0] < y < reach[1]:
            continue
        for c, (left, right) in enumerate(pairwise(xs)):
            # The cell may span columns: its sides are the nearest rulings at this height.
            lower = max((x for x in (xs[0], *walls) if x < left + 1), default=left)
            upper = min((x for x in (xs[-1], *walls) if x > right - 1), default=right)
            lower, upper = (lower, upper) if walls else (left, right)
            if track.covers(lower, upper) < 0.4:
                passing.add(c)
    return passing


def _filled(row: TextRow, xs: Sequence[float], text_height: float) -> Filled:
    columns: dict[int, list[Token]] = {}
    for token in row.tokens:
        column = bisect_left(xs, token.box.center[0], 1, len(xs) - 1) - 1
        columns.setdefault(column, []).append(token)
    return Filled(
        {c: tuple(parts) for c, parts in columns.items()}, *_crossings(row, xs, text_height)
    )


def _crossings(row: TextRow, xs: Sequence[float], text_height: float) -> tuple[int, int]:
    """How many phrases a line has, and how many of them cross an edge between columns."""
    phrases = row.phrases(0.6 * text_height)
    reach = 0.3 * text_height
    crossing = 0
    for run in phrases:
        left, right = run[0].box.left + reach, max(t.box.right for t in run) - reach
        crossing += any(left < x < right for x in xs[1:-1])
    return len(phrases), crossing


def spanning_rows(
    rows: Sequence[TextRow], xs: Sequence[float], text_height: float
) -> list[TextRow]:
    """Rows of one phrase that stands over several columns: headings of sections.

    It crosses an edge, or is centered in the table but not in line with its own column; in the
    first one it also begins farther in than names below others do.
    """
    spanning = []
    inset = min((row.box.left for row in rows), default=0.0) + _INSET * text_height
    middle = (xs[0] + xs[-1]) / 2
    near = _MIDDLE * text_height
    for row in rows:
        phrases, crossing = _crossings(row, xs, text_height)
        box = row.box
        if phrases != 1 or len(xs) < 4:
            continue
        inside = box.left > min(xs[1] - near, inset)
        centered = abs(box.center[0] - middle) < near and inside
        if (crossing and (centered or box.left < xs[1])) or (
            centered and not _aligned(row, rows, xs, text_height)
        ):
            spanning.append(row)
    return spanning


def _aligned(
    row: TextRow, rows: Sequence[TextRow], xs: Sequence[float], text_height: float
) -> bool:
    """Whether a lone phrase is in line with most of its column's other texts, or a close one.

    Words are not in line with numbers, however they stand.
    """
    near, close = 0.4 * text_height, _CLOSE * text_height
    box, numeric = row.box, _numeric(row.tokens)
    column = bisect_left(xs, box.center[0], 1, len(xs) - 1) - 1
    total = 0
    counts = [0, 0, 0]
    for other in rows:
        parts = [t for t in other.tokens if xs[column] < t.box.center[0] < xs[column + 1]]
        if other is row or not parts:
            continue
        total += 1
        if _numeric(parts) != numeric:
            continue
        around = Box.around(t.box for t in parts)
        sides = (
            (box.left, around.left),
            (box.right, around.right),
            (box.center[0], around.center[0]),
        )
        flush = [abs(a - b) < near for a, b in sides]
        if any(flush) and abs(other.middle - row.middle) < close:
            return True
        counts = [count + met for count, met in zip(counts, flush, strict=True)]
    return max(counts) > 0.5 * total


def _numeric(tokens: Sequence[Token]) -> bool:
    return all(t.numeric for t in tokens)
