"""Text that nobody could read: ink where a detector saw lines, and no recognised word stands.

In a script that the recogniser does not know, lines say nothing, or next to nothing. Where their
words stand still tells a table's cells, and that their letters are no rulings.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from table_restore.document import Line, Word
from table_restore.geometry import Box
from table_restore.upright import Upright

UNREAD = "\ufffd"
"""What stands for a character that was not read."""

_MARGIN = 0.15  # by this share of its height an outline reaches beyond tall letters
_BARE = 0.6  # a part of a line without words, in line heights, that is worth a look
_DOUBTFUL_BARE = 0.35  # the same where what was read is doubtful
_DOUBTFUL = 0.9  # words read with less confidence are
_STRENGTH = 0.3  # the share of the strongest ink's depth that makes ink
_FAINTEST = 24  # grey levels; what is fainter is paper
_GAP = 0.3  # the gap between two words, in line heights
_LOWEST = 0.22  # ink lower or narrower than this share of the line's height is no word
_DASHES = 0.3, 3.0  # flat and wide, in line heights: a row of dashes, or a longer line
_OVER = 0.15  # letters' ink reaches by less than this share of its height out of their boxes
_ADVANCE = 0.5  # the usual width of a character, in heights of its word


def unread_lines(
    grey: npt.NDArray[np.uint8],
    outlines: Sequence[Box],
    words: Sequence[tuple[Box, float]],
    upright: Upright,
) -> list[Line]:
    """A line of placeholders for every outline that holds ink outside all words.

    `grey` is the upright page [h, w]; `outlines` and `words`, with their confidence, are upright,
    the result is in page pixels. What is higher than wide is left alone.
    """
    found = []
    for outline, inside in zip(outlines, _held(outlines, [w for w, _ in words]), strict=True):
        held = [words[i] for i in inside]
        if outline.height > outline.width or not _is_bare(outline, held):
            continue
        boxes = _words(grey, outline, [w for w, _ in held])
        if boxes:
            parts = tuple(_word(box, upright) for box in boxes)
            core = outline.grow(-_MARGIN * outline.height)
            height = Box(boxes[0].left, core.top, boxes[-1].right, core.bottom)
            found.append(Line(parts, upright.polygon(height)))
    return found


def _held(outlines: Sequence[Box], words: Sequence[Box]) -> list[list[int]]:
    """The numbers of the words that share an area with each outline."""
    a, b = (
        np.array([(x.left, x.top, x.right, x.bottom) for x in boxes]).reshape(-1, 4)
        for boxes in (outlines, words)
    )
    wide, high = (
        np.maximum(a[:, None, k], b[:, k]) < np.minimum(a[:, None, k + 2], b[:, k + 2])
        for k in (0, 1)
    )
    return [np.flatnonzero(row).tolist() for row in wide & high]


def _is_bare(outline: Box, words: Sequence[tuple[Box, float]]) -> bool:
    """Whether words leave a wide part of an outline free."""
    reached, widest = outline.left, 0.0
    doubtful = any(sure < _DOUBTFUL for _, sure in words)
    for word in sorted((w for w, _ in words), key=lambda w: w.left):
        if outline.top < word.center[1] < outline.bottom and word.right > reached:
            widest = max(widest, min(word.left, outline.right) - reached)
            reached = max(reached, word.right)
    return (
        max(widest, outline.right - reached)
        > (_DOUBTFUL_BARE if doubtful else _BARE) * outline.height
    )


def _words(grey: npt.NDArray[np.uint8], outline: Box, words: Sequence[Box]) -> list[Box]:
    """The boxes of words in an outline that none of `words` holds, left to right."""
    margin = 0.2 * outline.height
    around = outline.grow(margin)
    left, top = max(0, int(around.left)), max(0, int(around.top))
    part = grey[top : max(top, int(around.bottom)), left : max(left, int(around.right))]
    if min(part.shape) < 4:
        return []
    height, width = part.shape
    _, _, stats, centers = cv2.connectedComponentsWithStats(_ink(part), connectivity=8)
    pieces = []
    for (x, y, w, h, area), (cx, cy) in zip(stats[1:].tolist(), centers[1:].tolist(), strict=True):
        ruling = (y == 0 and y + h == height) or (x == 0 and x + w == width) or w > 6 * height
        if area > 2 and not ruling and outline.contains((left + cx, top + cy)):
            box = Box(float(left + x), float(top + y), float(left + x + w), float(top + y + h))
            pieces += _beside(box, words)
    joined: list[list[Box]] = []
    reached = -np.inf
    for box in sorted(pieces, key=lambda b: b.left):
        if box.left - reached <= _GAP * outline.height:
            joined[-1].append(box)
        else:
            joined.append([box])
        reached = max(reached, box.right)
    least = _LOWEST * outline.height
    found = [Box.around(group) for group in joined if not _are_dashes(group, outline.height)]
    return [b for b in found if b.height >= least and b.width >= 0.5 * least]


def _are_dashes(pieces: Sequence[Box], height: float) -> bool:
    """Whether pieces of ink are a row of dashes, whatever rulings and letters it touches."""
    flat, wide = (share * height for share in _DASHES)
    across = Box.around(pieces)
    lines = [p for p in pieces if p.height < flat and p.width > p.height]
    dashes = sum(p.width for p in lines if p.width <= wide)
    letters = sum(p.width for p in pieces) - sum(p.width for p in lines)
    return across.width > wide and (across.height < flat or dashes > letters)


def _beside(piece: Box, words: Sequence[Box]) -> list[Box]:
    """What of a piece of ink no word covers: it may be more letters than were read."""
    middle, least = piece.center[1], _OVER * piece.height
    free = [(piece.left, piece.right)]
    for word in words:
        if word.top < middle < word.bottom or piece.top < word.center[1] < piece.bottom:
            free = [
                (start, end)
                for left, right in free
                for start, end in ((left, min(right, word.left)), (max(left, word.right), right))
                if end - start > least
            ]
            if not free:
                break
    return [Box(start, piece.top, end, piece.bottom) for start, end in free]


def _ink(part: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The ink of a line's picture, dark on light or light on dark."""
    paper = float(np.median(part))
    dark = paper - float(part.min()) >= float(part.max()) - paper
    depth = paper - part if dark else part - paper
    return np.asarray(depth >= max(_FAINTEST, _STRENGTH * float(depth.max())), np.uint8)


def _word(box: Box, upright: Upright) -> Word:
    count = max(1, round(box.width / (_ADVANCE * box.height)))
    return Word(UNREAD * count, upright.polygon(box), 0.0)
