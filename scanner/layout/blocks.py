"""Rows in reading order to blocks: paragraphs, headings, running headers and footers.

Word processors fill a paragraph's lines anew, so lines may share a block only where the printer
broke them for want of room. A line break is the writer's own, and stays, where the next line's
first word would still have fitted: the ends of addresses, lists, verses and form rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest
from math import inf
from statistics import mean, median

from scanner.layout.evidence import count_words
from scanner.layout.headings import Group, is_heading, mostly_capitals
from scanner.layout.page_frame import Frame, Row, has_cjk, row_of
from scanner.layout.reading_order import Region
from scanner.layout.running_heads import find_running_heads
from table_restore.document import Block, BlockKind, Item, Line, Table
from table_restore.geometry import Box

SPACE = 0.35
"""A blank between words in text heights."""

INDENT = 0.8
"""A line set in by more than this many text heights begins a paragraph."""

WORDY = 2.5
"""Lines with fewer words of letters are no running text."""

FEW = 4
"""Fewer lines, as those of an address, show no margin of their own."""

PROSE = 0.4
"""In running text at least this share of the lines is full."""

LONG = 8
"""A line of so many words is more than an item or a line of an address."""

SURE = 20
"""Rows of so many letters tell how wide their letters are."""

ALIKE = 0.15
"""Letters whose mean widths differ by less than this share are of one size."""

_MARKER = re.compile(
    r"(?:[•·●○◦■□▪–—*»‣-]|\(?(?:\d{1,3}|[ivxIVX]{1,4}|[A-Za-z])[.)]|\d+(?:\.\d+)+\.?|[①-⑳])"
    r"(?:\s|$)|[(（]?[一二三四五六七八九十]{1,3}[、)）]"
)
"""What begins an item of a list or a numbered clause."""

_COUNT = re.compile(r"(\d{1,3})\s")


@dataclass(frozen=True, slots=True)
class Column:
    """What the lines of a run have in common.

    `right` is the margin that its text is set to, `reach` where its longest line ends, `pitch`
    the way from line to line.
    """

    left: float
    right: float
    reach: float
    pitch: float


def form_blocks(
    regions: Sequence[Region], frame: Frame, height: float, page: Box
) -> tuple[Item, ...]:
    """The page's items; `height` is that of the page's text, `page` the sheet in the frame."""
    rows = [row for region in regions for row in region]
    heads = find_running_heads(rows, height, page)
    items: list[Item] = [_block(kind, [row_of((piece,))], frame) for piece, kind in heads.above]
    aside = {piece for piece, _ in (*heads.above, *heads.below)}
    capitals = mostly_capitals(rows)
    for region in regions:
        groups = [*_groups([row for row in region if row.pieces[0] not in aside], height), None]
        for group, following in pairwise(groups):
            if group is None:
                continue
            table = group.rows[0].pieces[0].content
            if isinstance(table, Table):
                items.append(table)
                continue
            title = is_heading(group, following, height, capitals)
            kind = BlockKind.HEADING if title else BlockKind.PARAGRAPH
            items.append(_block(kind, group.rows, frame))
    return (*items, *(_block(kind, [row_of((piece,))], frame) for piece, kind in heads.below))


def _block(kind: BlockKind, group: Sequence[Row], frame: Frame) -> Block:
    lines = tuple(p.content for row in group for p in row.pieces if isinstance(p.content, Line))
    if len(lines) == 1:
        return Block(kind, lines, lines[0].polygon)
    return Block(kind, lines, frame.polygon(Box.around(row.box for row in group)))


def _groups(rows: Sequence[Row], height: float) -> Iterator[Group]:
    """The rows of a region cut into blocks."""
    for run in _runs(rows, height):
        column = _column(run, rows, height)
        full = [_is_full(a, b, column, height) for a, b in pairwise(run)]
        if sum(full) < PROSE * len(full):
            column = replace(column, right=inf)
        group = [run[0]]
        for row, following in zip_longest(run[1:], run[2:]):
            if _goes_on(group, row, following, column, height):
                group.append(row)
            else:
                yield Group(tuple(group), opens=group[0] is run[0], alone=False)
                group = [row]
        whole = group[0] is run[0]
        yield Group(tuple(group), opens=whole, alone=whole)


def _runs(rows: Sequence[Row], height: float) -> Iterator[list[Row]]:
    """Rows that follow each other at one distance in letters of one size."""
    usual = _usual_pitch(rows)
    run: list[Row] = []
    for row in rows:
        if run and not _is_near(run, row, usual, height):
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _usual_pitch(rows: Sequence[Row]) -> float | None:
    """The median distance of rows from each other, or None where there are few."""
    steps = [_step(a.box, b.box) for a, b in pairwise(rows)]
    return median(steps) if len(steps) >= 4 else None


def _is_near(run: Sequence[Row], row: Row, usual: float | None, height: float) -> bool:
    if len(row.pieces) > 1 or len(run[-1].pieces) > 1 or not row.text or not run[-1].text:
        return False
    above, below = run[-1].box, row.box
    high, low = max(above.height, below.height), min(above.height, below.height)
    # A last line of a few letters may have none that is tall.
    limit = 1.6 if len(row.text) > 8 else 2.5
    if high > limit * low and not _are_as_wide(run[-1], row):
        return False
    if below.top < above.center[1]:
        return False
    pitch = _step(above, below)
    if len(run) > 1:
        usual = median(_step(a.box, b.box) for a, b in pairwise(run[-8:]))
    if usual is not None:
        return pitch < 1.3 * usual + 0.1 * height
    return pitch < 3.2 * min(high, 1.3 * low)


def _step(above: Box, below: Box) -> float:
    """The way down from a row to the next; raised and lowered numbers move a row's middle."""
    return min(below.center[1] - above.center[1], below.bottom - above.bottom)


def _are_as_wide(row: Row, other: Row) -> bool:
    """Whether the letters of two rows of some length are as wide: raised numbers heighten a row."""
    if min(len(row.text), len(other.text)) < SURE:
        return False
    a, b = (each.box.width / len(each.text) for each in (row, other))
    return abs(a - b) < ALIKE * max(a, b)


def _column(run: Sequence[Row], region: Sequence[Row], height: float) -> Column:
    """The margins that a run keeps to: its own where most lines end there, else the region's.

    Short lines of a word or two, as in an address, keep to no margin.
    """
    boxes = [row.box for row in run]
    left, right = min(b.left for b in boxes), max(b.right for b in boxes)
    pitches = [_step(a, b) for a, b in pairwise(boxes)]
    pitch = median(pitches) if pitches else 0.0
    least = WORDY if len(region) >= FEW else 2 * WORDY
    if mean(count_words(row.text) for row in run) < least:
        return Column(left, inf, right, pitch)
    full = sum(right - b.right < 4 * height for b in boxes[:-1])
    if len(boxes) >= FEW and full >= 0.7 * (len(boxes) - 1):
        return Column(left, right, right, pitch)
    return Column(left, max(row.box.right for row in region), right, pitch)


def _goes_on(
    group: Sequence[Row], row: Row, following: Row | None, column: Column, height: float
) -> bool:
    """Whether a row belongs to the same paragraph as the rows before it.

    `following` is the next row, if the run goes on.
    """
    last, text = group[-1].box, row.text
    box = row.box
    before = group[-1].text
    if _MARKER.match(text) or _counts_on(before, text):
        return False
    if _step(last, box) > 1.3 * column.pitch + 0.1 * height:
        return False
    if not _is_full(group[-1], row, column, height):
        return _is_broken_off(before, text) and column.reach - last.right < 5 * height
    step = box.left - last.left
    if len(group) == 1:
        # A first line may be set in; an item's text may hang, and so may any paragraph's.
        if step < INDENT * height:
            return True
        hangs = _MARKER.match(before) is not None or _hangs(row, following, before, height)
        return hangs and step < 8 * height
    return abs(step) < INDENT * height


def _hangs(row: Row, following: Row | None, before: str, height: float) -> bool:
    """Whether a row that is set in goes on from a full first line that sticks out.

    It does not where it begins a paragraph itself: then the line before it ended a sentence, or
    the next one goes back.
    """
    if following is not None and abs(following.box.left - row.box.left) < INDENT * height:
        return True
    return not before.endswith((".", ":", "!", "?"))


def _counts_on(before: str, text: str) -> bool:
    """Whether two lines are numbered one after the other in the margin, as in a deposition."""
    numbers = [_COUNT.match(each) for each in (before, text)]
    first, second = (int(match[1]) if match else None for match in numbers)
    return first is not None and second == first + 1


def _is_broken_off(before: str, text: str) -> bool:
    """Whether a sentence goes on from one line to the next, as far as the words tell."""
    if before.endswith((".", ":", ";", "!", "?")):
        return False
    words = count_words(before)
    return words >= LONG or (text[:1].islower() and words > WORDY)


def _is_full(row: Row, following: Row, column: Column, height: float) -> bool:
    """Whether the first word of the following row would not have fitted at the end of a row."""
    text = following.text
    first = 1 if has_cjk(text) else len(text.split(" ", 1)[0])
    word = following.box.width * first / max(len(text), 1)
    return column.right - row.box.right < word + (SPACE + 0.5) * height
