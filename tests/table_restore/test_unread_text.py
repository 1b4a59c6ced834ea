"""Tables in a script that nobody could read keep their structure."""

from __future__ import annotations

import cv2
import numpy as np
from paper import Paper, texts

from table_restore.geometry import Box
from table_restore.unread import unread_lines
from table_restore.upright import Upright

XS, YS = [60, 260, 430, 700], [80, 150, 220, 290, 360]


def blurred(paper: Paper) -> Paper:
    """Letters that a scan has run together."""
    for dx in (1, 2):
        paper.pixels[:, dx:] = np.minimum(paper.pixels[:, dx:], paper.pixels[:, :-dx])
    paper.pixels = np.asarray(cv2.GaussianBlur(paper.pixels, (0, 0), 1.2), np.uint8)
    return paper


def foreign_table() -> Paper:
    """A ruled table whose numbers alone are read; texts of several lines, one of them dark."""
    paper = Paper()
    paper.shade(XS[0], YS[0], XS[-1], YS[1], (30, 40, 70))
    for x in XS:
        paper.rule(x, YS[0], x, YS[-1])
    for y in YS:
        paper.rule(XS[0], y, XS[-1], y)
    for row in range(1, 4):
        middle = (YS[row] + YS[row + 1]) / 2
        paper.write(70, middle - 12, "mmmmmmmm mmm")
        paper.write(70, middle + 12, "mmmmm mmmmmmm")
        paper.write(270, middle, "mmmm mmmmmm")
        paper.write(690, middle, f"{row}7.5", anchor="right")
    paper.write(60, 40, "mmmmmmmm mmmmm mmmmmmmm mmmm mmmmmm mmmmm")
    return blurred(paper)


def test_letters_that_nobody_read_part_no_cells() -> None:
    paper = foreign_table()
    paper.unlearn(lambda line: "m" in line.text)
    table = paper.table()
    assert (table.rows, table.columns) == (4, 3)
    assert [row[2] for row in texts(table)] == ["", "17.5", "27.5", "37.5"]


def test_what_nobody_read_says_nothing() -> None:
    paper = foreign_table()
    paper.unlearn(lambda line: "m" in line.text)
    restored = paper.restored()
    words = [
        w.text for t in restored.tables for c in t.cells for line in c.lines for w in line.words
    ]
    assert sorted(words) == ["17.5", "27.5", "37.5"]
    assert restored.lines == ()


def test_a_table_of_which_nothing_was_read() -> None:
    paper = foreign_table()
    paper.unlearn(lambda line: True)
    table = paper.table()
    assert (table.rows, table.columns) == (4, 3)
    assert not any(cell.lines for cell in table.cells)


def test_signs_in_a_figure_are_no_table() -> None:
    paper = Paper()
    paper.shade(60, 80, 500, 300, (225, 225, 225))
    for y in range(110, 300, 50):
        for x in range(90, 480, 90):
            paper.write(x, y, "mm")
    paper.unlearn(lambda line: True)
    assert paper.restored().tables == ()


def test_words_of_an_outline_without_those_that_were_read_and_without_rulings() -> None:
    paper = Paper(600, 100)
    read = paper.write(40, 50, "abc")
    first = paper.write(130, 50, "mmmmm")
    paper.rule(230, 0, 230, 99)
    second = paper.write(250, 50, "mmmm")
    grey = np.asarray(paper.pixels.min(axis=2), np.uint8)
    outline = Box(36, 36, 330, 64)
    (line,) = unread_lines(grey, [outline], [(read, 1.0)], Upright(600, 100))
    found = [word.polygon.box for word in line.words]
    assert len(found) == 2
    for box, truth in zip(found, (first, second), strict=True):
        assert abs(box.left - truth.left) < 4
        assert abs(box.right - truth.right) < 4
    all_read = [(box, 1.0) for box in (read, first, second)]
    assert unread_lines(grey, [outline], all_read, Upright(600, 100)) == []
