"""A bent sheet of paper before a camera: where every point of the flat sheet is seen.

Paper bends without stretching, so the sheet is a general cylinder: along one direction it is
straight, across it follows a curve. The curve is given by its slope as a function of the length
along it, which keeps lengths on the paper. With the camera (a pinhole with the principal point
in the middle of the picture) that makes a dozen numbers, and they are fitted to what ought to be
straight on the page: baselines, margins, rulings and the sheet's edges. After Cao, Ding and Liu
("Rectifying the bound document image captured by the camera: a model based approach", ICDAR
2003), with free direction and curve.

Coordinates of the picture are centred and divided by its longer side (`Frame`); the sheet's are
in the same unit where the optical axis meets it.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

BENDS = 12
"""So many numbers describe the curve."""

REACH = 0.7
"""The curve is known this far to either side of the optical axis, in the picture's unit."""

FOCAL = 1.1
"""The usual focal length of a telephone's camera over the longer side of its picture."""

SAMPLES = 257

_LENGTHS = np.linspace(-REACH, REACH, SAMPLES)


@functools.cache
def _splines() -> Array:
    """Cubic B-splines along the curve, `[SAMPLES, BENDS]`."""
    from scipy.interpolate import BSpline  # only curled pages pay for its import

    inner = np.linspace(-REACH, REACH, BENDS - 2)
    knots = np.concatenate([[-REACH] * 3, inner, [REACH] * 3])
    rows = BSpline.design_matrix(np.clip(_LENGTHS, -REACH, REACH), knots, 3)
    return np.asarray(rows.toarray(), dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A pose, a curve and a camera.

    `turns` are the angles (about x, y and z) in radians by which the sheet stands before the
    camera, `focal` the camera's focal length, `direction` the angle of the axis along which the
    sheet bends, `bends` the coefficients of the curve's slope in radians.
    """

    turns: tuple[float, float, float] = (0.0, 0.0, 0.0)
    focal: float = FOCAL
    direction: float = 0.0
    bends: tuple[float, ...] = (0.0,) * BENDS

    @property
    def is_flat(self) -> bool:
        return not any(self.bends)

    def to_picture(self, points: Array) -> Array:
        """Where the flat sheet's points `[n, 2]` are seen."""
        out, up, _ = self._curve()
        across, along = (points @ _plane(self.direction)).T
        bent = np.column_stack([_reach(across, _LENGTHS, out), along]) @ _plane(self.direction).T
        space = np.column_stack([bent, _reach(across, _LENGTHS, up)]) @ _rotation(self.turns).T
        return np.asarray(self.focal * space[:, :2] / (self.focal + space[:, 2:]))

    def to_sheet(self, points: Array) -> Array:
        """The flat sheet's points that are seen at `points` `[n, 2]`."""
        out, up, slope = self._curve()
        turned = _rotation(self.turns)
        plane = np.eye(3)
        plane[:2, :2] = _plane(self.direction)
        eye = np.array([0.0, 0.0, -self.focal]) @ turned @ plane
        rays = np.column_stack([points, np.full(len(points), self.focal)]) @ turned @ plane
        # Where the ray meets the curve, seen along the straight direction.
        distance = -eye[2] / rays[:, 2]
        for _ in range(6):
            x = eye[0] + distance * rays[:, 0]
            height = _reach(x, out, up)
            missing = height - eye[2] - distance * rays[:, 2]
            rate = rays[:, 2] - np.interp(x, out, slope) * rays[:, 0]
            distance = distance + missing / np.where(np.abs(rate) < 0.05, 0.05, rate)
        x, y = eye[0] + distance * rays[:, 0], eye[1] + distance * rays[:, 1]
        return np.column_stack([_reach(x, out, _LENGTHS), y]) @ _plane(self.direction).T

    def _curve(self) -> tuple[Array, Array, Array]:
        """The curve's coordinates over the sheet and above it, and its slope, at `_LENGTHS`."""
        angle = np.zeros(SAMPLES) if self.is_flat else _splines() @ np.array(self.bends)
        angle = np.clip(angle - angle[SAMPLES // 2], -1.3, 1.3)
        step = _LENGTHS[1] - _LENGTHS[0]
        out = np.concatenate([[0.0], np.cumsum((np.cos(angle[1:]) + np.cos(angle[:-1])) / 2)])
        up = np.concatenate([[0.0], np.cumsum((np.sin(angle[1:]) + np.sin(angle[:-1])) / 2)])
        middle = SAMPLES // 2
        return (out - out[middle]) * step, (up - up[middle]) * step, np.tan(angle)


def fit_sheet(
    rows: Sequence[Array], columns: Sequence[Array], start: Sheet, tolerance: float, bend: bool
) -> tuple[Sheet, float]:
    """The sheet on which `rows` are level and `columns` upright, and how far they are from it.

    The traces `[n, 2]` are in the picture's coordinates; `tolerance` is by how much a point may
    be off, the unit of the distance returned (the root of the mean of squares, outliers held
    down). Without `bend` the sheet stays as curved as `start` is, and its direction too.
    """
    from scipy.optimize import least_squares  # flat pages do without

    traces = _Traces.of(rows, columns)

    def build(numbers: Array) -> Sheet:
        sheet = replace(
            start, turns=tuple(numbers[:3].tolist()), focal=FOCAL * float(np.exp(numbers[3]))
        )
        if bend:
            sheet = replace(sheet, direction=float(numbers[4]), bends=tuple(numbers[5:].tolist()))
        return sheet

    def residuals(numbers: Array) -> Array:
        sheet = build(numbers)
        off = traces.off(sheet) / tolerance
        off = np.sign(off) * np.sqrt(2 * (np.sqrt(1 + off**2) - 1))  # soft L1
        priors = [numbers[:2] / 0.35, numbers[3:4] / 0.25]
        if bend:
            priors += [np.diff(numbers[5:]) / 0.25, numbers[5:] / 1.0]
            priors += [(numbers[4:5] - start.direction) / 0.3]
        return np.concatenate([off, *(2.0 * prior for prior in priors)])

    first = [*start.turns, float(np.log(start.focal / FOCAL))]
    if bend:
        first += [start.direction, *start.bends]
    best = least_squares(residuals, np.array(first), method="lm", xtol=1e-5, ftol=1e-5)
    sheet = build(best.x)
    return sheet, traces.misfit(sheet, tolerance)


def misfit(
    rows: Sequence[Array], columns: Sequence[Array], sheet: Sheet, tolerance: float
) -> float:
    """How far `rows` are from level and `columns` from upright on a sheet, in tolerances."""
    return _Traces.of(rows, columns).misfit(sheet, tolerance)


@dataclass(frozen=True, slots=True, eq=False)
class _Traces:
    """All points, the trace each belongs to, and which coordinate ought to be the same there."""

    points: Array
    owner: npt.NDArray[np.intp]
    axis: npt.NDArray[np.intp]
    counts: npt.NDArray[np.intp]

    @staticmethod
    def of(rows: Sequence[Array], columns: Sequence[Array]) -> _Traces:
        traces = [*rows, *columns]
        sizes = [len(trace) for trace in traces]
        owner = np.repeat(np.arange(len(traces)), sizes)
        axis = np.where(owner < len(rows), 1, 0)
        points = np.concatenate(traces) if traces else np.zeros((0, 2))
        return _Traces(points, owner, axis, np.array(sizes, dtype=np.intp))

    def off(self, sheet: Sheet) -> Array:
        """By how much each point leaves the middle of its trace, in the sheet's unit."""
        flat = sheet.to_sheet(self.points)
        value = flat[np.arange(len(flat)), self.axis]
        middle = np.bincount(self.owner, value, len(self.counts)) / self.counts
        return np.asarray(value - middle[self.owner])

    def misfit(self, sheet: Sheet, tolerance: float) -> float:
        off = np.abs(self.off(sheet)) / tolerance
        return float(np.sqrt(np.mean(np.minimum(off, 6.0) ** 2)))


def _plane(angle: float) -> Array:
    """The columns are the axes across and along."""
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.array([(cosine, -sine), (sine, cosine)])


def _rotation(turns: tuple[float, float, float]) -> Array:
    (cx, cy, cz), (sx, sy, sz) = np.cos(turns), np.sin(turns)
    about_x = np.array([(1, 0, 0), (0, cx, -sx), (0, sx, cx)])
    about_y = np.array([(cy, 0, sy), (0, 1, 0), (-sy, 0, cy)])
    about_z = np.array([(cz, -sz, 0), (sz, cz, 0), (0, 0, 1)])
    return np.asarray(about_x @ about_y @ about_z)


def _reach(x: Array, known: Array, values: Array) -> Array:
    """Linear interpolation that goes on straight beyond both ends; `known` grows."""
    inside = np.interp(x, known, values)
    low = (values[1] - values[0]) / (known[1] - known[0])
    high = (values[-1] - values[-2]) / (known[-1] - known[-2])
    return np.asarray(
        inside + np.minimum(x - known[0], 0) * low + np.maximum(x - known[-1], 0) * high
    )
