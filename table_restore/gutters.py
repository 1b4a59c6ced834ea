"""Gutters between the columns of a page or its tables, so that tables side by side stay apart."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from table_restore.geometry import Box
from table_restore.phrases import Phrase
from table_restore.ruling import Ruling

_LINES = 4  # lines of running text that make a column of a page
_CROSSING = 3  # rows and rules that run across a gutter in a stretch that it does not part
_RULED_ROWS = 3  # rows between rules with common ends that make a table of them
_CELL = 0.6  # the widest text of one of several columns, as a share of the row
_ROW = 16.0  # the highest row of a table, in text heights
_NOTES = 0.4  # beside more of a table's rows than this share stands a column of it
_AROUND = 4.0  # so many text heights above and below a table may notes beside it begin or end
_ENDS = 0.5  # by so much, in text heights, may ends of rules differ that belong to one table


def page_columns(
    phrases: Sequence[Phrase], prose: Sequence[Box], rules: Sequence[Ruling]
) -> list[list[Phrase]]:
    """Phrases parted by the page's gutter, where it has one: together, or left and right.

    Where something runs across the gutter, the phrases between two rules across it are of one
    table as wide as the page, others of the column they stand in. So are those of a stretch
    without running text in which much runs across.
    """
    gutter = find_gutter(prose)
    if gutter is None:
        return [list(phrases)]
    wide = _wide_stretches(phrases, prose, rules, gutter)
    rows = [r for r in rules if r.start < gutter < r.end]
    crossing = sorted(
        [(r.position, True) for r in rows]
        + [(p.box.center[1], False) for p in phrases if p.box.left < gutter < p.box.right]
    )
    parts: dict[tuple[int, int], list[Phrase]] = {}
    for phrase in phrases:
        y = phrase.box.center[1]
        zone = sum(place < y for place, _ in crossing)
        above = crossing[zone - 1][1] if zone else False
        below = crossing[zone][1] if zone < len(crossing) else False
        across = phrase.box.left < gutter < phrase.box.right
        if across or (above and below) or any(top < y < bottom for top, bottom in wide):
            parts.setdefault((-1, 0), []).append(phrase)
        else:
            side = int(phrase.box.center[0] > gutter)
            parts.setdefault((zone, side), []).append(phrase)
    return list(parts.values())


def _wide_stretches(
    phrases: Sequence[Phrase], prose: Sequence[Box], rules: Sequence[Ruling], gutter: float
) -> list[tuple[float, float]]:
    """The heights (top, bottom) between running text where rows and rules run across a gutter."""
    rows = {p.row: p.box.center[1] for p in phrases if p.box.left < gutter < p.box.right}
    crossing = [*rows.values(), *(r.position for r in rules if r.start < gutter < r.end)]
    stretches = []
    reached = float("-inf")
    for top, bottom in [*sorted((b.top, b.bottom) for b in prose), (float("inf"),) * 2]:
        if sum(reached < y < top for y in crossing) >= _CROSSING:
            stretches.append((reached, top))
        reached = max(reached, bottom)
    return stretches


def find_gutter(prose: Sequence[Box]) -> float | None:
    """The x between two columns of running text, if the page has them side by side."""
    best: tuple[int, float] | None = None
    for x in {b.right for b in prose}:
        left = [b for b in prose if b.right <= x]
        right = [b for b in prose if b.left > x]
        crossing = len(prose) - len(left) - len(right)
        fewer = min(len(left), len(right))
        if fewer < _LINES or crossing > 0.1 * len(prose):
            continue
        place = (max(b.right for b in left) + min(b.left for b in right)) / 2
        if best is None or fewer > best[0]:
            best = (fewer, place)
    return best[1] if best else None


def ruled_apart(
    phrases: Sequence[Phrase], rules: Sequence[Ruling], text_height: float
) -> list[list[Phrase]]:
    """Phrases parted by tables that stand side by side, each between rules of its own.

    Rules under single columns, as over sums, part no tables: on both sides most rows must have
    several phrases between the ends of the rules, and none may lie outside them. Notes in the
    margin beside a few rows of a ruled table stand apart from it, too.
    """
    spans = _spans(rules, text_height)
    apart = [
        span
        for span in spans
        if _has_columns(span, phrases)
        and any(_beside(span, o, rules, phrases) and _has_columns(o, phrases) for o in spans)
    ]
    alone = [span for span in spans if span not in apart and _has_columns(span, phrases)]
    notes = {id(p) for span in alone for p in _notes_beside(span, phrases, text_height)}
    parts: dict[int, list[Phrase]] = {}
    for phrase in phrases:
        held = (i for i, span in enumerate(apart) if span.contains(phrase.box.center))
        part = next(held, -1)
        parts.setdefault(-2 if part < 0 and id(phrase) in notes else part, []).append(phrase)
    return list(parts.values())


def in_ruled_rows(
    phrases: Sequence[Phrase], prose: Collection[int], rules: Sequence[Ruling], text_height: float
) -> set[int]:
    """Those of `prose`, by index, that stand beside other text in a row between ruled rows.

    Rules with common ends part rows where they are several; a text of theirs is no wider than
    `_CELL` of them, and a row no higher than `_ROW` text heights.
    """
    cells: set[int] = set()
    for group in row_rules(rules, text_height):
        for above, below in pairwise(group):
            if below.position - above.position > _ROW * text_height:
                continue
            row = Box(above.start, above.position, above.end, below.position)
            held = [i for i, p in enumerate(phrases) if row.contains(p.box.center)]
            if all(phrases[i].box.width < _CELL * row.width for i in held) and any(
                phrases[i].box.right < phrases[j].box.left
                for i in held
                for j in held
                if phrases[i].row == phrases[j].row
            ):
                cells |= set(held) & set(prose)
    return cells


def row_rules(rules: Sequence[Ruling], text_height: float) -> list[list[Ruling]]:
    """Rules that part the rows of a table, top to bottom: several with common ends."""
    return [group for group in _common_ends(rules, text_height) if len(group) > _RULED_ROWS]


def _notes_beside(span: Box, phrases: Sequence[Phrase], text_height: float) -> list[Phrase]:
    """What stands outside a box beside few of its rows, where nothing runs over its sides."""
    level = [p for p in phrases if span.top < p.box.center[1] < span.bottom]
    inside = [p for p in level if span.left < p.box.center[0] < span.right]
    outside = [p for p in level if p.box.right < span.left or p.box.left > span.right]
    beside = {p.row for p in outside}
    whole = len(inside) + len(outside) == len(level)
    if not beside or not whole or len(beside) > _NOTES * len({p.row for p in inside}):
        return []
    reach = _AROUND * text_height
    return [
        p
        for p in phrases
        if (p.box.right < span.left or p.box.left > span.right)
        and span.top - reach < p.box.center[1] < span.bottom + reach
    ]


def _spans(rules: Sequence[Ruling], text_height: float) -> list[Box]:
    """The boxes between the first and the last of rules with common ends."""
    groups = _common_ends(rules, text_height)
    return [Box.around(r.box for r in group) for group in groups if len(group) > 1]


def _common_ends(rules: Sequence[Ruling], text_height: float) -> list[list[Ruling]]:
    """Rules with common ends together, top to bottom."""
    groups: list[list[Ruling]] = []
    for rule in sorted(rules, key=lambda r: r.position):
        for group in groups:
            ends = abs(group[0].start - rule.start), abs(group[0].end - rule.end)
            if max(ends) < _ENDS * text_height:
                group.append(rule)
                break
        else:
            groups.append([rule])
    return groups


def _has_columns(span: Box, phrases: Sequence[Phrase]) -> bool:
    """Whether most rows in a box have several phrases."""
    rows = [p.row for p in phrases if span.contains(p.box.center)]
    several = sum(rows.count(row) > 1 for row in set(rows))
    return several > 0.5 * len(set(rows))


def _beside(span: Box, other: Box, rules: Sequence[Ruling], phrases: Sequence[Phrase]) -> bool:
    """Whether nothing but white lies between and around two boxes side by side."""
    left, right = sorted((span, other), key=lambda b: b.left)
    top, bottom = max(span.top, other.top), min(span.bottom, other.bottom)
    if left.right >= right.left or bottom - top < 0.5 * min(span.height, other.height):
        return False
    crossing = any(r.start < left.right and r.end > right.left and top <= r.position <= bottom
                   for r in rules)  # fmt: skip
    level = [p.box for p in phrases if top <= p.box.center[1] <= bottom]
    return not crossing and all(
        any(b.left <= box.left and box.right <= b.right for b in (left, right)) for box in level
    )
