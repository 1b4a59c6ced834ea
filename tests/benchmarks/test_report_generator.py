"""Pages of statistical reports: the same again for a seed, and a truth that fits what is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.generated_tables import GeneratedPage, generate_report
from table_restore.geometry import Box

SEEDS = range(8)


@pytest.fixture(scope="module", params=SEEDS)
def page(request: pytest.FixtureRequest) -> GeneratedPage:
    return generate_report(request.param)


def test_a_seed_makes_the_same_page_again() -> None:
    first, second = generate_report(3), generate_report(3)
    assert np.array_equal(first.pixels, second.pixels)
    assert first.lines == second.lines
    assert first.tables == second.tables


def test_every_text_of_a_cell_is_inside_it_and_on_the_page(page: GeneratedPage) -> None:
    assert page.tables
    starts = {(line.polygon.box.left, line.polygon.box.top) for line in page.lines}
    for table in page.tables:
        for cell in table.cells:
            for line in cell.lines:
                box = line.polygon.box
                assert cell.polygon.box.grow(3).contains(box.center), line.text
                assert (box.left, box.top) in starts


def test_titles_notes_and_leaders_are_in_no_cell(page: GeneratedPage) -> None:
    texts = {line.text for table in page.tables for cell in table.cells for line in cell.lines}
    titles = [line for line in page.lines if line.text.startswith(("Table ", "TABLE ", "No. "))]
    assert titles
    assert all(line.text not in texts for line in titles)
    assert not any("...." in text or text.startswith("Source:") for text in texts)


def test_ink_lies_only_where_the_truth_has_something(page: GeneratedPage) -> None:
    """Rules and shades stand within tables, letters within lines."""
    ink = np.asarray(page.pixels).min(axis=2) < 128
    boxes: list[Box] = [line.polygon.box for line in page.lines]
    boxes += [table.polygon.box for table in page.tables]
    for box in boxes:
        top, bottom = max(0, int(box.top) - 4), int(box.bottom) + 5
        ink[top:bottom, max(0, int(box.left) - 4) : int(box.right) + 5] = False
    assert not ink.any()
