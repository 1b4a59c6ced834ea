"""Drawn pages of text and quadrilaterals on them, level and turned."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Quad = npt.NDArray[np.float64]


def page_of_text(height: int, width: int, channels: int) -> Pixels:
    """Rows of dark text on light ground with noise, grey (1) or in colours (3)."""
    random = np.random.default_rng(height)
    page = random.integers(215, 245, (height, width, 3), dtype=np.uint8)
    for row, base in enumerate(range(18, height + 18, 24)):
        ink = tuple(int(level) for level in random.integers(0, 90, 3))
        cv2.putText(page, "Lines 1,204.50 of text", (7 * row % 30, base), 0, 0.7, ink, 2)
    page = np.asarray(cv2.GaussianBlur(page, (0, 0), 0.7), dtype=np.uint8)
    return page if channels == 3 else np.ascontiguousarray(page[..., 1])


def rectangle(x: float, y: float, width: float, height: float, angle: float) -> Quad:
    """A rectangle around a point, turned by degrees: clockwise from its top left corner."""
    corners = np.array([(-width, -height), (width, -height), (width, height), (-width, height)]) / 2
    turn = np.deg2rad(angle)
    matrix = np.array([(np.cos(turn), np.sin(turn)), (-np.sin(turn), np.cos(turn))])
    return np.asarray(corners @ matrix + (x, y))
