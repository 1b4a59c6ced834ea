"""Printed lines joined into running text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from table_restore.document import Block, BlockKind, Line
from table_restore.export.characters import is_east_asian
from table_restore.export.measures import character_width, direction, extent, is_beside
from table_restore.geometry import Point

_HYPHENS = "-\u2010\u00ad"
# After a hyphen at a line's end these begin no second half of a word: "Ein- und Ausgang".
_CONJUNCTIONS = frozenset(
    ("and", "or", "to", "und", "oder", "bzw", "bis", "et", "ou", "y", "o", "e", "en", "of")
)


# What begins an item of a list: a bullet, or a number behind the end of a sentence.
_BULLET = re.compile(r"[•●▪■◦‣·*–-]\s|[①-⑳]")
_NUMBER = re.compile(r"\(?[0-9]{1,3}[.)]\s|\(?[a-z]\)\s|[（(]?[一二三四五六七八九十]{1,3}[、)）]")
_SENTENCE_ENDS = tuple(".:;!?。：；！？")

# So few lines need not be as wide as the column they stand in.
_FEW_LINES = 3
# A typist ends a line early now and then; a break that is meant leaves more of the width.
_SLACK = 0.12


def column_edge(block: Block, blocks: Iterable[Block]) -> float | None:
    """Where the text column of a short block ends, by the page's blocks with the same left edge.

    In pixels along the reading direction; None for a block that is long enough to tell itself.
    """
    if len(block.lines) > _FEW_LINES:
        return None
    start = min(_start(line) for line in block.lines)
    near = 2 * (character_width(block.lines) or 0.0)
    return max(
        (
            _end(line)
            for other in blocks
            if other.kind is BlockKind.PARAGRAPH
            and abs(min(_start(line) for line in other.lines) - start) <= near
            for line in other.lines
        ),
        default=None,
    )


def join_lines(lines: Sequence[Line], edge: float | None = None) -> str:
    """The text of a paragraph's lines, with "\\n" only where the paper breaks on purpose.

    Between lines that stand beside one another, the pieces of a row, is a tab.

    `edge` is where the lines could end (see `column_edge`), if that is beyond where they do.
    Words divided at a line's end are put together where the next line goes on in lower case
    ("infor-" and "mation"); other hyphens stay. Scripts without spaces get none.
    """
    if not lines:
        return ""
    text = lines[0].text
    ends = [_end(line) for line in lines]
    edge = max(ends if edge is None else [edge, *ends])
    breaks = _forced_breaks(lines, edge)
    for (line, following), forced in zip(pairwise(lines), breaks, strict=True):
        if is_beside(line, following):
            text = f"{text}\t{following.text}"
        else:
            text = _join(text, following.text, forced)
    return text


def _join(text: str, following: str, forced: bool) -> str:
    if not text or not following:
        return text + following
    if text[-1] in _HYPHENS and text[-2:-1].isalnum():
        word = following.split(maxsplit=1)[0].rstrip(".,;:").casefold()
        if word in _CONJUNCTIONS:
            return f"{text} {following}"
        # What is written with hyphens keeps that at the line's end: "state-" and "of-the-art".
        first = text[:-1].rsplit(maxsplit=1)[-1]
        compound = any(mark in part for part in (first, word) for mark in _HYPHENS)
        divided = text[-2].isalpha() and following[0].islower() and not compound
        return (text[:-1] if divided else text) + following
    if forced:
        return f"{text}\n{following}"
    if is_east_asian(text[-1]) and is_east_asian(following[0]):
        return text + following
    return f"{text} {following}"


def _forced_breaks(lines: Sequence[Line], edge: float) -> list[bool]:
    """For every line but the last, whether the paper breaks on purpose after it.

    Where that holds for half of them it holds for all: the lines of an address.
    """
    forced = [_is_forced(line, following, edge) for line, following in pairwise(lines)]
    return [True] * len(forced) if 2 * sum(forced) >= len(forced) else forced


def _is_forced(line: Line, following: Line, edge: float) -> bool:
    """Whether the next line's first word would have fitted behind this line, with room to spare."""
    if line.text.endswith(tuple(_HYPHENS)):
        return False
    if _BULLET.match(following.text):
        return True
    if _NUMBER.match(following.text) and line.text.endswith(_SENTENCE_ENDS):
        return True
    room = edge - _end(line)
    character = character_width([following]) or 0.0
    first = following.words[0]
    # A line of Chinese is one word; it breaks after any character.
    word = character * 2 if is_east_asian(first.text[:1] or " ") else extent(first.polygon)[0]
    return room > max(word + 2 * character, _SLACK * (edge - _start(line)))


def _start(line: Line) -> float:
    """Where the line begins, in pixels along its reading direction."""
    if len(line.polygon.points) != 4:
        return line.polygon.box.left
    return _along(line, line.polygon.points[0])


def _end(line: Line) -> float:
    """Where the line ends, in pixels along its reading direction."""
    if len(line.polygon.points) != 4:
        return line.polygon.box.right
    return _along(line, line.polygon.points[1])


def _along(line: Line, point: Point) -> float:
    dx, dy = direction(line.polygon)
    return dx * point[0] + dy * point[1]
