"""Gutters: the white strips between columns of text, told from the gaps within rows.

Whether the pieces of text on both sides of a white strip are columns, each read down, or the
cells of rows, read across, is decided by evidence on both sides of the strip: do their lines
stand on common base lines, are they sentences or cells, do they come in bands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean, median

from scanner.layout.evidence import (
    PROSE_WORDS,
    Mates,
    are_numbers,
    are_prose,
    are_tables,
    are_tight,
    are_wrapped,
    count_lines,
    count_words,
    is_number,
    item_number,
    on_one_row,
    stand_level,
)
from scanner.layout.page_frame import Piece
from scanner.layout.whitespace import white_strips
from table_restore.geometry import Box

NARROWEST = 0.8
"""The least width of a gutter in text heights."""

WIDE = 4.0
"""A gap wider than this many text heights parts what has nothing else in common."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A maximal white rectangle and the pieces that border on it at both sides.

    `followed` says whether text, not numbers, stands to the right of those at the right.
    `fields` are the places where a numbered field of a form begins at each side of the strip.
    """

    box: Box
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]
    followed: bool
    fields: tuple[Box, ...]


RULE_REACH = 2.0
"""A rule ends columns at whose gutter it goes on for so many text heights to both sides."""


def find_gutters(
    pieces: Sequence[Piece], mates: Mates, height: float, rules: Sequence[Box] = ()
) -> list[Box]:
    """The gutters between `pieces`; `height` is that of the page's text in pixels.

    No piece reaches into a gutter by more than a quarter of the text height. `rules` are lines
    drawn across the page; those that no text touches end columns.
    """
    gutters: list[Box] = []
    decided: list[Box] = []
    fields = _field_pairs(pieces)
    strips = white_strips([p.box for p in pieces], NARROWEST * height, height)
    free = [rule for rule in rules if not any(_strikes(rule, p.box) for p in pieces)]
    for white in _between_rules(strips, free, height):
        for part in _undecided(white, decided, height):
            strip = _strip(part, pieces, mates, gutters, fields)
            if strip is None:
                continue
            decided.append(strip.box)
            gutters += _judge(strip, height)
    return gutters


def _strikes(rule: Box, text: Box) -> bool:
    """Whether a rule runs through text, not merely above or below it."""
    rim = 0.2 * text.height
    beside = rule.right <= text.left or text.right <= rule.left
    return not beside and text.top + rim < rule.center[1] < text.bottom - rim


def _between_rules(strips: Sequence[Box], rules: Sequence[Box], height: float) -> list[Box]:
    """The strips cut where rules cross them, the tallest first."""
    parts = []
    reach = RULE_REACH * height
    for strip in strips:
        crossing = sorted(
            rule.center[1]
            for rule in rules
            if rule.left + reach <= strip.left and strip.right <= rule.right - reach
        )
        edges = [strip.top, *(y for y in crossing if strip.top < y < strip.bottom), strip.bottom]
        parts += [Box(strip.left, a, strip.right, b) for a, b in pairwise(edges)]
    return sorted(
        (part for part in parts if part.height >= 0.5 * height),
        key=lambda box: (-box.height, box.left, box.top),
    )


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


def _strip(
    white: Box,
    pieces: Sequence[Piece],
    mates: Mates,
    gutters: Sequence[Box],
    fields: Sequence[Box],
) -> Strip | None:
    """A white rectangle with its neighbours; None where one side has none.

    What stands beyond a gutter is no neighbour.
    """
    middle = white.center[0]
    beside = [p for p in pieces if white.top <= p.box.center[1] <= white.bottom]
    beside = [p for p in beside if not any(_parts(g, p, middle) for g in gutters)]
    left = [p for p in beside if p.box.center[0] < middle]
    right = [p for p in beside if p.box.center[0] > middle]
    nearest_left = [p for p in left if not _is_hidden(p, mates[p], white)]
    nearest_right = [p for p in right if not _is_hidden(p, mates[p], white)]
    if not left or not right:
        return None
    beyond = [p for p in right if p not in nearest_right and not is_number(p.text)]
    followed = len(beyond) >= 0.5 * len(nearest_right)
    straddled = (field for field in fields if field.left <= middle <= field.right)
    strip = Strip(
        white,
        _sorted(nearest_left),
        _sorted(nearest_right),
        followed,
        tuple(f for f in straddled if white.top <= f.center[1] < white.bottom),
    )
    return strip if all(_overlapping(strip)) else None


def _parts(gutter: Box, piece: Piece, x: float) -> bool:
    """Whether a gutter runs between a piece and the upright line at `x`."""
    low, high = sorted((piece.box.center[0], x))
    return low < gutter.center[0] < high and gutter.top <= piece.box.center[1] <= gutter.bottom


def _field_pairs(pieces: Sequence[Piece]) -> list[Box]:
    """The white between fields of a form side by side, numbered as "3. Name" and "4. Address"."""
    numbers = [(item_number(piece), piece.box) for piece in pieces]
    return [
        Box(a.right, min(a.top, b.top), b.left, max(a.bottom, b.bottom))
        for first, a in numbers
        if first is not None
        for second, b in numbers
        if second == first + 1 and a.right < b.left and on_one_row(a, b)
    ]


def _sorted(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    return tuple(sorted(pieces, key=lambda p: (p.box.top, p.box.left)))


def _is_hidden(piece: Piece, mates: Sequence[Piece], white: Box) -> bool:
    """Whether another piece stands between a piece and a white strip, on the same row."""
    x, middle = piece.box.center[0], white.center[0]
    return any(
        min(x, middle) < mate.box.center[0] < max(x, middle)
        and white.top <= mate.box.center[1] <= white.bottom
        for mate in mates
    )


def _judge(strip: Strip, height: float) -> list[Box]:
    """The gutters in a strip: one for columns of sentences, else those between its bands."""
    left, right = _overlapping(strip)
    bands = _bands(strip, height)
    if are_prose(left) and are_prose(right) and not _are_text_rows(bands):
        return [_extent(_without_rows(strip, bands, height), height)]
    return [_extent(band, height) for band in bands if parts_columns(band, height)]


def _are_text_rows(bands: Sequence[Strip]) -> bool:
    """Whether bands are a table's rows, whose cells hold sentences, not stretches of columns."""
    full = [band for band in bands if band.left and band.right]
    return len(full) >= 3 and median(len(b.left) + len(b.right) for b in full) <= 10


def _without_rows(strip: Strip, bands: Sequence[Strip], height: float) -> Strip:
    """A strip between columns without the rows of a table above or below them."""
    kept = [i for i, band in enumerate(bands) if not _holds_rows(band, height)]
    if not kept:
        return strip
    bands = bands[kept[0] : kept[-1] + 1]
    return Strip(
        Box(strip.box.left, bands[0].box.top, strip.box.right, bands[-1].box.bottom),
        tuple(p for band in bands for p in band.left),
        tuple(p for band in bands for p in band.right),
        strip.followed,
        strip.fields,
    )


def _holds_rows(band: Strip, height: float) -> bool:
    """Whether the pieces at both sides are short and stand level with each other."""
    if not band.left or not band.right:
        return False
    words = [count_words(p.text) for p in (*band.left, *band.right)]
    level = _paired(band.left, band.right, height) == min(len(band.left), len(band.right))
    return level and mean(words) < PROSE_WORDS


def _paired(left: Sequence[Piece], right: Sequence[Piece], height: float) -> int:
    """How many pieces of the side that has fewer stand level with one of the other side."""
    fewer, more = sorted((left, right), key=len)
    return sum(any(stand_level(p, q, height) for q in more) for p in fewer)


def parts_columns(band: Strip, height: float) -> bool:
    """Whether the two sides of a band are columns to be read one after the other."""
    if not band.left or not band.right:
        return False
    left, right = _overlapping(band)
    if not left or not right:
        return False
    if are_tables(left) or are_tables(right) or (band.followed and count_lines(right)):
        return True
    if band.fields and len(band.left) + len(band.right) > 2:
        return True
    staggered = _paired(left, right, height) < 0.6 * min(len(left), len(right))
    if count_lines(left):
        return staggered
    if are_numbers(right):
        return False
    if staggered or (are_wrapped(left) and are_wrapped(right)):
        return True
    return band.box.width > WIDE * height and _stands_alone(band)


def _stands_alone(band: Strip) -> bool:
    """Whether one side is text of its own beside a closed block, as a date beside an address."""
    fewer, more = sorted((band.left, band.right), key=len)
    if not are_tight(more) or any(is_number(p.text) for p in fewer):
        return False
    if len(fewer) * 2 < len(more):
        return True
    labels = any(p.text.rstrip().endswith(":") for p in band.left)
    return 1 < len(fewer) < len(more) <= 6 and are_tight(fewer) and not labels


def _bands(strip: Strip, height: float) -> list[Strip]:
    """The strip cut above numbered fields and where both sides leave white at one height.

    A numbered field reaches to the next number, whatever white is in it.
    """
    pieces = sorted((*strip.left, *strip.right), key=lambda p: p.box.top)
    gaps = []
    for side in (strip.left, strip.right):
        gaps += [b.box.top - a.box.bottom for a, b in pairwise(side)]
    usual = max(0.0, median(gaps)) if gaps else 0.0
    least = max(1.3 * min(usual, height), 0.6 * height)
    numbered = [p.box for p in pieces if strip.fields and item_number(p) is not None]
    cuts = [box.top - 0.1 * height for box in (*strip.fields, *numbered)]
    bottom = pieces[0].box.bottom
    for piece in pieces[1:]:
        in_field = any(field.top < bottom for field in strip.fields)
        if piece.box.top - bottom > least and not in_field:
            cuts.append((bottom + piece.box.top) / 2)
        bottom = max(bottom, piece.box.bottom)
    inside = sorted(cut for cut in cuts if strip.box.top < cut < strip.box.bottom)
    edges = [strip.box.top, *inside, strip.box.bottom]
    bands = []
    for top, bottom in pairwise(edges):
        left = tuple(p for p in strip.left if top <= p.box.center[1] < bottom)
        right = tuple(p for p in strip.right if top <= p.box.center[1] < bottom)
        box = Box(strip.box.left, top, strip.box.right, bottom)
        fields = tuple(f for f in strip.fields if top <= f.center[1] < bottom)
        bands.append(Strip(box, left, right, strip.followed, fields))
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
    if strip.fields:
        pieces = (*strip.left, *strip.right)
        top, bottom = min(p.box.top for p in pieces), max(p.box.bottom for p in pieces)
        return Box(strip.box.left, top, strip.box.right, bottom)
    left, right = _overlapping(strip)
    reach = (3.0 if are_prose(left) or are_prose(right) else 1.2) * height
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
