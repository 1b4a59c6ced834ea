"""Running headers, footers and page numbers: single rows apart at the page's ends."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from scanner.layout.headings import is_numbered
from scanner.layout.page_frame import Piece, Row
from table_restore.document import BlockKind, Table
from table_restore.geometry import Box

MARGIN = 0.12
"""Running heads stand within this share of the page's height from its ends."""

APART = 1.6
"""They are this many times further from the text than its lines from each other."""

WIDER = 1.2
"""Those without a page number also this many times further than its paragraphs are."""

FEW_GAPS = 3
"""So many gaps between paragraphs tell how wide they are."""

LARGE = 1.6
"""Text this many times higher than the page's is no running head."""

MOST_LEVELS = 3
FEW_ROWS = 8
"""A page with fewer rows, as a title page, has no running heads but page numbers."""

_PAGE_NUMBER = re.compile(
    r"(?:page|p\.|seite|第)?\s*(?:[a-z]{0,2}[-.])?(?:\d{1,4}(?:[-.]\d{1,4})*|[ivxlc]{1,7})"
    r"(?:\s*(?:of|/|von|de|sur)\s*\d{1,4})?\s*[页頁]?",
    re.IGNORECASE,
)

Level = list[tuple[Piece, BlockKind]]
"""Lines side by side with what they are."""


@dataclass(frozen=True, slots=True)
class RunningHeads:
    """Lines at the top and at the bottom of a page with what they are, in reading order."""

    above: tuple[tuple[Piece, BlockKind], ...]
    below: tuple[tuple[Piece, BlockKind], ...]


def find_running_heads(rows: Sequence[Row], height: float, page: Box) -> RunningHeads:
    """The running heads among a page's rows; `page` is the sheet, `height` that of its text.

    A page of few rows, as a title page, has none but page numbers.
    """
    if len(rows) < 2:
        return RunningHeads((), ())
    by_top = sorted(rows, key=lambda row: row.box.top)
    by_bottom = sorted(rows, key=lambda row: -row.box.bottom)
    near, far = _white(by_top)
    above = _at_end(by_top, height, near, far, page, BlockKind.HEADER)
    below = _at_end(by_bottom, height, near, far, page, BlockKind.FOOTER)
    return RunningHeads(above, () if set(above) & set(below) else below)


def _white(by_top: Sequence[Row]) -> tuple[float, float]:
    """How far below a page's lines what is apart from them begins, and below its paragraphs."""
    steps = _steps(by_top)
    near = APART * median(steps) if steps else 0.0
    gaps = [step for step in _steps(by_top[1:-1]) if step >= near]
    return near, max(near, WIDER * median(gaps) if len(gaps) >= FEW_GAPS else 0.0)


def _steps(by_top: Sequence[Row]) -> list[float]:
    """The ways from row to row, but for those to or from a table."""
    return [
        step
        for a, b in itertools.pairwise(by_top)
        if (step := b.box.center[1] - a.box.center[1]) > 0.5 * by_top[0].box.height
        and not _has_table(a)
        and not _has_table(b)
    ]


def _at_end(
    rows: Sequence[Row], height: float, near: float, far: float, page: Box, kind: BlockKind
) -> tuple[tuple[Piece, BlockKind], ...]:
    """The lines on the levels at one end that white parts from the rest, in reading order.

    `rows` begin with the outermost. Of levels close together only those with a page number are
    taken: others are letterheads. Levels of large letters, as stamps, are never taken.
    """
    taken: list[Level] = []
    close: list[Level] = []
    large = 0
    rest = list(rows)
    for _ in range(MOST_LEVELS):
        first = rest[0].box
        level = [r for r in rest if abs(r.box.center[1] - first.center[1]) < 0.7 * height]
        rest = [row for row in rest if row not in level]
        ends = [row.box for row in level]
        if not rest or len(level) > 3 or any(map(_has_table, level)):
            break
        if not all(_in_margin(box, page, kind) for box in ends):
            break
        if len(level) == 1 and is_numbered(level[0].text):
            break
        if all(box.height < LARGE * height for box in ends):
            pieces = sorted((p for row in level for p in row.pieces), key=lambda p: p.box.left)
            close.append([(p, _kind(p, kind)) for p in pieces])
        else:
            large += 1
        following = _line_of(rest[0], height, kind)
        numbered = any(what is BlockKind.PAGE_NUMBER for level in close for _, what in level)
        if min(abs(following - box.center[1]) for box in ends) >= (near if numbered else far):
            taken += close if len(close) + large == 1 or numbered else []
            close, large = [], 0
    if len(rows) < FEW_ROWS and all(what is kind for level in taken for _, what in level):
        return ()
    if kind is BlockKind.FOOTER:
        taken.reverse()
    return tuple(item for level in taken for item in level)


def _line_of(row: Row, height: float, end: BlockKind) -> float:
    """Where the middle of a row's line is; of a table, of its outermost line at that end."""
    if not _has_table(row):
        return row.box.center[1]
    half = height / 2
    return row.box.top + half if end is BlockKind.HEADER else row.box.bottom - half


def _in_margin(box: Box, page: Box, kind: BlockKind) -> bool:
    if kind is BlockKind.HEADER:
        return box.bottom < page.top + MARGIN * page.height
    return box.top > page.bottom - MARGIN * page.height


def _kind(piece: Piece, otherwise: BlockKind) -> BlockKind:
    return BlockKind.PAGE_NUMBER if _is_page_number(piece.text) else otherwise


def _is_page_number(text: str) -> bool:
    return _PAGE_NUMBER.fullmatch(text.strip(" -–—.·|[]()")) is not None


def _has_table(row: Row) -> bool:
    return any(isinstance(piece.content, Table) for piece in row.pieces)
