"""The one object that maps points between the source picture and the rectified page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from table_restore.geometry import Point

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Rectification:
    """A homography from source pixels to page pixels.

    `matrix` is 3x3 and maps column vectors (x, y, 1) of the source to the page.
    """

    matrix: Matrix

    def __post_init__(self) -> None:
        if self.matrix.shape != (3, 3) or abs(np.linalg.det(self.matrix)) < 1e-12:
            raise ValueError("a rectification needs an invertible 3x3 matrix")

    @staticmethod
    def identity() -> Rectification:
        return Rectification(np.eye(3))

    @property
    def is_identity(self) -> bool:
        return bool(np.array_equal(self.matrix, np.eye(3)))

    def to_page(self, points: npt.ArrayLike) -> Matrix:
        """Map source points `[n, 2]` to the page."""
        return _project(self.matrix, points)

    def to_source(self, points: npt.ArrayLike) -> Matrix:
        """Map page points `[n, 2]` to the source."""
        inverse = np.asarray(np.linalg.inv(self.matrix), dtype=np.float64)
        return _project(inverse, points)

    def point_to_source(self, point: Point) -> Point:
        x, y = self.to_source([point])[0]
        return float(x), float(y)


def _project(matrix: Matrix, points: npt.ArrayLike) -> Matrix:
    flat = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    moved = np.column_stack([flat, np.ones(len(flat))]) @ matrix.T
    return np.asarray(moved[:, :2] / moved[:, 2:], dtype=np.float64)
