"""Runs: rows of text with several phrases each, one below the other, as in a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np

from table_restore.geometry import Box
from table_restore.phrases import Phrase
from table_restore.ruling import Ruling
from table_restore.run_heads import MIDDLE, with_header
from table_restore.tokens import Token, is_year

_LEADING = 1.8  # the widest gap between rows of one table, in text heights
_LARGER = 1.2  # how much larger than a table's letters those of a heading are
_FIRST_IDEOGRAPH = "\u2e80"
_APART = 6.0  # the widest gap between two runs of one table
_WIDE_LEADING = 2.6  # the widest gap between rows that share columns
_FEW_LINES = 2  # fewer lines do not tell how texts are wrapped: by gaps that differ by less than
_CLOSE = 0.2  # so many text heights, from the place of the line above
_IN_LINE = 0.5  # by no more than this
_FEW_GAPS = 3  # fewer gaps do not tell how far a table's rows stand apart,
_ALIKE = 1.15  # nor does one that is so many times wider go with them


def find_runs(
    phrases: Sequence[Phrase],
    barriers: Sequence[Box],
    frames: Sequence[Box],
    parting: Sequence[Sequence[Ruling]],
    text_height: float,
) -> list[Box]:
    """The boxes of runs of rows, with the headings of their groups of columns.

    `phrases` are those that are neither running text nor in a frame; nothing of `barriers` or
    `frames` may lie within a run. `parting` are rules that part the rows of tables, by table.
    """
    runs, lone = _runs(phrases, [*barriers, *frames], parting, text_height)
    runs = [with_header(run, phrases, text_height) for run in runs]
    return _joined(runs, lone, phrases, barriers, frames, text_height)


@dataclass(frozen=True, slots=True)
class _Row:
    """Phrases beside one another that are not running text."""

    phrases: tuple[Phrase, ...]
    box: Box

    @property
    def height(self) -> float:
        """The usual height of its words."""
        return median([t.box.height for p in self.phrases for t in p.tokens])

    @property
    def advance(self) -> float:
        """The usual width of its letters, in halves of an ideograph."""
        return float(np.median([_advance(t) for p in self.phrases for t in p.tokens]))

    def larger(self, rows: Sequence[_Row]) -> bool:
        """Whether it is set in larger type than all `rows`.

        Words may be high for the letters they have, and wide for others.
        """
        return self.height > _LARGER * max(r.height for r in rows) and (
            self.advance > _LARGER * max(r.advance for r in rows)
        )

    @property
    def tabular(self) -> bool:
        return len(self.phrases) >= 2

    def repeats(self, head: _Row, text_height: float) -> bool:
        """Whether it has the names or years of `head` in their places, but for one at most."""
        common = sum(
            p.text == q.text and abs(p.box.center[0] - q.box.center[0]) < text_height
            for p in self.phrases
            if not p.numeric or is_year(p.text)
            for q in head.phrases
        )
        return common >= max(2, len(self.phrases) - 1, len(head.phrases) - 1)


def _advance(token: Token) -> float:
    return token.box.width / sum(1 + (c >= _FIRST_IDEOGRAPH) for c in token.text)


def _runs(
    phrases: Sequence[Phrase],
    barriers: Sequence[Box],
    parting: Sequence[Sequence[Ruling]],
    text_height: float,
) -> tuple[list[Box], list[Box]]:
    """Runs of rows of several phrases each, one below the other, and lone rows of values."""
    rows: dict[int, list[Phrase]] = {}
    for phrase in phrases:
        rows.setdefault(phrase.row, []).append(phrase)
    runs: list[Box] = []
    lone: list[Box] = []
    current: list[_Row] = []
    pending: list[_Row] = []

    def close() -> None:
        if sum(r.tabular for r in current) >= 2:
            tail = _tail(current, pending, text_height)
            runs.append(Box.around(r.box for r in (*current, *tail)))
        elif current and sum(p.numeric for p in current[0].phrases) >= 2:
            lone.append(current[0].box)
        current.clear()
        pending.clear()

    for number in sorted(rows):
        row = _Row(tuple(rows[number]), Box.around(p.box for p in rows[number]))
        if current and not _continues(current, pending, row, barriers, parting, text_height):
            close()
        if row.tabular:
            current.extend([*pending, row] if current else [row])
            pending.clear()
        elif current:
            pending.append(row)
    close()
    return runs, lone


def _tail(run: Sequence[_Row], below: Sequence[_Row], text_height: float) -> list[_Row]:
    """The lines below a run that go on with a text of its last row, as others in the run do.

    They are as close to it, and begin or are centered where it does.
    """
    gaps = [b.box.top - a.box.bottom for a, b in pairwise(run) if not b.tabular]
    tail: list[_Row] = []
    if len(gaps) < _FEW_LINES:
        return tail
    reach = median(gaps) + _CLOSE * text_height
    last = next(row for row in reversed(run) if row.tabular)
    for row in below:
        (box,) = (p.box for p in row.phrases)
        off = min(
            min(abs(box.left - p.box.left), abs(box.center[0] - p.box.center[0]))
            for p in last.phrases
        )
        above = (tail or run)[-1]
        if box.top - above.box.bottom > reach or off > _IN_LINE * text_height:
            break
        tail.append(row)
    return tail


def _continues(
    run: Sequence[_Row],
    pending: Sequence[_Row],
    row: _Row,
    barriers: Sequence[Box],
    parting: Sequence[Sequence[Ruling]],
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
    reach = _WIDE_LEADING * min(1.5, columns / 2) if columns >= 2 else _LEADING
    # Below a head that is all names, the first row may stand off, or be a name left of the head.
    head = not any(p.numeric and not is_year(p.text) for r in run for p in r.phrases)
    if head and row.box.left < box.left + 0.5 * text_height:
        reach = max(reach, _WIDE_LEADING)
    if any(_parts(last, row.box, rules) for rules in parting):
        reach = max(reach, _WIDE_LEADING)
    reach = max(reach, _own_leading(run) / text_height)
    return (
        gap <= reach * text_height
        and min(box.right, row.box.right) > (0 if head else max(box.left, row.box.left))
        and not _blocked(box, row.box, barriers)
        and not row.larger(run)
        and (len(pending) <= 2 or (len(pending) <= 8 and _are_wrapped(run, pending, text_height)))
        and not (pending and row.repeats(run[0], text_height))
    )


def _parts(above: Box, below: Box, rules: Sequence[Ruling]) -> bool:
    """Whether one of a table's rules, and no more, parts two rows: both are its rows."""
    start, end = min(above.left, below.left), max(above.right, below.right)
    between = [r for r in rules if above.center[1] < r.position < below.center[1]]
    return len(between) == 1 and between[0].start <= start and end <= between[0].end


def _own_leading(run: Sequence[_Row]) -> float:
    """The widest gap, in pixels, that goes with those between a run's rows; 0 if they are few."""
    gaps = [max(0.0, b.box.top - a.box.bottom) for a, b in pairwise(run)]
    return _ALIKE * median(gaps) if len(gaps) >= _FEW_GAPS else 0.0


def _are_wrapped(run: Sequence[_Row], pending: Sequence[_Row], text_height: float) -> bool:
    """Whether lone phrases are a wrapped text, maybe with the heading of a section below it."""
    middle = Box.around(r.box for r in run).center[0]
    headed = abs(pending[-1].box.center[0] - middle) < MIDDLE * text_height
    return _in_one_column(run, pending) or (headed and _in_one_column(run, pending[:-1]))


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


def _joined(
    runs: Sequence[Box],
    lone: Sequence[Box],
    phrases: Sequence[Phrase],
    prose: Sequence[Box],
    frames: Sequence[Box],
    text_height: float,
) -> list[Box]:
    """Runs of one table made one: a head and its body, and bodies parted by a heading.

    A lone row joins the run above it, but is none.
    """
    joined: list[Box] = []
    for run in sorted([*runs, *lone], key=lambda r: r.top):
        for index, above in enumerate(joined):
            if _is_one(above, run, run in lone, phrases, prose, frames, text_height):
                joined[index] = above.union(run)
                break
        else:
            if run not in lone:
                joined.append(run)
    return joined


def _is_one(
    above: Box,
    run: Box,
    lone: bool,
    phrases: Sequence[Phrase],
    prose: Sequence[Box],
    frames: Sequence[Box],
    text_height: float,
) -> bool:
    """Whether a run belongs to the one above it."""
    gap = run.top - above.bottom
    if gap < -text_height or _blocked(above, run, frames):
        return False
    between = [b for b in prose if _blocked(above, run, [b])]
    if not between and gap <= _APART * text_height:
        if not lone and _heads(above, run, phrases, text_height):
            return True
    elif not _are_labels(between, run, phrases) or (
        gap - sum(b.height for b in between) > _APART * text_height
    ):
        return False
    return _repeats(above, run, phrases, text_height)


def _are_labels(lines: Sequence[Box], run: Box, phrases: Sequence[Phrase]) -> bool:
    """Whether lines keep left of a run's values: long names of rows that look like sentences."""
    values = [p.box.left for p in phrases if p.numeric and run.contains(p.box.center)]
    return len(values) >= 2 and all(line.right < min(values) for line in lines)


def _heads(above: Box, below: Box, phrases: Sequence[Phrase], text_height: float) -> bool:
    """Whether a run stands over the right columns of another, or is mostly words over it."""
    if above.left < below.left - text_height or above.right > below.right + text_height:
        return False
    if above.left > below.left + 4 * text_height:
        return abs(above.right - below.right) < 2 * text_height
    words = [t for p in phrases if above.contains(p.box.center) for t in p.tokens]
    return sum(t.numeric for t in words) <= 0.2 * len(words) and above.width > 0.6 * below.width


def _repeats(above: Box, below: Box, phrases: Sequence[Phrase], text_height: float) -> bool:
    """Whether a run goes on with values in the columns of the one above it."""
    inside = [p for p in phrases if below.contains(p.box.center)]
    first = [p for p in inside if p.row == min(q.row for q in inside)]
    head = _head(above, phrases)
    if head and (own := _head(below, phrases)) and own.repeats(head, text_height):
        return False
    places = [p.box.right for p in phrases if above.contains(p.box.center)]
    values = [p for p in first if p.numeric]
    if len(values) < max(1, 0.5 * (len(first) - 1)):
        return False
    lined_up = sum(any(abs(p.box.right - x) < 0.6 * text_height for x in places) for p in values)
    return lined_up >= 0.6 * len(values)


def _head(run: Box, phrases: Sequence[Phrase]) -> _Row | None:
    """The first row of several phrases in a run."""
    rows: dict[int, list[Phrase]] = {}
    for phrase in phrases:
        if run.contains(phrase.box.center):
            rows.setdefault(phrase.row, []).append(phrase)
    several = (rows[number] for number in sorted(rows) if len(rows[number]) > 1)
    return next((_Row(tuple(r), Box.around(p.box for p in r)) for r in several), None)


def with_rules(
    run: Box,
    rules: Sequence[Ruling],
    texts: Sequence[Box],
    prose: Sequence[Box],
    text_height: float,
    framed: bool = False,
    open_sides: bool = False,
) -> Box:
    """The run grown to the rules that go with it, and to what stands between those.

    Of rules with common ends, one calls in the next, however far, over text that is no prose.
    To a frame belong only those that end where it does, with a row of the table between, or
    with a centered heading where the frame has open sides.
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
            if not wide or max(above, below) > 8.0 * text_height:
                continue
            union = box.union(rule.box)
            added = [t for t in texts if union.contains(t.center) and not box.contains(t.center)]
            heading = open_sides and len(added) == 1 and max(above, below) < 4 * text_height
            heading = heading and abs(added[0].center[0] - box.center[0]) < text_height
            if framed and not (alike and (_side_by_side(added) or heading)):
                continue
            if (
                above <= (8.0 if alike and added else 3.0) * text_height
                and below <= (8.0 if alike and added else 1.5) * text_height
                and not any(t in prose for t in added)
            ):
                box, grown = union, True
                own.append(rule)
    return box


def _side_by_side(boxes: Sequence[Box]) -> bool:
    """Whether two of the boxes stand in one row."""
    return any(
        a is not b and min(a.bottom, b.bottom) - max(a.top, b.top) > 0.5 * min(a.height, b.height)
        for a in boxes
        for b in boxes
    )


def nearest(rule: Ruling, boxes: Sequence[Box]) -> int | None:
    """The index of the box that a horizontal rule is in, or nearest to from above or below."""
    distances = [
        (max(box.top - rule.position, rule.position - box.bottom, 0.0), index)
        for index, box in enumerate(boxes)
        if min(rule.end, box.right) > max(rule.start, box.left)
    ]
    return min(distances)[1] if distances else None
