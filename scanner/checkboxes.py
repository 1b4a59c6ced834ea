"""Tick boxes of forms: small drawn squares, empty or ticked, as words of the lines they stand in.

A recogniser of text takes them for letters or passes over them. Here they are found in the page's
pixels: closed squares about as large as the text, with white around them, where no letter was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt
import torch

from gpu_ops.morphology import closing, opening
from gpu_ops.threshold import WIDEST, darker
from scanner.plate import Picture, Pixels
from table_restore.document import Character, Line, Word
from table_restore.geometry import Box, Polygon
from table_restore.upright import quarter_turns

Mask = npt.NDArray[np.bool_]

EMPTY, TICKED = "☐", "☒"

SEEN_AS = frozenset("□口ロ囗▢☐☑☒⊠回区図凶网冈O0DXxVv√✓[]|丨")
"""What a recogniser makes of tick boxes; where another character was read there is none."""

_AROUND = 2.0  # the window, in text heights, that tells how light the ground is
_LEAST, _MOST = 0.7, 1.8  # the side of a box in text heights
_CONTRAST = 25  # grey levels between a box's line and the ground around it
_LEVEL = 0.6  # the share of the outermost row or column of a frame that is drawn
_SQUARE = 1.25  # the longer side in shorter ones
_SIDE = 0.93  # the share of each side that is drawn
_CORNER = 0.08  # so close to a corner, in sides of the box, there is ink: letters are round there
_THICKEST = 0.2  # a side's line in sides of the box
_TICK = 0.06  # the share of a box's inside that a tick fills at least
_FILLED = 0.6  # what is fuller is a bullet
_MARGIN = 0.2  # in text heights: there is no other ink so close to a box,
_STRAY = 0.08, 0.2  # but for these shares: specks, and where a tick may reach out
_NEXT = 2.5  # in text heights: a box belongs to a line as close as this
_TWINS = 0.15  # two boxes of a form differ by no more in size


@dataclass(frozen=True, slots=True)
class TickBox:
    """A square in page pixels, its line included."""

    box: Box
    ticked: bool

    def scaled(self, by: float) -> TickBox:
        """The same in a picture that is so many times as large."""
        box = self.box
        edges = Box(box.left * by, box.top * by, box.right * by, box.bottom * by)
        return replace(self, box=edges)

    @property
    def word(self) -> Word:
        text = TICKED if self.ticked else EMPTY
        polygon = self.box.polygon()
        return Word(text, polygon, 1.0, (Character(text, polygon, 1.0),))


def with_tick_boxes(page: Picture, lines: Sequence[Line]) -> list[Line]:
    """The lines of an upright page with its tick boxes as words "☐" and "☒".

    What was misread in the place of a box goes. A box near no line becomes a line of its own if
    the page has another one of its size.
    """
    level = [line for line in lines if not quarter_turns(line)]
    if not level:
        return list(lines)
    size = median(line.polygon.box.height for line in level)
    result = list(lines)
    scale = page.small.shape[0] / page.size[0]
    seen = [each.scaled(1 / scale) for each in find_boxes(page.small, size * scale)]
    found = [each for each in seen if not _is_letter(each.box, level)]
    for tick_box in found:
        rest = [kept for line in result if (kept := _without(line, tick_box.box)) is not None]
        near = _line_beside(tick_box.box, rest, size)
        if near is not None:
            rest[near] = _with_word(rest[near], tick_box.word)
        elif any(_are_twins(tick_box, other) for other in found):
            rest.append(Line((tick_box.word,), tick_box.box.polygon()))
        else:
            continue
        result = rest
    return result


def find_boxes(page: Pixels, size: float) -> list[TickBox]:
    """Closed squares with white around them, in a picture, RGB or grey.

    `size` is the height of its text in pixels.
    """
    grey = page if page.ndim == 2 else cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)
    window = min(max(3, int(_AROUND * size) | 1), WIDEST)
    ink = darker(torch.from_numpy(grey), window, _CONTRAST)
    run = max(3, int(0.8 * _LEAST * size))
    sides = opening(ink, (1, run)) | opening(ink, (run, 1))
    drawn = closing(sides, (3, 3)).numpy().view(np.uint8)
    outlines, tree = cv2.findContours(drawn, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for outline, (*_, parent) in zip(outlines, tree[0] if tree is not None else (), strict=True):
        left, top, width, height = cv2.boundingRect(outline)
        short, long = sorted((width, height))
        is_hole = parent >= 0
        if is_hole or short < _LEAST * size or long > min(_MOST * size, 1.5 * short):
            continue
        box = _frame(drawn[top : top + height, left : left + width] > 0, left, top)
        ticked = None if box is None else _ticked(ink.numpy(), box, size)
        if box is not None and ticked is not None:
            found.append(TickBox(box, ticked))
    return found


def _frame(mask: Mask, left: int, top: int) -> Box | None:
    """The frame of a box in a piece of ink, or None; `left`, `top` is where its first pixel lies.

    A frame has four closed, straight sides that meet in square corners, one of which may be
    broken. What of a tick reaches out is left off.
    """
    rows = np.flatnonzero(mask.mean(axis=1) >= _LEVEL)
    columns = np.flatnonzero(mask.mean(axis=0) >= _LEVEL)
    if not rows.size or not columns.size:
        return None
    mask = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    short, long = sorted(mask.shape)
    thick, near = max(2, round(0.1 * short)), max(1, round(_CORNER * short))
    level, upright = (mask[:thick], mask[-thick:]), (mask[:, :thick], mask[:, -thick:])
    sides = [*(side.any(axis=0) for side in level), *(side.any(axis=1) for side in upright)]
    ends = (slice(None, near), slice(-near, None))
    corners = sum(bool(mask[y, x].any()) for y in ends for x in ends)
    if long > _SQUARE * short or corners < 3 or min(float(s.mean()) for s in sides) < _SIDE:
        return None
    x, y = left + int(columns[0]), top + int(rows[0])
    return Box(x, y, x + mask.shape[1], y + mask.shape[0])


def _ticked(ink: Mask, box: Box, size: float) -> bool | None:
    """Whether a frame is ticked; None where it is no tick box for what is in or around it."""
    left, top, right, bottom = (int(v) for v in (box.left, box.top, box.right, box.bottom))
    rim = max(2, round(_THICKEST * min(box.width, box.height)))
    inside = ink[top + rim : bottom - rim, left + rim : right - rim]
    share = float(inside.mean()) if inside.size else 1.0
    if share > _FILLED:
        return None
    margin = max(2, round(_MARGIN * size))
    y, x = max(0, top - margin), max(0, left - margin)
    around = ink[y : bottom + margin, x : right + margin].copy()
    around[top - y : bottom - y, left - x : right - x] = 0
    ring = around.size - (bottom - top) * (right - left)
    stray = float(around.sum()) / max(1, ring)
    ticked = share >= _TICK
    return ticked if stray <= _STRAY[ticked] else None


def _is_letter(box: Box, lines: Sequence[Line]) -> bool:
    """Whether something was read in the place of a box that is no misreading of one."""
    return any(
        character.text not in SEEN_AS
        for line in lines
        if line.polygon.box.intersection(box)
        for word in line.words
        for character in word.characters
        if box.contains(character.polygon.center)
    )


def _without(line: Line, box: Box) -> Line | None:
    """A line without the characters in the place of a box; None where none are left."""
    if not line.polygon.box.intersection(box):
        return line
    words = []
    for word in line.words:
        kept = tuple(c for c in word.characters if not box.contains(c.polygon.center))
        if len(kept) == len(word.characters):
            words.append(word)
        elif kept:
            text = "".join(c.text for c in kept)
            around = Box.around(c.polygon.box for c in kept).polygon()
            words.append(replace(word, text=text, polygon=around, characters=kept))
    return replace(line, words=tuple(words)) if words else None


def _line_beside(box: Box, lines: Sequence[Line], size: float) -> int | None:
    """The number of the line that a box stands in, or next to; lines after a box come first."""
    best: tuple[float, int] | None = None
    for number, line in enumerate(lines):
        place = line.polygon.box
        common = min(place.bottom, box.bottom) - max(place.top, box.top)
        if quarter_turns(line) or common < 0.5 * min(box.height, place.height):
            continue
        before, after = place.left - box.right, box.left - place.right
        distance = max(before, after, 0.0)
        if distance <= _NEXT * size:
            best = min(best or (np.inf, 0), (distance + (size if after > 0 else 0), number))
    return None if best is None else best[1]


def _with_word(line: Line, word: Word) -> Line:
    """A line with one more word, at its place from left to right."""
    words = sorted((*line.words, word), key=lambda each: each.polygon.center[0])
    return Line(tuple(words), _reaching(line, word.polygon.box))


def _reaching(line: Line, box: Box) -> Polygon:
    """A line's outline drawn out to the left or right until it holds a box."""
    corners = line.polygon.points
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    if left <= box.left and box.right <= right:
        return line.polygon
    middle = (left + right) / 2
    return Polygon(
        tuple((min(x, box.left) if x < middle else max(x, box.right), y) for x, y in corners)
    )


def _are_twins(one: TickBox, other: TickBox) -> bool:
    """Whether two boxes, not the same, are equally large."""
    return other is not one and all(
        abs(a - b) <= _TWINS * max(a, b)
        for a, b in ((one.box.width, other.box.width), (one.box.height, other.box.height))
    )
