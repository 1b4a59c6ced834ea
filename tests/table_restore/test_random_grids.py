"""Grids of any sizes and spans, all rulings drawn, come back exactly."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from paper import Paper

Span = tuple[int, int, int, int]  # first and last row, first and last column


@st.composite
def spans(draw: st.DrawFn) -> tuple[list[int], list[int], list[Span]]:
    """Edges of columns and rows in pixels, and cells that tile the grid."""
    widths = draw(st.lists(st.integers(70, 190), min_size=1, max_size=5))
    heights = draw(st.lists(st.integers(30, 70), min_size=2, max_size=6))
    xs, ys = [40], [60]
    for width in widths:
        xs.append(xs[-1] + width)
    for height in heights:
        ys.append(ys[-1] + height)
    free = {(r, c) for r in range(len(heights)) for c in range(len(widths))}
    cells = []
    while free:
        r, c = min(free)
        right = c
        while (r, right + 1) in free and draw(st.integers(0, 4)) == 0:
            right += 1
        bottom = r
        while all((bottom + 1, k) in free for k in range(c, right + 1)) and (
            draw(st.integers(0, 4)) == 0
        ):
            bottom += 1
        cells.append((r, bottom, c, right))
        free -= {(a, b) for a in range(r, bottom + 1) for b in range(c, right + 1)}
    return xs, ys, cells


def needed_edges(cells: list[Span], first: int, last: int) -> list[int]:
    """The edges of one direction that part two cells, by index; others nobody can see."""
    return sorted({cell[first] for cell in cells} | {max(cell[last] for cell in cells) + 1})


@settings(deadline=None)
@given(spans(), st.integers(1, 4), st.booleans())
def test_a_random_grid_with_spans_comes_back(
    grid: tuple[list[int], list[int], list[Span]], width: int, joined: bool
) -> None:
    xs, ys, cells = grid
    if len(needed_edges(cells, 0, 1)) < 3 or len(needed_edges(cells, 2, 3)) < 3:
        return  # a list, not a table
    paper = Paper(1100, 620)
    for number, (top, bottom, left, right) in enumerate(cells):
        x0, x1, y0, y1 = xs[left], xs[right + 1], ys[top], ys[bottom + 1]
        for line in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
            paper.rule(*line, width=width)
        if number % 5 != 3:
            paper.write((x0 + x1) / 2, (y0 + y1) / 2, f"c{number}", anchor="middle")
    if joined:
        paper.join_lines()
    rows, columns = needed_edges(cells, 0, 1), needed_edges(cells, 2, 3)
    expected = {
        (
            rows.index(top),
            columns.index(left),
            rows.index(bottom + 1) if bottom + 1 in rows else len(rows) - 1,
            columns.index(right + 1) if right + 1 in columns else len(columns) - 1,
            "" if number % 5 == 3 else f"c{number}",
        )
        for number, (top, bottom, left, right) in enumerate(cells)
    }
    found = {
        (c.row, c.column, c.row + c.row_span, c.column + c.column_span, c.text)
        for c in paper.table().cells
    }
    assert found == expected
