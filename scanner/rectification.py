"""The one object that maps points between the source picture and the rectified page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from table_restore.geometry import Point

Matrix = npt.NDArray[np.float64]

CLOSE = 1e-6
"""Pixels; a point that is mapped back this closely is found."""


@dataclass(frozen=True, slots=True, eq=False)
class Warp:
    """A smooth displacement: what is left to straighten after the homography.

    The page's point p shows the sheet's point `p + shift(p)`. `shifts` is `[rows, columns, 2]`,
    the shift (x, y) in pixels at `(column * step, row * step)`; between the nodes it is
    bilinear, beyond them as at the nearest. Raises `ValueError` where the sheet would fold over.
    """

    shifts: Matrix
    step: float

    def __post_init__(self) -> None:
        if self.shifts.ndim != 3 or self.shifts.shape[2] != 2 or min(self.shifts.shape[:2]) < 2:
            raise ValueError("a warp needs nodes [rows, columns, 2], two at least each way")
        if self.step <= 0 or not np.isfinite(self.shifts).all():
            raise ValueError("a warp needs a positive step and finite shifts")
        if not _keeps_its_side(self.nodes):
            raise ValueError("a warp must not fold the page over")

    @property
    def nodes(self) -> Matrix:
        """The sheet's points that the nodes show, `[rows, columns, 2]`."""
        rows, columns = self.shifts.shape[:2]
        x, y = np.meshgrid(np.arange(columns) * self.step, np.arange(rows) * self.step)
        return np.asarray(np.stack([x, y], axis=2) + self.shifts)

    def to_sheet(self, points: Matrix) -> Matrix:
        """Page points `[n, 2]` to the sheet's."""
        return self._shifted(points)[0]

    def to_page(self, points: Matrix) -> Matrix:
        """Sheet points `[n, 2]` to the page's: Newton's method, from the nearest node."""
        if not len(points):
            return points
        from scipy.spatial import cKDTree  # only curled pages pay for its import

        rows, columns = self.shifts.shape[:2]
        _, nearest = cKDTree(self.nodes.reshape(-1, 2)).query(points)
        start = np.column_stack([nearest % columns, nearest // columns]) * self.step
        # Far beyond the nodes the shift is that of the nearest node.
        guess = points - self.shifts.reshape(-1, 2)[nearest]
        reach = (np.array([columns, rows]) - 1) * self.step
        inside = ((guess >= 0) & (guess <= reach)).all(axis=1, keepdims=True)
        page = np.where(inside, start, guess)
        for _ in range(50):
            sheet, jacobian = self._shifted(page)
            missing = points - sheet
            if float(np.abs(missing).max()) < CLOSE:
                break
            step = np.linalg.solve(jacobian, missing[..., None])[..., 0]
            page = page + np.clip(step, -4 * self.step, 4 * self.step)
        return page

    def _shifted(self, points: Matrix) -> tuple[Matrix, Matrix]:
        """Sheet points of page points, and the derivatives `[n, 2, 2]` there."""
        rows, columns = self.shifts.shape[:2]
        place = points / self.step
        last = np.array([columns - 1, rows - 1])
        held = np.clip(place, 0, last)
        first = np.minimum(np.floor(held).astype(np.intp), last - 1)
        fx, fy = (held - first).T[..., None]
        column, row = first.T
        s00, s01 = self.shifts[row, column], self.shifts[row, column + 1]
        s10, s11 = self.shifts[row + 1, column], self.shifts[row + 1, column + 1]
        shift = (s00 * (1 - fx) + s01 * fx) * (1 - fy) + (s10 * (1 - fx) + s11 * fx) * fy
        free = (held == place) / self.step
        along_x = ((s01 - s00) * (1 - fy) + (s11 - s10) * fy) * free[:, :1]
        along_y = ((s10 - s00) * (1 - fx) + (s11 - s01) * fx) * free[:, 1:]
        return points + shift, np.eye(2) + np.stack([along_x, along_y], axis=2)


@dataclass(frozen=True, slots=True, eq=False)
class Rectification:
    """A homography from source pixels to the sheet's, then the inverse of a warp to the page's.

    `matrix` is 3x3 and maps column vectors (x, y, 1) of the source; without a warp the sheet is
    the page.
    """

    matrix: Matrix
    warp: Warp | None = None

    def __post_init__(self) -> None:
        if self.matrix.shape != (3, 3) or abs(np.linalg.det(self.matrix)) < 1e-12:
            raise ValueError("a rectification needs an invertible 3x3 matrix")

    @staticmethod
    def identity() -> Rectification:
        return Rectification(np.eye(3))

    @property
    def is_identity(self) -> bool:
        return self.warp is None and bool(np.array_equal(self.matrix, np.eye(3)))

    @property
    def rotation(self) -> float | None:
        """The degrees by which it turns a page, clockwise, where beyond that it only shifts it."""
        cosine, sine = self.matrix[:2, 0]
        turn = np.array([(cosine, -sine, 0.0), (sine, cosine, 0.0), (0.0, 0.0, 1.0)])
        turn[:2, 2] = self.matrix[:2, 2]
        rigid = np.allclose(self.matrix, turn, atol=1e-9) and abs(np.hypot(cosine, sine) - 1) < 1e-9
        return float(np.degrees(np.arctan2(sine, cosine))) if rigid and not self.warp else None

    def to_page(self, points: npt.ArrayLike) -> Matrix:
        """Map source points `[n, 2]` to the page."""
        sheet = project(self.matrix, points)
        return sheet if self.warp is None else self.warp.to_page(sheet)

    def to_source(self, points: npt.ArrayLike) -> Matrix:
        """Map page points `[n, 2]` to the source."""
        sheet = np.asarray(points, dtype=np.float64).reshape(-1, 2)
        if self.warp is not None:
            sheet = self.warp.to_sheet(sheet)
        return project(np.linalg.inv(self.matrix), sheet)

    def point_to_source(self, point: Point) -> Point:
        x, y = self.to_source([point])[0]
        return float(x), float(y)


def project(matrix: npt.ArrayLike, points: npt.ArrayLike) -> Matrix:
    """Points `[n, 2]` through a homography."""
    flat = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    moved = np.column_stack([flat, np.ones(len(flat))]) @ np.asarray(matrix).T
    return np.asarray(moved[:, :2] / moved[:, 2:], dtype=np.float64)


def _keeps_its_side(nodes: Matrix) -> bool:
    """Whether no cell is turned over: its area keeps its sign at all four corners."""
    right, down = np.diff(nodes, axis=1), np.diff(nodes, axis=0)
    corners = (
        (right[:-1], down[:, :-1]),
        (right[:-1], down[:, 1:]),
        (right[1:], down[:, :-1]),
        (right[1:], down[:, 1:]),
    )
    return all(bool((r[..., 0] * d[..., 1] > r[..., 1] * d[..., 0]).all()) for r, d in corners)
