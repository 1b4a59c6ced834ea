"""The bent sheet maps points both ways, keeps lengths, and is found again from its lines."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.preprocess.sheet import BENDS, Sheet, fit_sheet, misfit

angle = st.floats(-0.4, 0.4)


@given(
    st.tuples(angle, angle, st.floats(-3.1, 3.1)),
    st.floats(0.8, 2.0),
    st.floats(-1.6, 1.6),
    st.lists(st.floats(-0.4, 0.4), min_size=BENDS, max_size=BENDS),
)
def test_points_of_the_sheet_are_found_again(
    turns: tuple[float, float, float], focal: float, direction: float, bends: list[float]
) -> None:
    sheet = Sheet(turns, focal, direction, tuple(bends))
    x, y = np.meshgrid(np.linspace(-0.35, 0.35, 9), np.linspace(-0.35, 0.35, 9))
    points = np.column_stack([x.ravel(), y.ravel()])
    assert sheet.to_sheet(sheet.to_picture(points)) == pytest.approx(points, abs=1e-4)


def test_paper_does_not_stretch() -> None:
    """Seen from very far away and askew by nothing, a bent sheet is narrower, never wider."""
    sheet = Sheet(focal=1000.0, bends=tuple(0.6 * np.sin(np.arange(BENDS))))
    line = np.column_stack([np.linspace(-0.4, 0.4, 81), np.zeros(81)])
    seen = sheet.to_picture(line)[:, 0]
    assert all(0 < b - a < 0.01 + 1e-6 for a, b in pairwise(seen))
    assert np.ptp(seen) < 0.79


def test_a_curled_sheet_is_found_from_its_lines_and_edges() -> None:
    curve = (0.43, 0.46, 0.44, 0.29, 0.13, -0.02, -0.18, -0.31, -0.36, -0.4, -0.3, -0.25)
    truth = Sheet((0.25, -0.15, 0.05), 1.2, 0.0, curve)
    t = np.linspace(-0.35, 0.35, 30)
    rows = [truth.to_picture(np.column_stack([t, t * 0 + y])) for y in np.linspace(-0.4, 0.4, 15)]
    columns = [truth.to_picture(np.column_stack([t * 0 + x, t])) for x in (-0.35, 0.1, 0.35)]
    start = Sheet(turns=(0.0, 0.0, 0.05))
    tolerance = 0.001
    flat, off = fit_sheet(rows, columns, start, tolerance, bend=False)
    bent, rest = fit_sheet(rows, columns, flat, tolerance, bend=True)
    assert rest < 0.3 * off
    assert rest == pytest.approx(misfit(rows, columns, bent, tolerance))
    x, y = np.meshgrid(t[::5], t[::5])
    points = np.column_stack([x.ravel(), y.ravel()])
    found = bent.to_sheet(truth.to_picture(points))
    found, wanted = found - found.mean(axis=0), points - points.mean(axis=0)
    found *= (found * wanted).sum() / (found**2).sum()
    assert np.linalg.norm(found - wanted, axis=1).max() < 0.008
