"""Gutters: the white strips between columns of text, told from the gaps within rows.

Whether the pieces of text on both sides of a white strip are columns, each read down, or the
cells of rows, read across, is decided by evidence on both sides of the strip: do their lines
stand on common base lines, are they sentences or cells, do they come in bands.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, median

from scanner.page_frame import Piece, is_cjk
from table_restore.geometry import Box

NARROWEST = 0.8
"""The least width of a gutter in text heights."""

PROSE_WORDS = 3.0
"""A column of sentences has at least so many words a line on average."""

ALIGNED = 0.2
"""Lines whose centres differ by less than this many text heights stand on one base line."""

WIDE = 4.0
"""A gap wider than this many text heights parts what has nothing else in common."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A maximal white rectangle and the pieces that border on it at both sides."""

    box: Box
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]


def find_gutters(pieces: Sequence[Piece], height: float) -> list[Box]:
    """The gutters between `pieces`; `height` is that of the page's text in pixels.

    No piece reaches into a gutter by more than a quarter of the text height.
    """
    gutters: list[Box] = []
    decided: list[Box] = []
    for white in _white_strips(pieces, height):
        for part in _undecided(white, decided, height):
            strip = _strip(part, pieces)
            if strip is None:
                continue
            decided.append(strip.box)
            gutters += _judge(strip, height)
    return gutters


def on_one_row(a: Box, b: Box) -> bool:
    """Whether two boxes overlap by half of the lower one's height."""
    common = min(a.bottom, b.bottom) - max(a.top, b.top)
    return common >= 0.5 * min(a.height, b.height)


def _white_strips(pieces: Sequence[Piece], height: float) -> list[Box]:
    """Maximal white rectangles at least `NARROWEST` wide between pieces, the tallest first.

    A sweep down the page: each white interval goes on, shrinks or splits at every edge of a
    piece, and is a maximal rectangle where it cannot go on as wide as it is.
    """
    boxes = [_core(piece.box, height) for piece in pieces]
    if not boxes:
        return []
    page = Box.around(boxes)
    least = NARROWEST * height
    edges = sorted({y for box in boxes for y in (box.top, box.bottom)})
    by_top = sorted(boxes, key=lambda box: box.top)
    alive: list[Box] = []
    following = 0
    active: dict[tuple[float, float], float] = {}
    found: list[Box] = []
    for top, _bottom in itertools.pairwise(edges):
        while following < len(by_top) and by_top[following].top <= top:
            alive.append(by_top[following])
            following += 1
        alive = [box for box in alive if box.bottom > top]
        if not alive:
            continue
        gaps = _gaps(alive, page)
        going: dict[tuple[float, float], float] = dict.fromkeys(gaps, top)
        for (left, right), start in active.items():
            whole = False
            for gap_left, gap_right in gaps:
                low, high = max(left, gap_left), min(right, gap_right)
                if high - low < least:
                    continue
                whole = whole or (low, high) == (left, right)
                going[low, high] = min(start, going.get((low, high), top))
            if not whole and page.left < left and right < page.right:
                found.append(Box(left, start, right, top))
        active = _undominated(going)
    found += [
        Box(left, start, right, page.bottom)
        for (left, right), start in active.items()
        if page.left < left and right < page.right
    ]
    found = [box for box in found if box.height >= 0.5 * height]
    return sorted(found, key=lambda box: (-box.height, box.left, box.top))


def _core(box: Box, height: float) -> Box:
    """The box without its rim, so that slightly slanted or touching lines do not overlap."""
    x, y = min(0.1 * height, 0.2 * box.width), 0.2 * box.height
    return Box(box.left + x, box.top + y, box.right - x, box.bottom - y)


def _gaps(boxes: Sequence[Box], page: Box) -> list[tuple[float, float]]:
    """The white intervals across the page beside and between boxes."""
    gaps = []
    at = page.left
    for box in sorted(boxes, key=lambda box: box.left):
        if box.left > at:
            gaps.append((at, box.left))
        at = max(at, box.right)
    if at < page.right:
        gaps.append((at, page.right))
    return gaps


def _undominated(active: dict[tuple[float, float], float]) -> dict[tuple[float, float], float]:
    """Only the intervals that no wider one with as early a start holds."""
    kept: dict[tuple[float, float], float] = {}
    for (left, right), start in sorted(active.items(), key=lambda item: item[0][0] - item[0][1]):
        if not any(a <= left and right <= b and s <= start for (a, b), s in kept.items()):
            kept[left, right] = start
    return kept


def _undecided(white: Box, decided: Sequence[Box], height: float) -> list[Box]:
    """The parts of a strip beside which nothing was decided yet."""
    parts = [white]
    for box in decided:
        if box.right <= white.left or box.left >= white.right:
            continue
        parts = [
            Box(white.left, top, white.right, bottom)
            for part in parts
            for top, bottom in (
                (part.top, min(part.bottom, box.top)),
                (max(part.top, box.bottom), part.bottom),
            )
            if bottom - top >= 0.5 * height
        ]
    return parts


def _strip(white: Box, pieces: Sequence[Piece]) -> Strip | None:
    """A white rectangle with its neighbours; None where one side has none."""
    beside = [p for p in pieces if white.top <= p.box.center[1] <= white.bottom]
    middle = white.center[0]
    left = [p for p in beside if p.box.center[0] < middle]
    right = [p for p in beside if p.box.center[0] > middle]
    left = [p for p in left if not any(_between(q, p, middle) for q in left)]
    right = [p for p in right if not any(_between(q, p, middle) for q in right)]
    if not left or not right:
        return None
    top = max(min(p.box.top for p in left), min(p.box.top for p in right))
    bottom = min(max(p.box.bottom for p in left), max(p.box.bottom for p in right))
    if top >= bottom:
        return None
    return Strip(
        Box(white.left, white.top, white.right, white.bottom), _sorted(left), _sorted(right)
    )


def _sorted(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    return tuple(sorted(pieces, key=lambda p: (p.box.top, p.box.left)))


def _between(q: Piece, p: Piece, x: float) -> bool:
    """Whether `q` stands between `p` and the upright line at `x`, on the same row."""
    if q is p or not on_one_row(p.box, q.box):
        return False
    if p.box.center[0] < x:
        return q.box.center[0] > p.box.center[0]
    return q.box.center[0] < p.box.center[0]


def _judge(strip: Strip, height: float) -> list[Box]:
    """The gutters in a strip: one for columns of sentences, else those between its bands."""
    left, right = _overlapping(strip)
    if not left or not right:
        return []
    bands = _bands(strip, height)
    if _is_prose(left) and _is_prose(right) and not _are_text_rows(bands):
        return [_extent(strip, height)]
    return [_extent(band, height) for band in bands if parts_columns(band, height)]


def _are_text_rows(bands: Sequence[Strip]) -> bool:
    """Whether bands are a table's rows, whose cells hold sentences, not stretches of columns."""
    full = [band for band in bands if band.left and band.right]
    return len(full) >= 3 and median(len(b.left) + len(b.right) for b in full) <= 10


def parts_columns(band: Strip, height: float) -> bool:
    """Whether the two sides of a band are columns to be read one after the other."""
    if not band.left or not band.right:
        return False
    left, right = _overlapping(band)
    if not left or not right:
        return False
    if _are_tables(left) or _are_tables(right) or _counts_lines(right):
        return True
    fewer, more = sorted((left, right), key=len)
    paired = sum(any(_aligned(p, q, height) for q in more) for p in fewer)
    if paired < 0.6 * len(fewer):
        return True
    if _counts_lines(left):
        return False
    if len(fewer) > 1 and _is_wrapped(fewer) and _is_wrapped(more):
        return True
    return band.box.width > WIDE * height and _stands_alone(band)


def _bands(strip: Strip, height: float) -> list[Strip]:
    """The strip cut where both sides leave more white than between lines and start level."""
    pieces = sorted((*strip.left, *strip.right), key=lambda p: p.box.top)
    gaps = []
    for side in (strip.left, strip.right):
        gaps += [b.box.top - a.box.bottom for a, b in itertools.pairwise(side)]
    usual = max(0.0, median(gaps)) if gaps else 0.0
    least = max(1.3 * min(usual, height), 0.6 * height)
    cuts = []
    bottom = pieces[0].box.bottom
    for piece in pieces[1:]:
        if piece.box.top - bottom > least:
            cuts.append((bottom + piece.box.top) / 2)
        bottom = max(bottom, piece.box.bottom)
    edges = [strip.box.top, *cuts, strip.box.bottom]
    bands = []
    for top, bottom in itertools.pairwise(edges):
        left = tuple(p for p in strip.left if top <= p.box.center[1] < bottom)
        right = tuple(p for p in strip.right if top <= p.box.center[1] < bottom)
        bands.append(Strip(Box(strip.box.left, top, strip.box.right, bottom), left, right))
    return bands


def _overlapping(strip: Strip) -> tuple[list[Piece], list[Piece]]:
    """The neighbours on each side as far as the other side has any too."""
    top = max(strip.left[0].box.top, strip.right[0].box.top)
    bottom = min(max(p.box.bottom for p in s) for s in (strip.left, strip.right))
    left = [p for p in strip.left if p.box.bottom > top and p.box.top < bottom]
    right = [p for p in strip.right if p.box.bottom > top and p.box.top < bottom]
    return left, right


def _extent(strip: Strip, height: float) -> Box:
    """The gutter as far as text stands on both sides and goes on without a break on one."""
    left, right = _overlapping(strip)
    reach = (3.0 if _is_prose(left) or _is_prose(right) else 1.2) * height
    top = max(strip.left[0].box.top, strip.right[0].box.top)
    bottom = min(max(p.box.bottom for p in s) for s in (strip.left, strip.right))
    for side, beside in ((strip.left, left), (strip.right, right)):
        start = median(p.box.left for p in beside)
        end = median(p.box.right for p in beside)
        column = [p for p in side if p.box.left < end and p.box.right > start]
        for piece in column:
            if piece.box.bottom > bottom and piece.box.top - bottom < reach:
                bottom = piece.box.bottom
        for piece in reversed(column):
            if piece.box.top < top and top - piece.box.bottom < reach:
                top = piece.box.top
    return Box(strip.box.left, top, strip.box.right, bottom)


def _aligned(a: Piece, b: Piece, height: float) -> bool:
    """Whether two pieces stand on one base line, whichever letters they have."""
    difference = min(
        abs(a.box.center[1] - b.box.center[1]),
        abs(a.box.bottom - b.box.bottom),
        abs(a.box.top - b.box.top),
    )
    return difference < ALIGNED * height and on_one_row(a.box, b.box)


def _are_tables(pieces: Sequence[Piece]) -> bool:
    return all(not piece.text for piece in pieces)


def _is_prose(pieces: Sequence[Piece]) -> bool:
    """Whether lines are those of sentences: several words each, most of them full."""
    if len(pieces) < 3:
        return False
    widest = max(p.box.width for p in pieces)
    fill = mean(p.box.width for p in pieces) / widest
    return fill > 0.55 and mean(_words(p.text) for p in pieces) >= PROSE_WORDS


def _words(text: str) -> float:
    """How many words of letters a text has; two Chinese characters count as one."""
    cjk = sum(is_cjk(character) for character in text)
    return len(re.findall(r"[^\W\d_]{2,}", text)) if not cjk else cjk / 2


def _is_number(text: str) -> bool:
    """Whether a text is an amount, a count, a measure: digits before anything else."""
    plain = re.sub(r"\s", "", text)
    return bool(plain) and sum(c.isdigit() for c in plain) * 2 >= len(plain)


def _counts_lines(pieces: Sequence[Piece]) -> bool:
    """Whether pieces are marginal line numbers: integers that go up by a constant step."""
    numbers = [int(p.text) for p in pieces if re.fullmatch(r"\d{1,3}", p.text.strip())]
    if len(numbers) < 4 or len(numbers) < 0.8 * len(pieces):
        return False
    steps = [b - a for a, b in itertools.pairwise(numbers)]
    usual = median(steps)
    return usual in (1, 5, 10) and sum(s == usual for s in steps) >= 0.8 * len(steps)


def _stands_alone(band: Strip) -> bool:
    """Whether one side is a piece of text beside a closed block, as a date beside an address."""
    fewer, more = sorted((band.left, band.right), key=len)
    if len(fewer) * 2 >= len(more) or not _is_tight(more):
        return False
    return not any(_is_number(p.text) for p in fewer)


def _is_tight(pieces: Sequence[Piece]) -> bool:
    """Whether lines follow each other as closely as those of a paragraph or an address."""
    pairs = itertools.pairwise(pieces)
    return all(b.box.top - a.box.bottom < 1.0 * max(a.box.height, b.box.height) for a, b in pairs)


def _is_wrapped(pieces: Sequence[Piece]) -> bool:
    """Whether the text of a line goes on in the next one, as in a cell that holds sentences."""
    return any(
        b.text[:1].islower() and not a.text.endswith((".", ":"))
        for a, b in itertools.pairwise(pieces)
    )
