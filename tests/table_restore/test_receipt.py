"""A till's receipt: tight lines, amounts at the right, names that come without one."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from table_restore import restore_tables
from table_restore.document import Character, Line, Word
from table_restore.geometry import Box

PITCH = 14
RIGHT = 620

ROWS = (
    ("TOILET BRUSH 47-2311", "*S"),
    ("HD03-04-06 - 5/40/160", ""),
    ("9067860    1 X    2.70", "2.70"),
    ("CEMENT KN BLK-2", "*S"),
    ("KF12 - 12/240", ""),
    ("9071872    1 X    1.60", "1.60"),
    ("CURTAIN STRAPS", "*S"),
    ("CK 11-22-31 - 10/400", ""),
    ("8720019    2 X    2.50", "5.00"),
    ("Item(s) : 5", "Qty(s) : 6"),
    ("TOTAL INCL.GST@6%", "RM 15.90"),
    ("CASH", "RM 50.00"),
    ("CHANGE", "RM 34.10"),
    ("GST Summary    Amt(RM)", "Tax(RM)"),
    ("GST S@6%         15.00", "0.90"),
)


def typed(text: str, left: float, top: float) -> Line:
    words, x = [], left
    for text_word in text.split(" "):
        boxes = [
            Box(x + PITCH * i + 2, top, x + PITCH * (i + 1) - 2, top + 18)
            for i in range(len(text_word))
        ]
        if boxes:
            letters = tuple(
                Character(c, box.polygon(), 0.99) for c, box in zip(text_word, boxes, strict=True)
            )
            words.append(Word(text_word, Box.around(boxes).polygon(), 0.99, letters))
        x += PITCH * (len(text_word) + 1)
    return Line(tuple(words), Box.around([w.polygon.box for w in words]).polygon())


@pytest.mark.parametrize("dashed", [False, True])
@pytest.mark.parametrize("leading", [24, 30])
def test_every_amount_has_a_row_of_its_own(leading: int, dashed: bool) -> None:
    lines = []
    for number, (name, amount) in enumerate(ROWS):
        top = 60 + leading * number
        lines.append(typed(name, 40, top))
        if amount:
            lines.append(typed(amount, RIGHT - PITCH * len(amount), top))
    pixels = np.full((700, 680, 3), 250, dtype=np.uint8)
    for character in (c for line in lines for word in line.words for c in word.characters):
        box = character.polygon.box
        middle = (int(box.center[0]), int(box.center[1]))
        cv2.ellipse(pixels, middle, (4, 8), 0, 0, 360, (0, 0, 0), 2)
    for row in (0, 9, 13, 15) if dashed else ():
        y = 60 + leading * row - (leading - 18) // 2
        for x in range(36, 630, 14):
            cv2.line(pixels, (x, y), (x + 8, y), (0, 0, 0), 2)
    restored = restore_tables(pixels, lines)
    crowded = [
        cell.text
        for table in restored.tables
        for cell in table.cells
        if sum(amount in cell.text.replace("\n", " ") for _, amount in ROWS if "." in amount) > 1
    ]
    assert crowded == []
    texts = [cell.text for table in restored.tables for cell in table.cells]
    assert not any("CASH" in text and "CHANGE" in text for text in texts)
