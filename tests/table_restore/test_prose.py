"""Running text is no table, however its words happen to line up."""

from __future__ import annotations

import random

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from table_restore import restore_tables
from table_restore.document import Character, Line, Word
from table_restore.geometry import Box
from table_restore.grid import Grid
from table_restore.prose import cuts_prose, is_prose, usual_gap
from table_restore.tokens import Token, cut_tokens
from table_restore.upright import find_upright

PITCH = 25
LEADING = 50
SYLLABLES = "ba con der el fi ga hor in ju ka lem mi no or per qui ra sen tu ven".split()  # noqa: SIM905


def typed(text: str, left: float, top: float) -> Line:
    """A line of a typewriter: every character, the space too, takes 25 pixels."""
    words = []
    x = left
    for text_word in text.split(" "):
        boxes = [
            Box(x + PITCH * i + 3, top, x + PITCH * (i + 1) - 3, top + 28)
            for i in range(len(text_word))
        ]
        characters = tuple(
            Character(c, box.polygon(), 0.99) for c, box in zip(text_word, boxes, strict=True)
        )
        if characters:
            words.append(Word(text_word, Box.around(boxes).polygon(), 0.99, characters))
        x += PITCH * (len(text_word) + 1)
    return Line(tuple(words), Box.around([w.polygon.box for w in words]).polygon())


def drawn(lines: list[Line]) -> npt.NDArray[np.uint8]:
    """A page with an o for every letter."""
    pixels = np.full((3300, 2550, 3), 255, dtype=np.uint8)
    for line in lines:
        for character in (c for word in line.words for c in word.characters):
            box = character.polygon.box
            middle = (int(box.center[0]), int(box.center[1]))
            axes = (int(box.width / 2) - 2, int(box.height / 2) - 2)
            cv2.ellipse(pixels, middle, axes, 0, 0, 360, (0, 0, 0), 4)
    return pixels


def paragraph(chance: random.Random, rows: int, columns: int, justified: bool) -> list[str]:
    """Sentences broken into lines of at most `columns` characters."""
    lines = []
    for row in range(rows):
        words: list[str] = []
        while True:
            word = "".join(chance.choices(SYLLABLES, k=chance.randint(1, 4)))
            if len(" ".join([*words, word])) > columns:
                break
            words.append(word)
        gaps = [" "] * (len(words) - 1)
        if justified and row < rows - 1:
            for _ in range(columns - len(" ".join(words))):
                gaps[chance.randrange(len(gaps))] += " "
        lines.append("".join(w + g for w, g in zip(words, [*gaps, ""], strict=True)))
    return lines


@pytest.mark.parametrize("justified", [False, True])
@pytest.mark.parametrize("seed", range(12))
def test_typewritten_paragraphs_are_no_tables(seed: int, justified: bool) -> None:
    chance = random.Random(seed)
    lines = []
    top = 200.0
    for _ in range(5):
        rows = paragraph(chance, chance.randint(1, 7), 66, justified)
        indent = chance.choice([0, 0, 5])
        lines += [
            typed(text, 200 + (PITCH * indent if i == 0 else 0), top + LEADING * i)
            for i, text in enumerate(rows)
        ]
        top += LEADING * (len(rows) + chance.choice([0, 1]))
    restored = restore_tables(drawn(lines), lines)
    assert [" ".join(c.text for c in t.cells) for t in restored.tables] == []
    assert sorted(line.text for line in restored.lines) == sorted(line.text for line in lines)


@pytest.mark.parametrize("row", [9, 10, 11])
@pytest.mark.parametrize("seed", range(3))
def test_a_mark_left_of_a_bar_along_typescript_makes_no_table(seed: int, row: int) -> None:
    chance = random.Random(seed)
    texts = paragraph(chance, 24, 60, justified=False)
    lines = [typed(text, 350, 400 + LEADING * i) for i, text in enumerate(texts)]
    lines.insert(row, typed("3", 150, 400 + LEADING * row))
    pixels = drawn(lines)
    cv2.line(pixels, (280, 380), (280, 1600), (0, 0, 0), 8)
    assert restore_tables(pixels, lines).tables == ()


def test_a_frame_whose_side_runs_through_text_is_no_table() -> None:
    chance = random.Random(4)
    texts = paragraph(chance, 12, 66, justified=False)
    lines = [typed(text, 200, 200 + LEADING * i) for i, text in enumerate(texts)]
    tokens = cut_tokens(lines, find_upright(lines, 2550, 1200), (), 28.0)
    gap = usual_gap(tokens)
    right_half = [token for token in tokens if token.box.left > 1000]
    assert cuts_prose(right_half, tokens, gap)
    assert not cuts_prose(tokens, tokens, gap)
    assert not cuts_prose([t for t in tokens if t.line < 6], tokens, gap)
    # Three lines that go on are enough, however many more the frame holds.
    three = [t for t in tokens if t.line >= 3 or t.box.left > 1000]
    assert cuts_prose(three, tokens, gap)
    two = [t for t in tokens if t.line >= 2 or t.box.left > 1000]
    assert not cuts_prose(two, tokens, gap)


@pytest.mark.parametrize("left", ["17,500", "Seventeen"])
def test_columns_a_space_apart_are_told_by_numbers_beside_words(left: str) -> None:
    """Numbers flush right and words flush left stand as near as words of a sentence do."""
    bare, level = np.zeros((6, 4), bool), np.zeros((7, 3), bool)
    edges = (0.0, 280.0, 363.0, 500.0), tuple(20.0 * row for row in range(7))
    grid = Grid(*edges, np.arange(18).reshape(6, 3), bare, level, bare, level)
    places = {"Blocks": (10, 60), left: (300, 360), "Residential": (366, 430)}
    tokens = [
        Token(row, word, 0, len(text), text, Box(x0, 20 * row + 4, x1, 20 * row + 16))
        for row in range(6)
        for word, (text, (x0, x1)) in enumerate(places.items())
    ]
    assert is_prose(grid, tokens, gap=6.0) == (left == "Seventeen")
