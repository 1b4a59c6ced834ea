"""Sections of a table: what stands between its rules or blank lines, maybe with its own columns.

A receipt's items, its totals and its taxes follow one another with no more than a dashed line
between, and its shop's address stands right above. Each has columns of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from table_restore.alignment import column_edges
from table_restore.bands import Bands
from table_restore.geometry import Box
from table_restore.ruling import Ruling
from table_restore.text_rows import TextRow, text_rows
from table_restore.tokens import Token

_UPRIGHT = 0.3  # the share of a table's height that a line between its columns runs down
_ACROSS = 0.5  # the share of a table's width that a rule between two sections covers
_BLANK = 1.2  # the height of a blank line, in text heights
_GAP = 1.0  # a gap, in text heights, that parts two phrases
_WON = 3  # so many more neighbours are told apart where a table is cut in two,
_SHARE = 0.1  # and at least this share of all: one long table's few odd rows are its own
_HEAD = 2  # a head has so many lines at most
_FLUSH = 0.5  # texts begin or end in one place that differ by less, in text heights
_SHARED = 3  # parts of a table have so many columns in common, a receipt's name and amount
_BESIDE = 2  # a centered line is so many phrases at most, as telephone and fax
_LINES = 3  # fewer lines are not known to be centered


def section_boxes(
    box: Box, tokens: Sequence[Token], rulings: Sequence[Ruling], space: float, text_height: float
) -> list[Box]:
    """The boxes of the tables that a region without upright rulings is made of: one in most cases.

    It is cut where columns of its own tell more neighbours apart on both sides, and what is
    nothing but centered lines is left out.
    """
    if not tokens or _is_parted(rulings, tokens):
        return [box]
    sections = _sections(box, tokens, rulings, text_height)
    if len(sections) == 1:
        return [box]
    groups: list[list[list[TextRow]]] = [[]]
    for section in sections:
        if (
            _is_centered(section, text_height)
            and not _told_apart(section, box, space, text_height)
            and not _begins_as(section, sections, text_height)
        ):
            groups.append([])
        else:
            groups[-1].append(section)
    parts = [part for group in groups if group for part in _cut(group, box, space, text_height)]
    if len(parts) == 1 and len(groups) == 1:
        return [box]
    return [_box(part, box, sections, text_height) for part in parts]


def _is_parted(rulings: Sequence[Ruling], tokens: Sequence[Token]) -> bool:
    """Whether lines run down between columns, further than a crease or the stroke of a pen."""
    words = Box.around(t.box for t in tokens)
    return any(
        r.drawn
        and not r.horizontal
        and words.left < r.position < words.right
        and r.length > _UPRIGHT * words.height
        for r in rulings
    )


def _sections(
    box: Box, tokens: Sequence[Token], rulings: Sequence[Ruling], text_height: float
) -> list[list[TextRow]]:
    """The rows of text between rules across the table, or between blank lines."""
    rules = [r.position for r in rulings if r.horizontal and r.length >= _ACROSS * box.width]
    sections: list[list[TextRow]] = []
    for row in text_rows(tokens, text_height):
        if sections:
            above = sections[-1][-1]
            blank = row.box.top - above.box.bottom > _BLANK * text_height
            if not blank and not any(above.middle < y < row.middle for y in rules):
                sections[-1].append(row)
                continue
        sections.append([row])
    return sections


def _is_centered(section: Sequence[TextRow], text_height: float) -> bool:
    """Whether a section is lines centered below one another, as an address or thanks.

    Wrapped cells of a row may look so; the line of them that fills most columns tells.
    """
    boxes = [row.box for row in section]
    lines = all(len(row.phrases(_GAP * text_height)) <= _BESIDE for row in section)
    return (
        lines
        and len(section) >= _LINES
        and _spread([b.center[0] for b in boxes]) < 0.5 * _spread([b.left for b in boxes])
    )


def _begins_as(
    section: Sequence[TextRow], sections: Sequence[Sequence[TextRow]], text_height: float
) -> bool:
    """Whether a line of several phrases begins where most of those in other sections do."""

    def starts(rows: Sequence[TextRow]) -> list[float]:
        return [r.box.left for r in rows if len(r.phrases(_GAP * text_height)) > 1]

    others = [x for other in sections if other is not section for x in starts(other)]
    near = _FLUSH * text_height
    return any(
        sum(abs(own - x) < near for x in others) > max(1, 0.5 * len(others))
        for own in starts(section)
    )


def _spread(places: Sequence[float]) -> float:
    middle = sorted(places)[len(places) // 2]
    return sum(abs(p - middle) for p in places) / len(places)


def _cut(
    sections: list[list[TextRow]], box: Box, space: float, text_height: float
) -> list[list[list[TextRow]]]:
    """Sections in groups that share columns."""

    def told(part: Sequence[Sequence[TextRow]]) -> int:
        return _told_apart([row for rows in part for row in rows], box, space, text_height)

    neighbours = _neighbours(sections, text_height)
    won = max(_WON, _SHARE * neighbours)
    if len(sections) < 2 or neighbours - told(sections) < won:
        return [sections]
    whole = told(sections)
    cuts = [
        (told(sections[:k]) + told(sections[k:]), -k)
        for k in range(1, len(sections))
        if not _is_head(sections[k - 1], text_height)
        and _common(sections[:k], sections[k:], text_height) < _SHARED
    ]
    best, place = max(cuts, default=(0, 0))
    if best - whole < won:
        return [sections]
    return [
        *_cut(sections[:-place], box, space, text_height),
        *_cut(sections[-place:], box, space, text_height),
    ]


def _is_head(section: Sequence[TextRow], text_height: float) -> bool:
    """Whether a section is names of columns."""
    return len(section) <= _HEAD and any(
        len(phrases := row.phrases(_GAP * text_height)) > 2
        and not any(t.numeric for phrase in phrases for t in phrase)
        for row in section
    )


def _common(
    upper: Sequence[Sequence[TextRow]], lower: Sequence[Sequence[TextRow]], text_height: float
) -> int:
    """How many columns two parts have in common: several texts of both begin or end at one x."""

    def sides(part: Sequence[Sequence[TextRow]], right: bool) -> list[float]:
        runs = (run for rows in part for row in rows for run in row.phrases(_GAP * text_height))
        boxes = (Box.around(t.box for t in run) for run in runs)
        return sorted(b.right if right else b.left for b in boxes)

    def shared(right: bool) -> int:
        one, other = sides(upper, right), sides(lower, right)
        near = _FLUSH * text_height
        met = [x for x in one if all(sum(abs(x - y) < near for y in xs) > 1 for xs in (one, other))]
        return len(met) and 1 + sum(b - a > text_height for a, b in pairwise(met))

    return max(shared(right=False), shared(right=True))


def _neighbours(sections: Sequence[Sequence[TextRow]], text_height: float) -> int:
    """How many pairs of phrases stand side by side."""
    return sum(len(r.phrases(_GAP * text_height)) - 1 for rows in sections for r in rows)


def _told_apart(rows: Sequence[TextRow], box: Box, space: float, text_height: float) -> int:
    """How many pairs of phrases that stand side by side the rows' own columns part."""
    edges = column_edges(rows, [], Bands((box.top, box.bottom)), box, space, text_height)
    count = 0
    for row in rows:
        phrases = [Box.around(t.box for t in run) for run in row.phrases(_GAP * text_height)]
        count += sum(any(a.right <= x <= b.left for x in edges) for a, b in pairwise(phrases))
    return count


def _box(
    part: Sequence[Sequence[TextRow]],
    box: Box,
    sections: Sequence[Sequence[TextRow]],
    text_height: float,
) -> Box:
    """The place of a part between what is above and below it."""
    first, last = part[0][0].box, part[-1][-1].box
    above = [s[-1].box.bottom for s in sections if s[-1].middle < part[0][0].middle]
    below = [s[0].box.top for s in sections if s[0].middle > part[-1][-1].middle]
    top = max((max(above) + first.top) / 2, first.top - 0.5 * text_height) if above else box.top
    bottom = (
        min((last.bottom + min(below)) / 2, last.bottom + 0.5 * text_height)
        if below
        else box.bottom
    )
    words = Box.around(row.box for rows in part for row in rows)
    return Box(min(box.left, words.left), top, max(box.right, words.right), bottom)
