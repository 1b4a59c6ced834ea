"""The generator's pages are what they claim: deterministic, in place, visible."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from benchmarks.generated_tables import (
    Damage,
    Rulings,
    Script,
    Shading,
    Stroke,
    generate_page,
    join_neighbours,
    random_style,
)
from benchmarks.generated_tables.grid import random_grid

CLEAN = {
    "damage": Damage.NONE,
    "stroke": Stroke.SOLID,
    "shading": Shading.NONE,
    "script": Script.LATIN,
    "ruling_colour": (0, 0, 0),
    "em": 24,
}


def grey_inside(pixels: np.ndarray, polygon) -> np.ndarray:
    box = polygon.box
    return pixels[
        max(0, round(box.top)) : round(box.bottom) + 1,
        max(0, round(box.left)) : round(box.right) + 1,
    ].min(axis=2)


def test_same_seed_same_page():
    first, second = generate_page(5), generate_page(5)
    assert np.array_equal(first.pixels, second.pixels)
    assert first.tables == second.tables
    assert first.lines == second.lines
    assert generate_page(6).tables != first.tables


@pytest.mark.parametrize("damage", list(Damage))
def test_lines_and_tables_lie_on_their_ink(damage):
    page = generate_page(3, **CLEAN | {"damage": damage, "rulings": Rulings.FULL})
    assert page.pixels.dtype == np.uint8
    assert page.pixels.shape[2] == 3
    for line in page.lines:
        ink = grey_inside(page.pixels, line.polygon)
        assert ink.min() < ink.max() * 0.75, line.text
        assert line.text == " ".join("".join(c.text for c in w.characters) for w in line.words)
    cell_lines = {line for table in page.tables for cell in table.cells for line in cell.lines}
    assert cell_lines <= set(page.lines)
    assert len(cell_lines) < len(page.lines) or not page.style.text_around


def test_characters_stand_on_their_own_ink():
    page = generate_page(11, **CLEAN, rulings=Rulings.NONE, text_around=True)
    for line in page.lines:
        box = line.polygon.box
        rows = slice(round(box.top), round(box.bottom))
        columns = np.flatnonzero(page.pixels[rows].min(axis=(0, 2)) < 128)
        columns = columns[(columns >= box.left - 1) & (columns <= box.right + 1)]
        first, last = line.words[0].characters[0], line.words[-1].characters[-1]
        assert abs(columns[0] - first.polygon.box.left) < 0.25 * 24
        assert abs(columns[-1] - last.polygon.box.right) < 0.25 * 24


@pytest.mark.parametrize("seed", range(6))
def test_borders_are_drawn_where_the_truth_says(seed):
    """A drawn edge is a dark stretch on the grid line, an undrawn one is paper."""
    page = generate_page(seed, **CLEAN, ruling_width=2, tables=1, padding_y=0.5, text_around=False)
    dark = page.pixels.max(axis=2) < 128
    for cell in page.tables[0].cells:
        box = cell.polygon.box
        x0, x1 = round(box.left) + 8, round(box.right) - 8
        top = dark[round(box.top) - 2 : round(box.top) + 3, x0:x1].any(axis=0)
        y0, y1 = round(box.top) + 3, round(box.bottom) - 3
        left = dark[y0:y1, round(box.left) - 2 : round(box.left) + 3].any(axis=1)
        if cell.borders.top:
            assert top.all()
        elif page.style.rulings is Rulings.NONE:
            assert not top.any()
        if cell.borders.left:
            assert left.all()
        elif page.style.rulings in (Rulings.NONE, Rulings.HORIZONTAL):
            assert not left.any()


@pytest.mark.parametrize("seed", range(100))
def test_every_row_and_column_can_be_seen(seed):
    random = Random(seed)
    grid = random_grid(random, random_style(random))
    assert {cell.row for cell in grid.cells} == set(range(grid.rows))
    assert {cell.column for cell in grid.cells} == set(range(grid.columns))
    slots = [slot for cell in grid.cells for slot in cell.slots]
    assert sorted(slots) == [(r, c) for r in range(grid.rows) for c in range(grid.columns)]


@pytest.mark.parametrize("seed", range(100))
def test_rows_without_rulings_are_no_section_headings_by_accident(seed):
    random = Random(seed)
    style = replace(random_style(random), rulings=Rulings.NONE, columns=4, header_rows=1)
    grid = random_grid(random, style)
    for row in range(1, grid.rows):
        cells = [cell for cell in grid.cells if cell.row == row and cell.text]
        assert len(cells) > 1 or cells[0].column_span == grid.columns


def test_joining_keeps_every_word():
    page = generate_page(4, **CLEAN, rulings=Rulings.FULL, padding_x=0.3)
    joined = join_neighbours(page.lines, max_gap=3.0)
    assert len(joined) < len(page.lines)
    before = sorted(word.text for line in page.lines for word in line.words)
    assert sorted(word.text for line in joined for word in line.words) == before
    assert set(join_neighbours(page.lines, max_gap=0.0)) == set(page.lines)
