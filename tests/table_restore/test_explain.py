"""The pictures that explain a page's tables."""

from __future__ import annotations

import numpy as np
from paper import Paper

from table_restore.explain import explain_tables


def test_every_step_has_its_picture() -> None:
    paper = Paper(500, 300)
    for x in (50, 200, 400):
        paper.rule(x, 50, x, 130)
    for y in (50, 90, 130):
        paper.rule(50, y, 400, y)
    for x in (60, 210):
        for y in (70, 110):
            paper.write(x, y, "word")
    pictures = explain_tables(paper.pixels, paper.lines)
    assert [name for name, _ in pictures] == ["rulings", "graph", "grid", "cells"]
    for _, picture in pictures:
        assert picture.shape == paper.pixels.shape
        assert picture.dtype == np.uint8
        assert (picture.min(axis=2) != picture.max(axis=2)).any(), "nothing was drawn in colour"
