"""Tokens: the recognised words, cut so that none reaches over a ruling or a wide gap."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, pairwise
from statistics import median

from table_restore.currencies import CURRENCY
from table_restore.document import Line, Word
from table_restore.geometry import Box, Polygon
from table_restore.ruling import Ruling
from table_restore.unread import UNREAD
from table_restore.upright import Upright

_NUMBER = re.compile(
    r"([\s(\[<>≤≥±+\-–—−~$€£¥%‰*†‡.,:;'’/)\]\d]|(?<=\d)·(?=\d))*[a-z]?[*)\]%]*", re.IGNORECASE
)
_YEAR = re.compile(r"(19|20)\d\d")
_CURRENCIES = frozenset({"$", "€", "£", "¥", "￥", "HK$", "US$", "A$", "C$", "R$", "S$", "NT$"})
_BARS = frozenset("|¦│丨")
_LEADER = re.compile(r"[.·…․‥_]{3,}")
_DOTS = re.compile(r"[.·…․‥]+")
_NEAR = 1.0  # dots closer behind a word, in text heights, than a column is
_ELLIPSIS = 3  # so many dots stand for a value where they lead from no word
_THIN = 0.12  # the width of a ruling, in text heights, and of no character
_WIDE = 0.9  # a gap between two characters, in text heights, that no word has


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a part of one: characters `first` to `last` (exclusive) of lines[line].words[word].

    `box` is upright; a word without characters is one token, with `last` as None.
    """

    line: int
    word: int
    first: int
    last: int | None
    text: str
    box: Box
    lone: bool = False
    """Whether it is all that its line says."""
    trail: bool = False
    """Whether it is dots close behind a word of a line that has no number: a part of a leader."""

    @property
    def currency(self) -> bool:
        """Whether it is the sign of a currency, its amount a word of its own."""
        return self.text in _CURRENCIES

    @property
    def leader(self) -> bool:
        """Whether it is nothing but dots that lead the eye from one column to the next.

        Three by themselves stand for a value.
        """
        value = self.lone and len(self.text) <= _ELLIPSIS
        return self.trail or (not value and _is_leader(self.text))

    @property
    def unread(self) -> bool:
        """Whether it only stands for text that nobody could read."""
        return self.text.startswith(UNREAD)

    @property
    def numeric(self) -> bool:
        """Whether it can be a number, a dash or another mark that stands for a value.

        A currency may stand before the number, or behind it.
        """
        return _is_numeric(self.text)


# Texts are asked about time and again while a table is restored.
@lru_cache(maxsize=4096)
def is_year(text: str) -> bool:
    """Whether a number may be the name of a year."""
    return bool(_YEAR.fullmatch(text))


def _is_leader(text: str) -> bool:
    return bool(_LEADER.fullmatch(text))


@lru_cache(maxsize=4096)
def _is_numeric(text: str) -> bool:
    if _NUMBER.fullmatch(text):
        return True
    return text[-1:].isdigit() and bool(_NUMBER.fullmatch(CURRENCY.sub("", text)))


def cut_tokens(
    lines: Sequence[Line],
    upright: Upright,
    rulings: Sequence[Ruling],
    text_height: float,
    first: int = 0,
) -> list[Token]:
    """The tokens of all lines, in their order; lines are numbered from `first`."""
    walls = [r for r in rulings if not r.horizontal]
    words = [
        (number, place, word)
        for number, line in enumerate(lines, first)
        for place, word in enumerate(line.words)
    ]
    # A word of one character is where the word is, not where the character is.
    parts = [
        part.polygon
        for *_, word in words
        for part in (word.characters if len(word.characters) > 1 else (word,))
    ]
    edges = iter(upright.edges(parts).tolist())
    tokens: list[list[Token]] = [[] for _ in lines]
    for number, place, word in words:
        own = list(islice(edges, max(1, len(word.characters))))
        tokens[number - first] += _cut(number, place, word, own, walls, text_height)
    return [token for line in tokens for token in _of_line(line, text_height)]


def _of_line(tokens: Sequence[Token], text_height: float) -> list[Token]:
    """The tokens of a line, knowing of one another."""
    if len(tokens) == 1:
        return [replace(tokens[0], lone=True)]
    if not any(_DOTS.fullmatch(t.text) for t in tokens) or any(
        t.numeric and not _DOTS.fullmatch(t.text) for t in tokens
    ):
        return list(tokens)
    made = list(tokens[:1])
    for before, token in pairwise(tokens):
        near = token.box.left - before.box.right < _NEAR * text_height
        follows = made[-1].trail or not _DOTS.fullmatch(before.text)
        trail = bool(_DOTS.fullmatch(token.text)) and near and follows
        made.append(replace(token, trail=trail))
    return made


def _cut(
    line: int,
    place: int,
    word: Word,
    edges: Sequence[Sequence[float]],
    walls: Sequence[Ruling],
    text_height: float,
) -> list[Token]:
    """The tokens of a word.

    `edges` are the left, top, right and bottom of its characters, or its own where it has one
    character or none.
    """
    lefts, tops, rights, bottoms = zip(*edges, strict=True)
    whole = Box(min(lefts), min(tops), max(rights), max(bottoms))
    count = len(word.characters)
    if count < 2:
        if _is_wall(word.text, whole, walls, text_height):
            return []
        return [Token(line, place, 0, count or None, word.text, whole)]
    middle = whole.center[1]
    crossing = [
        r.position
        for r in walls
        if whole.left < r.position < whole.right and r.start <= middle <= r.end
    ]
    leaders = {place for run in _LEADER.finditer(word.text) for place in run.span()}
    apart = any(b - a >= _WIDE * text_height for a, b in zip(rights, lefts[1:], strict=False))
    if not (crossing or leaders or apart) and _BARS.isdisjoint(word.text):
        return [Token(line, place, 0, count, word.text, whole)]
    boxes = [Box(*each) for each in edges]
    ruled = [
        c.text in _BARS and _is_wall(c.text, b, walls, text_height)
        for c, b in zip(word.characters, boxes, strict=True)
    ]
    tokens, first = [], 0
    for index in range(1, count + 1):
        if ruled[index - 1] and first == index - 1:
            first = index
            continue
        if index < count and not ruled[index]:
            gap = boxes[index].left - boxes[index - 1].right
            walled = _walled(boxes[index - 1], boxes[index], crossing, text_height)
            if gap < _WIDE * text_height and not walled and index not in leaders:
                continue
        if first == index:
            continue
        text = "".join(c.text for c in word.characters[first:index])
        tokens.append(Token(line, place, first, index, text, Box.around(boxes[first:index])))
        first = index
    return tokens


def _walled(left: Box, right: Box, crossing: Sequence[float], text_height: float) -> bool:
    """Whether a ruling stands between two neighbouring characters.

    A character as thin as a ruling is one whose box was put on the ruling's ink.
    """
    thinner = min(left.width, right.width)
    low, high = left.center[0], right.center[0]
    return thinner > _THIN * text_height and any(low < x <= high for x in crossing)


def _is_wall(text: str, box: Box, walls: Sequence[Ruling], text_height: float) -> bool:
    """Whether a character is an upright ruling that was read as one."""
    reach = 0.2 * text_height
    return text in _BARS and any(
        box.left - reach < r.position < box.right + reach and r.start < box.center[1] < r.end
        for r in walls
    )


def assemble(tokens: Sequence[Token], lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines made of the given tokens: one for each line that they come from, top to bottom.

    What was not read is left out.
    """
    pieces: dict[int, list[Token]] = {}
    for token in tokens:
        if not token.unread:
            pieces.setdefault(token.line, []).append(token)
    made: list[tuple[Box, Line]] = []
    for number, parts in pieces.items():
        parts.sort(key=lambda t: (t.word, t.first))
        words = tuple(_word(lines[number].words[t.word], t) for t in _merge_parts(parts))
        whole = len(words) == len(lines[number].words) and all(
            a is b for a, b in zip(words, lines[number].words, strict=True)
        )
        line = lines[number] if whole else Line(words, _around(words))
        made.append((Box.around(t.box for t in parts), line))
    return tuple(line for _, line in sorted(made, key=_reading_key(made)))


def _merge_parts(parts: Sequence[Token]) -> list[Token]:
    """Neighbouring parts of one word made one again."""
    merged: list[Token] = []
    for part in parts:
        last = merged[-1] if merged else None
        if last is not None and last.word == part.word and last.last == part.first:
            box = last.box.union(part.box)
            merged[-1] = Token(
                last.line, last.word, last.first, part.last, last.text + part.text, box
            )
        else:
            merged.append(part)
    return merged


def _word(word: Word, token: Token) -> Word:
    if token.last is None or (token.first == 0 and token.last == len(word.characters)):
        return word
    characters = word.characters[token.first : token.last]
    confidence = sum(c.confidence for c in characters) / len(characters)
    points = _span([c.polygon for c in characters])
    return Word(token.text, points, confidence, characters)


def _around(words: Sequence[Word]) -> Polygon:
    return words[0].polygon if len(words) == 1 else _span([w.polygon for w in words])


def _span(parts: Sequence[Polygon]) -> Polygon:
    """One outline from the first part's beginning to the last one's end."""
    if all(len(p.points) == 4 for p in parts) and not _upright(parts):
        first, last = parts[0].points, parts[-1].points
        return Polygon((first[0], last[1], last[2], first[3]))
    return Box.around(p.box for p in parts).polygon()


def _upright(parts: Sequence[Polygon]) -> bool:
    return all(p.points[0][1] == p.points[1][1] for p in parts)


def _reading_key(
    made: Sequence[tuple[Box, Line]],
) -> Callable[[tuple[Box, Line]], tuple[int, float]]:
    """Sort key: lines whose middles are within half a line stand on one row."""
    heights = [box.height for box, _ in made]
    step = 0.5 * median(heights) if heights else 1.0
    middles = sorted(box.center[1] for box, _ in made)
    rows: list[float] = []
    for y in middles:
        if not rows or y - rows[-1] > step:
            rows.append(y)

    def key(item: tuple[Box, Line]) -> tuple[int, float]:
        y = item[0].center[1]
        return bisect_right(rows, y), item[0].left

    return key
