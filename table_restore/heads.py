"""A head of several levels solved as one: which headings stand over which columns.

Headings of groups are assigned to runs of columns so that no two of a level overlap and each is
centered over its run, or ends where the rule below it does. Lines drawn between the columns of a
head tell all that themselves; this is for heads without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from table_restore.geometry import Box
from table_restore.slots import place_among
from table_restore.text_rows import TextRow
from table_restore.tokens import is_year
from table_restore.tracks import Track

_WIDE = 0.9  # the share of a table's width that the rule below its head covers
_MOST = 12  # more lines are no head
_LEADING = 0.85  # lines of one heading have gaps of so many text heights at most,
_IN_LINE = 0.75  # and their middles or ends differ by less
_OFF = 1.25  # by so many text heights at most is a heading's middle off that of its columns
_COVERED = 0.3  # so much farther off, in text heights, may a heading be for each column more
_LEVEL = 0.35  # headings are centered on one height whose middles differ by less
_RISES = 0.3  # a heading that begins so far above the foot of another stands beside it


@dataclass(frozen=True, slots=True)
class Head:
    """A solved head: where its rows part, where it ends, and its headings with their columns."""

    edges: tuple[float, ...]
    bottom: float
    headings: tuple[tuple[Box, int, int], ...]
    """Around the text of each heading, and its first and last column."""


Span = tuple[int, int]


def find_head(
    rows: Sequence[TextRow],
    horizontals: Sequence[Track],
    verticals: Sequence[Track],
    xs: Sequence[float],
    space: float,
    text_height: float,
) -> Head | None:
    """The head of a table whose columns have the edges `xs`; None where it has one line,
    where lines part its columns, or where no assignment of its headings fits.

    Of one level are headings of one and of several lines that are centered on one height.
    """
    count = _lines(rows, horizontals, xs, text_height)
    if len(xs) < 4 or not 1 < count <= _MOST:
        return None
    top, bottom = rows[0].box.top, max(r.box.bottom for r in rows[:count])
    inner = [v for v in verticals if xs[0] + text_height < v.position < xs[-1] - text_height]
    if any(v.draws(top, bottom) > 0.2 for v in inner):
        return None
    blocks = _blocks(rows[:count], horizontals, space, text_height)
    leaves = _leaves(blocks, xs)
    if leaves is None:
        return None
    groups = [b for b in blocks if b not in leaves.values()]
    solved = _solve(groups, leaves, _inks(rows[count:], leaves, xs), xs, horizontals, text_height)
    if solved is None or not (groups or _is_level(list(leaves.values()), text_height)):
        return None
    edges = []
    for level in solved:
        feet = max(group.bottom for group, _ in level)
        under = [
            b
            for group, (first, last) in level
            for b in [*groups, *leaves.values()]
            if b.top > group.bottom - _RISES * text_height
            and xs[first] < b.center[0] < xs[last + 1]
        ]
        if under:
            edges.append((feet + min(b.top for b in under)) / 2)
    if count < len(rows):
        edges.append((bottom + rows[count].box.top) / 2)
    spans = [(group, *span) for level in solved for group, span in level]
    return Head(
        tuple(sorted(edges)), bottom, (*spans, *((leaf, c, c) for c, leaf in leaves.items()))
    )


def _is_level(headings: Sequence[Box], text_height: float) -> bool:
    """Whether headings of different heights are centered on one height."""
    heights = [b.height for b in headings]
    middles = [b.center[1] for b in headings]
    return (
        max(middles) - min(middles) < _LEVEL * text_height
        and max(heights) - min(heights) > _LEVEL * text_height
    )


def _lines(
    rows: Sequence[TextRow], horizontals: Sequence[Track], xs: Sequence[float], text_height: float
) -> int:
    """How many lines of text the head has: those above the rule below it, or above all values."""
    first = next((i for i, row in enumerate(rows) if _has_values(row, xs)), 0)
    wide = (t.position for t in horizontals if t.covers(xs[0], xs[-1]) > _WIDE)
    foot = next((y for y in wide if rows and y > rows[0].middle), None)
    ruled = sum(row.middle < foot for row in rows) if foot is not None else 0
    if 0 < ruled <= first:
        return ruled
    while first > 1:
        last = rows[first - 1]
        gap = last.box.top - rows[first - 2].box.bottom
        lone = len(last.phrases(text_height)) == 1
        if not lone or (last.box.left > xs[1] and gap < _LEADING * text_height):
            break
        first -= 1  # a heading within the body
    return first


def _has_values(row: TextRow, xs: Sequence[float]) -> bool:
    values = [t for t in row.tokens if t.box.left > xs[1] and t.numeric]
    return any(not is_year(t.text) for t in values)


def _blocks(
    rows: Sequence[TextRow], horizontals: Sequence[Track], space: float, text_height: float
) -> list[Box]:
    """The headings: lines of text in line below one another are one, unless a rule parts them."""
    lines = [[Box.around(t.box for t in run) for run in r.phrases(space)] for r in rows]
    blocks: list[tuple[Box, Box]] = []  # with its last line
    for line in lines:
        grown = []
        for box in line:
            over = [b for b in blocks if _overlap(b[1], box)]
            near = max(over, key=lambda b: b[1].bottom, default=None)
            if (
                near is not None
                and sum(_overlap(near[1], other) for other in line) == 1
                and sum(_overlap(b[1], box) and b[1].bottom > near[1].top for b in blocks) == 1
                and _goes_on(near[1], box, horizontals, text_height)
            ):
                blocks.remove(near)
                grown.append((near[0].union(box), box))
            else:
                grown.append((box, box))
        blocks += grown
    return [block for block, _ in blocks]


def _overlap(above: Box, below: Box) -> bool:
    return above.left < below.right and below.left < above.right


def _goes_on(above: Box, below: Box, horizontals: Sequence[Track], text_height: float) -> bool:
    """Whether a line is the next one of a heading."""
    in_line = min(
        abs(above.left - below.left),
        abs(above.right - below.right),
        abs(above.center[0] - below.center[0]),
    )
    ruled = any(
        above.center[1] < t.position < below.center[1] and t.covers(above.left, above.right) > 0.5
        for t in horizontals
    )
    gap = below.top - above.bottom
    return not ruled and gap < _LEADING * text_height and in_line < _IN_LINE * text_height


def _leaves(blocks: Sequence[Box], xs: Sequence[float]) -> dict[int, Box] | None:
    """The lowest heading of every column; only the first column may have none."""
    leaves: dict[int, Box] = {}
    for block in blocks:
        column = place_among(xs, block.center[0])
        if column not in leaves or leaves[column].bottom < block.bottom:
            leaves[column] = block
    columns = len(xs) - 1
    return leaves if set(leaves) >= set(range(1, columns)) else None


def _inks(body: Sequence[TextRow], leaves: dict[int, Box], xs: Sequence[float]) -> dict[int, Box]:
    """Around all texts of each column: its lowest heading and its values."""
    inks = dict(leaves)
    for row in body:
        for t in row.tokens:
            column = place_among(xs, t.box.center[0])
            if (
                column
                and column in inks
                and xs[column] < t.box.left
                and t.box.right < xs[column + 1]
            ):
                inks[column] = inks[column].union(t.box)
    return inks


def _solve(
    groups: Sequence[Box],
    leaves: dict[int, Box],
    inks: dict[int, Box],
    xs: Sequence[float],
    horizontals: Sequence[Track],
    text_height: float,
) -> list[list[tuple[Box, Span]]] | None:
    """The levels of groups, top to bottom, each with its headings' columns."""
    levels: list[list[Box]] = []
    for group in sorted(groups, key=lambda b: b.center[1]):
        if levels and group.top < min(b.bottom for b in levels[-1]) - _RISES * text_height:
            levels[-1].append(group)
        else:
            levels.append([group])
    solved: list[list[tuple[Box, Span]]] = []
    taken: list[Span] = []
    for level in reversed(levels):
        ordered = sorted(level, key=lambda b: b.left)
        foot = min(b.bottom for b in level)
        low = {c for c, leaf in leaves.items() if c and leaf.top > foot - _RISES * text_height}
        choices = [
            _choices(g, low, taken, leaves, inks, xs, horizontals, text_height) for g in ordered
        ]
        spans = _tiling(choices)
        if spans is None:
            return None
        solved.insert(0, list(zip(ordered, spans, strict=True)))
        taken += spans
    return solved


def _choices(
    group: Box,
    low: set[int],
    taken: Sequence[Span],
    leaves: dict[int, Box],
    inks: dict[int, Box],
    xs: Sequence[float],
    horizontals: Sequence[Track],
    text_height: float,
) -> dict[Span, float]:
    """The runs of columns that a heading may stand over, and how far it is off their middle."""
    own = place_among(xs, group.center[0])
    found = {}
    for first in range(own, 0, -1):
        for last in range(max(own, first + 1), len(xs) - 1):
            if not low.issuperset(range(first, last + 1)) or any(
                (a < first <= b) or (a <= last < b) for a, b in taken
            ):
                continue
            off = _off(group, (first, last), leaves, inks, xs) / text_height
            if off <= _OFF:
                single = [
                    c for c in range(first, last + 1) if all(c < a or c > b for a, b in taken)
                ]
                found[first, last] = off + _spread([leaves[c] for c in single]) / text_height
    ruled = _ruled(group, leaves, horizontals, text_height)
    return {ruled: 0.0} if ruled in found else found


def _spread(boxes: Sequence[Box]) -> float:
    """How far headings are from standing level, in pixels: at their tops, middles or feet."""
    lines = zip(*((b.top, b.center[1], b.bottom) for b in boxes), strict=True)
    return min((max(line) - min(line) for line in lines), default=0.0)


def _off(
    group: Box, span: Span, leaves: dict[int, Box], inks: dict[int, Box], xs: Sequence[float]
) -> float:
    """How far, in pixels, a heading's middle is off that of its columns, whichever shows it."""
    first, last = span
    middles = (
        leaves[first].left + leaves[last].right,
        leaves[first].center[0] + leaves[last].center[0],
        inks[first].left + inks[last].right,
        inks[first].center[0] + inks[last].center[0],
        xs[first] + xs[last + 1],
    )
    return min(abs(m / 2 - group.center[0]) for m in middles)


def _ruled(
    group: Box, leaves: dict[int, Box], horizontals: Sequence[Track], text_height: float
) -> Span | None:
    """The columns over a short rule right below a heading."""
    for track in horizontals:
        if not group.center[1] < track.position < group.bottom + text_height:
            continue
        for start, end in track.ruled:
            under = [
                c
                for c, leaf in leaves.items()
                if start < leaf.center[0] < end and leaf.bottom > track.position
            ]
            if start < group.center[0] < end and len(under) > 1:
                return min(under), max(under)
    return None


def _tiling(choices: Sequence[dict[Span, float]]) -> list[Span] | None:
    """One run of columns for each heading, left to right, none over another: the best fit.

    Runs gain by columns, so that few stand below no heading.
    """
    best: dict[int, tuple[float, list[Span]]] = {0: (0.0, [])}
    for options in choices:
        following: dict[int, tuple[float, list[Span]]] = {}
        for reached, (cost, spans) in best.items():
            for (first, last), off in options.items():
                if first <= reached:
                    continue
                total = cost + off - _COVERED * (last - first + 1)
                if last not in following or total < following[last][0]:
                    following[last] = total, [*spans, (first, last)]
        best = following
    return min(best.values())[1] if best else None
