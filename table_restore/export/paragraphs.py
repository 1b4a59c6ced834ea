"""Printed lines joined into running text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from table_restore.document import Line
from table_restore.export.characters import is_east_asian
from table_restore.export.measures import character_width, direction, extent

_HYPHENS = "-\u2010\u00ad"
# After a hyphen at a line's end these begin no second half of a word: "Ein- und Ausgang".
_CONJUNCTIONS = frozenset(
    ("and", "or", "to", "und", "oder", "bzw", "bis", "et", "ou", "y", "o", "e", "en", "of")
)


def join_lines(lines: Sequence[Line]) -> str:
    """The text of a paragraph's lines, with "\\n" only where the paper breaks on purpose.

    Words divided at a line's end are put together where the next line goes on in lower case
    ("infor-" and "mation"); other hyphens stay. Scripts without spaces get none.
    """
    if not lines:
        return ""
    text = lines[0].text
    for following, forced in zip(lines[1:], _forced_breaks(lines), strict=True):
        text = _join(text, following.text, forced)
    return text


def _join(text: str, following: str, forced: bool) -> str:
    if not text or not following:
        return text + following
    if text[-1] in _HYPHENS and text[-2:-1].isalnum():
        word = following.split(maxsplit=1)[0].rstrip(".,;:").casefold()
        if word in _CONJUNCTIONS:
            return f"{text} {following}"
        divided = text[-2].isalpha() and following[0].islower()
        return (text[:-1] if divided else text) + following
    if forced:
        return f"{text}\n{following}"
    if is_east_asian(text[-1]) and is_east_asian(following[0]):
        return text + following
    return f"{text} {following}"


def _forced_breaks(lines: Sequence[Line]) -> list[bool]:
    """For every line but the last, whether the paper breaks on purpose after it.

    Where that holds for half of them it holds for all: the lines of an address.
    """
    edge = max(_end(line) for line in lines)
    forced = [_is_forced(line, following, edge) for line, following in pairwise(lines)]
    return [True] * len(forced) if 2 * sum(forced) >= len(forced) else forced


def _is_forced(line: Line, following: Line, edge: float) -> bool:
    """Whether the next line's first word would have fitted behind this line."""
    if line.text.endswith(tuple(_HYPHENS)):
        return False
    room = edge - _end(line)
    character = character_width([following]) or 0.0
    first = following.words[0]
    # A line of Chinese is one word; it breaks after any character.
    word = character * 2 if is_east_asian(first.text[:1] or " ") else extent(first.polygon)[0]
    return room > word + 2 * character


def _end(line: Line) -> float:
    """Where the line ends, in pixels along its reading direction."""
    if len(line.polygon.points) != 4:
        return line.polygon.box.right
    (dx, dy), (x, y) = direction(line.polygon), line.polygon.points[1]
    return dx * x + dy * y
