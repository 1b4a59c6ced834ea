"""How far a page is turned from upright, from its own ink."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import torch

from gpu_ops.threshold import darker

Pixels = npt.NDArray[np.uint8]

WIDEST = 5.0
"""Degrees; a page that is turned further is not merely skewed."""

POINTS = 60_000
"""So many ink pixels tell the angle as well as all of them."""


@dataclass(frozen=True, slots=True)
class Skew:
    """`angle` in degrees, positive where lines run downwards to the right.

    `confidence` is by how many times the sharpness of the row profile at that angle exceeds the
    median over all angles tried, less one: 0 for a page without lines.
    """

    angle: float
    confidence: float


def estimate_skew(page: Pixels) -> Skew:
    """The skew of a page, RGB or grey, between -5 and 5 degrees.

    The angle along which the projection of the ink on the vertical axis is sharpest, measured
    by the energy of its differences (after Postl, 1986), first in half degrees, then finer.
    """
    xs, ys = _ink(page)
    if len(xs) < 100:
        return Skew(0.0, 0.0)
    coarse = np.arange(-WIDEST, WIDEST + 0.25, 0.5)
    energies = np.array([_energy(xs, ys, angle) for angle in coarse])
    best = float(coarse[energies.argmax()])
    for reach, step in ((0.4, 0.1), (0.08, 0.02)):
        fine = np.arange(best - reach, best + reach + step / 2, step)
        scores = np.array([_energy(xs, ys, angle) for angle in fine])
        best = float(fine[scores.argmax()])
    confidence = float(scores.max() / max(np.median(energies), 1e-9)) - 1.0
    return Skew(best, max(confidence, 0.0))


def _ink(page: Pixels) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Coordinates of dark edges at a size of about 1200 pixels."""
    grey = page if page.ndim == 2 else cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)
    shrink = min(1.0, 1200 / max(grey.shape))
    if shrink < 1.0:
        method = cv2.INTER_AREA if shrink < 0.5 else cv2.INTER_LINEAR
        grey = cv2.resize(grey, None, fx=shrink, fy=shrink, interpolation=method)
    ys, xs = np.nonzero(darker(torch.from_numpy(grey), 25, 20).numpy())
    stride = max(1, len(xs) // POINTS)
    return xs[::stride].astype(np.float64), ys[::stride].astype(np.float64)


def _energy(xs: npt.NDArray[np.float64], ys: npt.NDArray[np.float64], angle: float) -> float:
    rows = np.rint(ys - xs * np.tan(np.radians(angle))).astype(np.int64)
    profile = np.bincount(rows - rows.min())
    return float(np.square(np.diff(profile)).sum())
