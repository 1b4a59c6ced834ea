"""Pages of drawn lines: text set in a made-up type whose letters are all half as wide as high."""

from __future__ import annotations

import random
from collections.abc import Sequence

from table_restore.document import Item, Line, Table, Word
from table_restore.geometry import Box, Polygon

SIZE = 20.0
"""The height of letters in pixels."""

PITCH = 30.0
"""From one base line to the next."""

WIDTH, HEIGHT = 1200, 1600

_SYLLABLES = [
    "ba",
    "con",
    "der",
    "el",
    "fi",
    "ga",
    "hor",
    "in",
    "ju",
    "ka",
    "lem",
    "mi",
    "no",
    "or",
    "per",
    "qui",
    "ra",
    "sen",
    "tu",
    "ven",
]


def line(text: str, x: float, y: float, size: float = SIZE) -> Line:
    """A line of words whose ink begins at `x`, `y`."""
    words = []
    advance = size / 2
    at = x
    for word in text.split(" "):
        if word:
            right = at + len(word) * advance
            words.append(Word(word, Box(at, y, right, y + size).polygon(), 0.9))
        at += (len(word) + 1) * advance
    return Line(tuple(words), Box(x, y, words[-1].polygon.box.right, y + size).polygon())


def column_of_text(
    seed: int, x: float, y: float, width: float, count: int, size: float = SIZE
) -> list[Line]:
    """`count` lines of one paragraph of made-up sentences, each as full as its words allow."""
    chance = random.Random(seed)
    pitch = PITCH * size / SIZE
    lines: list[Line] = []
    words: list[str] = []
    while len(lines) < count:
        word = "".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4)))
        if chance.random() < 0.1:
            word += "."
        if len(" ".join([*words, word])) * size / 2 > width:
            lines.append(line(" ".join(words), x, y + len(lines) * pitch, size))
            words = []
        words.append(word)
    return lines


def stack(texts: Sequence[str], x: float, y: float, pitch: float = PITCH) -> list[Line]:
    """Lines one below the other."""
    return [line(text, x, y + i * pitch) for i, text in enumerate(texts)]


def words_of(lines: Sequence[Line]) -> list[str]:
    return [word.text for each in lines for word in each.words]


def words_read(items: Sequence[Item]) -> list[str]:
    """All words in reading order, those of tables cell by cell."""
    lines: list[Line] = []
    for item in items:
        if isinstance(item, Table):
            lines += [each for cell in item.cells for each in cell.lines]
        else:
            lines += item.lines
    return words_of(lines)


def moved(lines: Sequence[Line], scale: float, dx: float, dy: float) -> list[Line]:
    """The same lines on a page that is larger or that lies elsewhere in the picture."""

    def convert(polygon: Polygon) -> Polygon:
        return polygon.map(lambda p: (p[0] * scale + dx, p[1] * scale + dy))

    return [
        Line(
            tuple(Word(w.text, convert(w.polygon), w.confidence) for w in each.words),
            convert(each.polygon),
        )
        for each in lines
    ]
