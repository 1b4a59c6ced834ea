"""What recognition read that is no text of its own: rulings, and lines seen across others.

A detector takes dashes in a row for a line of text, or lays a box across rows and rulings; upright
strokes beside a text become its first or last letter. Such words must not hide the rulings below
them, nor stand in a table's cells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

import numpy as np

from table_restore.document import Line, Word
from table_restore.geometry import Box, Edges
from table_restore.ruling import Ruling
from table_restore.upright import Upright

_DASHES = re.compile(r"[-–—_=一十+]")
_RUN = 3  # so many dashes in a row are a line's
_SHARE = 0.4  # the share of a word's characters that are dashes where it is a line
_STROKES = frozenset("|¦│丨lIi1!一")
_THIN = 0.25  # the width of a lone stroke that may be a ruling, as a share of its height
_WIDE = 2.0  # a first or last letter so many times as wide as usual holds a stroke beside it
_BROAD = 0.9  # and at least so wide, as a share of the word's height
_TALL = 1.4  # the height of a line laid across others, in theirs
_SURE = 0.9  # the confidence of lines that are taken as read


def is_stroke(text: str, box: Box) -> bool:
    """Whether what was read is one upright stroke, which may be a dash of a ruling."""
    return text in _STROKES and box.width <= _THIN * box.height


def is_dashes(text: str) -> bool:
    """Whether what was read may be a dashed line, crossings and all."""
    marks = _DASHES.findall(text)
    run = re.search(rf"(?:{_DASHES.pattern}){{{_RUN}}}", text)
    return run is not None and len(marks) >= _SHARE * len(text)


def without_crossing(lines: Sequence[Line], upright: Upright) -> tuple[list[Line], list[Line]]:
    """The lines, and those apart that were read unsurely across several surer ones."""
    unsure = [n for n, line in enumerate(lines) if _confidence(line) < _SURE]
    if not unsure:
        return list(lines), []
    words = [(n, word) for n, line in enumerate(lines) for word in line.words]
    own = np.array([n for n, _ in words])
    sure = np.array([word.confidence for _, word in words]) >= _SURE
    boxes = upright.boxes([word.polygon for _, word in words])
    middles = np.array([box.center for box in boxes])
    heights = np.array([box.height for box in boxes])
    crossing = set()
    for n, box in zip(unsure, upright.boxes([lines[n].polygon for n in unsure]), strict=True):
        low, high = (box.left, box.top), (box.right, box.bottom)
        inside = ((low < middles) & (middles < high)).all(axis=1)
        if (inside & sure & (own != n) & (box.height >= _TALL * heights)).any():
            crossing.add(n)
    kept = [line for n, line in enumerate(lines) if n not in crossing]
    return kept, [lines[n] for n in sorted(crossing)]


def hiding_boxes(words: Sequence[Word], boxes: Sequence[Box], upright: Upright) -> list[Box]:
    """The places of words that are text, where no ruling is looked for.

    `boxes` are the words' upright boxes.
    """
    texts = [
        (word, box)
        for word, box in zip(words, boxes, strict=True)
        if not is_dashes(word.text) and not is_stroke(word.text, box)
    ]
    edges = upright.edges([c.polygon for word, _ in texts for c in word.characters])
    ends = np.cumsum([len(word.characters) for word, _ in texts]).tolist()
    return [
        _without_strokes(word, box, edges[end - len(word.characters) : end])
        for (word, box), end in zip(texts, ends, strict=True)
    ]


def is_ruling(text: str, box: Box, rulings: Sequence[Ruling]) -> bool:
    """Whether what was read is a ruling: one of `rulings` runs through its place."""
    if is_stroke(text, box):
        return any(
            not r.horizontal
            and abs(r.position - box.center[0]) <= box.width / 2 + r.thickness
            and r.start < box.center[1] < r.end
            for r in rulings
        )
    return is_dashes(text) and any(
        r.horizontal
        and box.top < r.position < box.bottom
        and min(r.end, box.right) - max(r.start, box.left) >= 0.5 * box.width
        for r in rulings
    )


def _confidence(line: Line) -> float:
    """The mean confidence of a line's characters."""
    length = sum(len(word.text) for word in line.words)
    return sum(word.confidence * len(word.text) for word in line.words) / max(1, length)


def _without_strokes(word: Word, box: Box, edges: Edges) -> Box:
    """A word's box without an upright stroke that its first or last letter takes in.

    `edges` are those of its characters.
    """
    if len(edges) < 3:
        return box
    widths = edges[:, 2] - edges[:, 0]
    usual = float(median(widths.tolist()))
    most = max(_WIDE * usual, _BROAD * box.height)
    left, right = box.left, box.right
    if word.characters[0].text in _STROKES or widths[0] > most:
        left = max(left, float(edges[1, 0]) - usual)
    if word.characters[-1].text in _STROKES or widths[-1] > most:
        right = min(right, float(edges[-2, 2]) + usual)
    return Box(left, box.top, right, box.bottom)
