"""Phrases of a page, and which of them are running text rather than entries of a table."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
import numpy.typing as npt

from table_restore.alignment import phrase_space
from table_restore.geometry import Box
from table_restore.text_rows import text_rows
from table_restore.tokens import Token

_MARK = re.compile(r"[(\[]?(\d{1,3}|[ivxlcIVXLC]{1,5}|[a-zA-Z])[)\].:]{1,2}|[•·●▪■◦–—*-]")
_CAPTION = re.compile(
    r"(table|tab\.|tableau|tabelle|tabla|tabela|tabella|таблица|figure|fig\.|表|图|圖)\s*"
    r"[a-z]?[\divxlc]+([.\-–]\d+)*\s?[.:\-–—)]?(\s.*)?",
    re.IGNORECASE,
)
_FIRST_IDEOGRAPH = "\u2e80"
_STOPS = frozenset(".?!:;")
_SENTENCE_GAP = 2.2  # the widest gap between two sentences, in text heights
_STANDS = 1.5  # how much higher than wide a text is that stands on its side
_CELLS = 3  # cells of sentences stand at least so many in a row,
_ROWS_OF_CELLS = 3  # in so many rows, a head among them,
_PARTED = 0.7  # parted by gaps of so many text heights,
_FLUSH = 0.5  # and begin in one place where they differ by less
_LONG = 13.0  # the least width of a line of running text, in text heights


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens of one row of text with no wide gap between them; `row` counts from the top."""

    tokens: tuple[Token, ...]
    box: Box
    row: int

    @property
    def numeric(self) -> bool:
        return all(t.numeric for t in self.tokens)

    @property
    def text(self) -> str:
        return " ".join(t.text for t in self.tokens)

    @property
    def stands(self) -> bool:
        """Whether it runs up or down the page, as a heading on its side or a name of an axis."""
        return self.box.height > _STANDS * self.box.width and len(self.text) > 2


def find_phrases(tokens: Sequence[Token], text_height: float) -> list[Phrase]:
    """All phrases, row by row, left to right."""
    found = []
    space = phrase_space(tokens, text_height)
    for number, row in enumerate(text_rows(tokens, text_height)):
        runs: list[tuple[Token, ...]] = []
        for run in row.phrases(space):
            if runs and _next_sentence(runs[-1], run, text_height):
                runs[-1] += run
            else:
                runs.append(run)
        found += [Phrase(run, Box.around(t.box for t in run), number) for run in runs]
    return found


def _next_sentence(before: Sequence[Token], after: Sequence[Token], text_height: float) -> bool:
    """Whether a gap is the wide space that typists leave behind a full stop."""
    gap = after[0].box.left - max(t.box.right for t in before)
    return (
        gap < _SENTENCE_GAP * text_height
        and len(before) >= 2
        and before[-1].text[-1:] in _STOPS
        and before[-1].text[:1].isalpha()
        and len(before[-1].text) > 2
        and after[0].text[:1].isalpha()
    )


def find_captions(phrases: Sequence[Phrase]) -> set[int]:
    """The indices of phrases that begin a caption, alone in their row: "Table 3. Exports"."""
    rows = [p.row for p in phrases]
    return {
        i
        for i, p in enumerate(phrases)
        if rows.count(p.row) == 1 and len(p.tokens) >= 2 and _CAPTION.fullmatch(p.text)
    }


def find_prose(phrases: Sequence[Phrase], text_height: float) -> set[int]:
    """The indices of phrases that are lines of paragraphs.

    A paragraph is a stack of long lines, flush on a side, or one long line behind the mark of a
    list. A stack with numbers right of most of its lines is a column of labels instead, unless
    it is set in justified lines.
    """
    rows: dict[int, list[int]] = {}
    for index, phrase in enumerate(phrases):
        rows.setdefault(phrase.row, []).append(index)
    long = [i for i, p in enumerate(phrases) if _long(p, text_height)]
    stacks = _stacks(phrases, long, text_height)
    marks = {i: m for i in long if (m := _list_mark(phrases, rows[phrases[i].row], i)) is not None}
    prose: set[int] = set()
    for stack in stacks:
        if len(stack) < 2 and stack[0] not in marks:
            continue
        boxes = [phrases[i].box for i in stack]
        beside = sum(
            any(
                phrases[j].numeric and phrases[j].box.left > phrases[i].box.right
                for j in rows[phrases[i].row]
            )
            for i in stack
        )
        right = median([b.right for b in boxes])
        flush = sum(abs(b.right - right) < 0.5 * text_height for b in boxes)
        justified = len(stack) >= 5 and flush >= 0.65 * len(stack)
        if justified or beside < 0.4 * len(stack):
            prose |= set(stack)
    prose |= {marks[i] for i in marks if i in prose}
    return prose | _last_lines(phrases, prose, text_height)


def in_aligned_rows(phrases: Sequence[Phrase], text_height: float) -> set[int]:
    """The indices of phrases in rows of cells that hold sentences, each cell of several lines.

    The cells of a row begin on one line below a gap, and where those of other rows begin; so do
    not even paragraphs in three columns.
    """
    rows: dict[int, list[Phrase]] = {}
    for phrase in phrases:
        rows.setdefault(phrase.row, []).append(phrase)
    broad = [row for row in rows.values() if len(row) >= _CELLS]
    if len(broad) < _ROWS_OF_CELLS:
        return set()
    edges = np.array([(p.box.left, p.box.top, p.box.right, p.box.bottom) for p in phrases])
    numbers = np.array([p.row for p in phrases])
    first = [row for row in broad if _begins(row, edges[numbers < row[0].row], text_height)]
    found: set[int] = set()
    for head in first:
        alike = [row for row in first if _in_line(head, row, text_height) >= _CELLS]
        if len(alike) < _ROWS_OF_CELLS:
            continue
        top, last = min(r[0].row for r in alike), max(r[0].row for r in alike)
        left, right = head[0].box.left - text_height, max(p.box.right for r in alike for p in r)
        reached = Box.around(p.box for p in rows[last]).bottom
        for index, phrase in enumerate(phrases):
            if phrase.row > last and phrase.box.top - reached < _PARTED * text_height:
                reached = max(reached, phrase.box.bottom)
            if (
                top <= phrase.row
                and phrase.box.bottom <= reached
                and left <= phrase.box.left
                and phrase.box.right <= right + text_height
            ):
                found.add(index)
    return found


def _begins(row: Sequence[Phrase], above: npt.NDArray[np.float64], text_height: float) -> bool:
    """Whether none of the boxes `above` [n, 4] (left, top, right, bottom) is right above a row."""
    left, _, right, bottom = above.T
    return not any(
        bool(
            (
                (p.box.top - bottom < _PARTED * text_height)
                & (left < p.box.right)
                & (p.box.left < right)
            ).any()
        )
        for p in row
    )


def _in_line(row: Sequence[Phrase], other: Sequence[Phrase], text_height: float) -> int:
    """How many phrases of a row begin where one of another does."""
    near = _FLUSH * text_height
    places = sorted(p.box.left for p in other)
    return sum(_nearest(places, p.box.left) < near for p in row)


def _nearest(places: Sequence[float], x: float) -> float:
    """How far the nearest of the sorted `places` is from x."""
    index = bisect_left(places, x)
    return min(abs(place - x) for place in places[max(index - 1, 0) : index + 1])


def _long(phrase: Phrase, text_height: float) -> bool:
    letters = sum(len(t.text) for t in phrase.tokens if not t.numeric)
    total = sum(len(t.text) for t in phrase.tokens)
    words = len(phrase.tokens) >= 3 or any(c > _FIRST_IDEOGRAPH for c in phrase.text)
    return words and phrase.box.width >= _LONG * text_height and letters >= 0.6 * total


def _list_mark(phrases: Sequence[Phrase], row: Sequence[int], index: int) -> int | None:
    """The phrase left of another that numbers or marks it as the item of a list, if any."""
    before = [j for j in row if phrases[j].box.right <= phrases[index].box.left]
    if len(before) != 1 or len(row) != 2:
        return None
    return before[0] if _MARK.fullmatch(phrases[before[0]].text) else None


def _follows(above: Box, below: Box, text_height: float) -> bool:
    """Whether one line stands right under another, flush with it on a side."""
    gap = below.top - above.bottom
    overlap = min(above.right, below.right) - max(above.left, below.left)
    return (
        -0.5 * text_height <= gap <= 1.3 * text_height
        and overlap >= 0.6 * min(above.width, below.width)
        and (
            abs(above.left - below.left) <= 2.5 * text_height
            or abs(above.right - below.right) <= text_height
        )
    )


def _stacks(
    phrases: Sequence[Phrase], members: Sequence[int], text_height: float
) -> list[list[int]]:
    """Members that follow one another, in stacks."""
    stacks: list[list[int]] = []
    for index in members:
        box = phrases[index].box
        for stack in stacks:
            last = phrases[stack[-1]]
            if last.row < phrases[index].row and _follows(last.box, box, text_height):
                stack.append(index)
                break
        else:
            stacks.append([index])
    return stacks


def _last_lines(phrases: Sequence[Phrase], prose: set[int], text_height: float) -> set[int]:
    """Short lines that end a paragraph: alone below a line of it, flush left with it."""
    ends = set()
    for index, phrase in enumerate(phrases):
        if index in prose or phrase.numeric:
            continue
        for other in prose:
            above = phrases[other].box
            if (
                0 < phrase.row - phrases[other].row <= 2
                and _follows(above, phrase.box, text_height)
                and abs(above.left - phrase.box.left) <= 2.5 * text_height
                and phrase.box.top - above.bottom <= 0.8 * text_height
            ):
                ends.add(index)
                break
    return ends
