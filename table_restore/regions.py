"""Where on a page tables may be: drawn frames, stacks of rules, and runs of tabular text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from table_restore.geometry import Box
from table_restore.graph import RulingGraph
from table_restore.phrases import Phrase, find_phrases, find_prose
from table_restore.rulings import Ruling
from table_restore.tokens import Token

_LEADING = 1.8  # the widest gap between rows of one table, in text heights
_TALLER = 1.2  # how much higher than a table's letters those of a heading are
_WIDE_LEADING = 2.6  # the same between rows that share columns


@dataclass(frozen=True, slots=True)
class Candidate:
    """A part of a page that may be a table, with the rulings and tokens in it."""

    box: Box
    rulings: tuple[Ruling, ...]
    tokens: tuple[Token, ...]


def find_regions(
    tokens: Sequence[Token], graph: RulingGraph, text_height: float
) -> list[Candidate]:
    """Candidates in page order; no token is in two of them."""
    phrases = find_phrases(tokens, text_height)
    prose = find_prose(phrases, text_height)
    frames = [box for group in graph.groups if (box := _frame(graph, group, text_height))]
    texts = [p.box for p in phrases]
    running = [texts[i] for i in sorted(prose)]
    frames = _largest([f for f in frames if not _page_frame(f, frames, running)])
    frames = _stacked(frames, texts, text_height)
    outer = [r for r in graph.rulings if r.horizontal and not _inside(r, frames)]
    frames = [_with_rules(f, outer, texts, running, text_height, framed=True) for f in frames]
    free = [
        p
        for i, p in enumerate(phrases)
        if i not in prose and not any(f.contains(p.box.center) for f in frames)
    ]
    rules = [r for r in graph.rulings if r.horizontal and not _inside(r, frames)]
    runs = _runs(free, running, frames, text_height)
    boxes = [
        _with_rules(_with_header(run, free, text_height), rules, texts, running, text_height)
        for run in runs
    ]
    boxes = _merged(boxes, frames)
    return _candidates(boxes, tokens, graph, text_height)


def _frame(graph: RulingGraph, group: frozenset[int], text_height: float) -> Box | None:
    """The box of crossing rulings that part it into cells, or None."""
    rulings = [graph.rulings[i] for i in group]
    across = sorted((r for r in rulings if r.horizontal), key=lambda r: r.position)
    down = [r for r in rulings if not r.horizontal]
    if len(across) < 2 or not down or len(across) + len(down) < 5:
        return None
    top, bottom = min(r.position for r in across), max(r.position for r in across)
    left, right = min(r.position for r in down), max(r.position for r in down)
    inner = sum(r.length for r in down if left + text_height < r.position < right - text_height)
    drawn = any(r.drawn and r.length > 0.5 * (bottom - top) for r in down)
    if inner < 0.5 * (bottom - top) and not drawn:
        return None  # stripes, a shaded header, or strokes of letters on them
    start = float(np.median([r.start for r in across]))
    end = float(np.median([r.end for r in across]))
    # Open sides: most lines, or the first and others, run on past the outermost upright one.
    left = start if start < left - text_height else left
    right = end if end > right + text_height else right
    first, last = across[0], across[-1]
    for edge in (first, last):
        starts = sum(abs(r.start - edge.start) < text_height for r in across)
        ends = sum(abs(r.end - edge.end) < text_height for r in across)
        left = edge.start if starts >= 3 and edge.start < left - text_height else left
        right = edge.end if ends >= 3 and edge.end > right + text_height else right
    # Uprights that stick out of the lines across belong to an open top or bottom.
    head = float(np.median([r.start for r in down]))
    foot = float(np.median([r.end for r in down]))
    top = head if head < top - text_height else top
    bottom = foot if foot > bottom + text_height else bottom
    return Box(left, top, right, bottom) if left < right and top < bottom else None


def _side_by_side(boxes: Sequence[Box]) -> bool:
    """Whether two of the boxes stand in one row."""
    return any(
        a is not b and min(a.bottom, b.bottom) - max(a.top, b.top) > 0.5 * min(a.height, b.height)
        for a in boxes
        for b in boxes
    )


def _page_frame(frame: Box, frames: Sequence[Box], prose: Sequence[Box]) -> bool:
    """Whether a frame goes around a page, or a figure, and not around one table.

    It holds another frame and lines of running text beside that.
    """
    inner = [f for f in frames if f.area < 0.9 * frame.area and frame.contains(f.center)]
    return bool(inner) and any(
        frame.contains(b.center) and not any(f.contains(b.center) for f in inner) for b in prose
    )


def _largest(frames: Sequence[Box]) -> list[Box]:
    """Frames that are not within another one."""
    return [
        f
        for i, f in enumerate(frames)
        if not any(g.contains(f.center) and g.area > f.area for j, g in enumerate(frames) if i != j)
    ]


def _stacked(frames: Sequence[Box], texts: Sequence[Box], text_height: float) -> list[Box]:
    """Frames as wide as one another with no more than a section's heading between made one."""
    stacked: list[Box] = []
    for frame in sorted(frames, key=lambda f: f.top):
        for index, above in enumerate(stacked):
            gap = frame.top - above.bottom
            between = [
                t
                for t in texts
                if above.bottom < t.center[1] < frame.top and above.left < t.center[0] < above.right
            ]
            if (
                abs(frame.left - above.left) < 0.5 * text_height
                and abs(frame.right - above.right) < 0.5 * text_height
                and -text_height < gap < 2.5 * text_height
                and (gap < 0.5 * text_height or len(between) == 1)
                and not any(t.left < above.left + 0.5 * text_height for t in between)
            ):
                stacked[index] = above.union(frame)
                break
        else:
            stacked.append(frame)
    return stacked


def _inside(ruling: Ruling, frames: Iterable[Box]) -> bool:
    return any(f.grow(2).contains(ruling.box.center) for f in frames)


@dataclass(frozen=True, slots=True)
class _Row:
    """Phrases beside one another that are not running text."""

    phrases: tuple[Phrase, ...]
    box: Box

    @property
    def height(self) -> float:
        """The usual height of its words."""
        return float(np.median([t.box.height for p in self.phrases for t in p.tokens]))

    @property
    def tabular(self) -> bool:
        return len(self.phrases) >= 2


def _runs(
    phrases: Sequence[Phrase], barriers: Sequence[Box], frames: Sequence[Box], text_height: float
) -> list[Box]:
    """Runs of rows of several phrases each, one below the other."""
    rows: dict[int, list[Phrase]] = {}
    for phrase in phrases:
        rows.setdefault(phrase.row, []).append(phrase)
    runs: list[Box] = []
    current: list[_Row] = []
    pending: list[_Row] = []

    def close() -> None:
        if sum(r.tabular for r in current) >= 2:
            runs.append(Box.around(r.box for r in current))
        current.clear()
        pending.clear()

    for number in sorted(rows):
        row = _Row(tuple(rows[number]), Box.around(p.box for p in rows[number]))
        if current and not _continues(current, pending, row, [*barriers, *frames], text_height):
            close()
        if row.tabular:
            current.extend([*pending, row] if current else [row])
            pending.clear()
        elif current:
            pending.append(row)
    close()
    return runs


def _continues(
    run: Sequence[_Row],
    pending: Sequence[_Row],
    row: _Row,
    barriers: Sequence[Box],
    text_height: float,
) -> bool:
    """Whether a row can belong to the run above it, `pending` rows of one phrase between them."""
    last = (*run, *pending)[-1].box
    box = Box.around(r.box for r in run)
    gap = row.box.top - last.bottom
    # Rows that repeat the columns above may stand further apart than others.
    columns = sum(
        any(p.box.left < q.box.right and q.box.left < p.box.right for q in run[-1].phrases)
        for p in row.phrases
    )
    reach = _WIDE_LEADING if columns >= 2 else _LEADING
    return (
        gap <= reach * text_height
        and min(box.right, row.box.right) > max(box.left, row.box.left)
        and not _blocked(box, row.box, barriers)
        and row.height <= _TALLER * max(r.height for r in run)
        and (len(pending) <= 2 or (len(pending) <= 8 and _in_one_column(run, pending)))
    )


def _in_one_column(run: Sequence[_Row], pending: Sequence[_Row]) -> bool:
    """Whether lone phrases keep to the place of one phrase of the rows above: a wrapped text."""
    column = Box.around(r.box for r in pending)
    return any(
        all(
            min(p.box.right, column.right) <= max(p.box.left, column.left)
            for p in row.phrases
            if p is not own
        )
        for row in run[-2:]
        for own in row.phrases
        if min(own.box.right, column.right) > max(own.box.left, column.left)
    )


def _blocked(above: Box, below: Box, barriers: Iterable[Box]) -> bool:
    """Whether something lies between two boxes, one above the other."""
    left, right = max(above.left, below.left), min(above.right, below.right)
    return any(
        above.bottom - 2 < b.center[1] < below.top + 2 and b.left < right and b.right > left
        for b in barriers
    )


def _with_header(run: Box, phrases: Sequence[Phrase], text_height: float) -> Box:
    """The run grown to headings of groups of columns right above it.

    A heading stands over some of the columns; a title over all of them, or flush left.
    """
    box = run
    inside = sorted(
        {p.row: p.box.center[1] for p in phrases if run.contains(p.box.center)}.values()
    )
    pitch = float(np.median(np.diff(inside))) if len(inside) > 1 else 0.0
    reach = min(max(text_height, 1.1 * pitch - 0.8 * text_height), 2 * text_height)
    while True:
        above = [
            p
            for p in phrases
            if p.box.bottom <= box.top + 0.4 * text_height
            and box.top - p.box.bottom <= reach
            and box.left - text_height <= p.box.left
            and p.box.right <= box.right + text_height
        ]
        centered = [p for p in above if abs(p.box.center[0] - box.center[0]) < 2 * text_height]
        if (
            not above
            or any(p.box.width > 0.6 * box.width for p in above)
            or (len(above) == 1 and (centered or above[0].box.left < box.left + 2 * text_height))
        ):
            return box
        box = Box.around([box, *(p.box for p in above)])


def _with_rules(
    run: Box,
    rules: Sequence[Ruling],
    texts: Sequence[Box],
    prose: Sequence[Box],
    text_height: float,
    framed: bool = False,
) -> Box:
    """The run grown to the rules that go with it, and to what stands between those.

    Of rules with common ends, one calls in the next, however far, over text that is no prose.
    To a frame belong only those that end where it does, with a row of the table between.
    """
    box = run
    own = [Ruling(True, run.top, run.left, run.right)] if framed else []
    grown = True
    while grown:
        grown = False
        for rule in rules:
            if rule in own:
                continue
            above, below = box.top - rule.position, rule.position - box.bottom
            alike = any(
                abs(rule.start - o.start) < text_height and abs(rule.end - o.end) < text_height
                for o in own
            )
            common = min(rule.end, box.right) - max(rule.start, box.left)
            wide = (
                common >= 0.6 * min(box.width, rule.length)
                and 0.5 * box.width <= rule.length < 1.5 * box.width + 4 * text_height
            )
            union = box.union(rule.box)
            added = [t for t in texts if union.contains(t.center) and not box.contains(t.center)]
            if framed and not (alike and _side_by_side(added)):
                continue
            if (
                wide
                and above <= (8.0 if alike and added else 3.0) * text_height
                and below <= (8.0 if alike and added else 1.5) * text_height
                and not any(t in prose for t in added)
            ):
                box, grown = union, True
                own.append(rule)
    return box


def _merged(boxes: Sequence[Box], frames: Sequence[Box]) -> list[Box]:
    """Runs that overlap made one; a frame goes before the runs that reach into it."""
    merged: list[Box] = []
    for box in boxes:
        for index, other in enumerate(merged):
            if box.intersection(other):
                merged[index] = other.union(box)
                break
        else:
            merged.append(box)
    # A frame within a much larger run is a shade or a box in a table, not one of its own.
    frames = [
        f for f in frames if not any(b.area > 2 * f.area and _within(f, b) > 0.8 for b in merged)
    ]
    merged = [b for b in merged if not any(b.intersection(f) for f in frames)]
    return [*frames, *merged]


def _within(inner: Box, outer: Box) -> float:
    """The share of one box that lies in another."""
    common = inner.intersection(outer)
    return common.area / inner.area if common and inner.area else 0.0


def _candidates(
    boxes: Sequence[Box], tokens: Sequence[Token], graph: RulingGraph, text_height: float
) -> list[Candidate]:
    found = []
    free = list(tokens)
    for box in sorted(boxes, key=lambda b: b.area):
        inside = [t for t in free if box.contains(t.box.center)]
        if len(inside) < 2:
            continue
        reach = box.grow(0.5 * text_height)
        rulings = tuple(
            r
            for r in graph.rulings
            if reach.contains(r.box.center)
            or ((cut := reach.intersection(r.box)) and max(cut.width, cut.height) > 0.5 * r.length)
        )
        found.append(Candidate(box, rulings, tuple(inside)))
        taken = {id(t) for t in inside}
        free = [t for t in free if id(t) not in taken]
    return sorted(found, key=lambda c: (c.box.top, c.box.left))
