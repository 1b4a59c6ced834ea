"""Running headers, footers and page numbers: single rows apart at the page's ends."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from scanner.page_frame import Piece
from scanner.reading_order import Row, row_box
from table_restore.document import BlockKind, Table
from table_restore.geometry import Box

MARGIN = 0.12
"""Running heads stand within this share of the page's height from its ends."""

APART = 1.6
"""They are this many times further from the text than its lines from each other."""

_PAGE_NUMBER = re.compile(
    r"(?:page|p\.|seite|第)?\s*(?:[a-z]{0,2}[-.])?(?:\d{1,4}(?:[-.]\d{1,4})*|[ivxlc]{1,7})"
    r"(?:\s*(?:of|/|von|de|sur)\s*\d{1,4})?\s*[页頁]?",
    re.IGNORECASE,
)


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
    by_top = sorted(rows, key=lambda row: row_box(row).top)
    by_bottom = sorted(rows, key=lambda row: -row_box(row).bottom)
    usual = _usual_pitch(by_top)
    above = _at_end(by_top, height, usual, page, BlockKind.HEADER)
    below = _at_end(by_bottom, height, usual, page, BlockKind.FOOTER)
    return RunningHeads(above, () if set(above) & set(below) else below)


def _usual_pitch(by_top: Sequence[Row]) -> float:
    steps = [row_box(b).center[1] - row_box(a).center[1] for a, b in itertools.pairwise(by_top)]
    steps = [step for step in steps if step > 0.5 * row_box(by_top[0]).height]
    return median(steps) if steps else 0.0


def _at_end(
    rows: Sequence[Row], height: float, usual: float, page: Box, kind: BlockKind
) -> tuple[tuple[Piece, BlockKind], ...]:
    """The lines on the outermost level of one end, where white parts them from the rest."""
    first = row_box(rows[0])
    level = [row for row in rows if abs(row_box(row).center[1] - first.center[1]) < 0.7 * height]
    rest = [row for row in rows if row not in level]
    if not rest or len(level) > 3 or any(map(_has_table, level)):
        return ()
    ends = [row_box(row) for row in level]
    if kind is BlockKind.HEADER:
        inside = max(b.bottom for b in ends) < page.top + MARGIN * page.height
        white = min(row_box(row).center[1] for row in rest) - max(b.center[1] for b in ends)
    else:
        inside = min(b.top for b in ends) > page.bottom - MARGIN * page.height
        white = min(b.center[1] for b in ends) - max(row_box(row).center[1] for row in rest)
    low = all(b.height < 1.6 * height for b in ends)
    if not inside or not low or white < APART * usual:
        return ()
    pieces = sorted((p for row in level for p in row), key=lambda p: p.box.left)
    kinds = [BlockKind.PAGE_NUMBER if _is_page_number(p.text) else kind for p in pieces]
    if BlockKind.PAGE_NUMBER not in kinds and len(rows) < 8:
        return ()
    return tuple(zip(pieces, kinds, strict=True))


def _is_page_number(text: str) -> bool:
    return _PAGE_NUMBER.fullmatch(text.strip(" -–—.·|[]()")) is not None


def _has_table(row: Row) -> bool:
    return any(isinstance(piece.content, Table) for piece in row)
