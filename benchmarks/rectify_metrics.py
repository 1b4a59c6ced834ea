"""How far a rectified page is from the true one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def distances(found: Array, truth: Array, size: tuple[int, int]) -> Array:
    """How far points `[n, 2]` are from where they belong, in per cent of the page's diagonal.

    `truth` is in pixels of a page of `size` (height, width). A rectified page may be larger or
    smaller and have other margins, so the best uniform scale and shift are granted; turns and
    another aspect are not.
    """
    found, wanted = found - found.mean(axis=0), truth - truth.mean(axis=0)
    scale = np.abs((found * wanted).sum()) / (found**2).sum()
    off = np.linalg.norm(scale * found - wanted, axis=1)
    return np.asarray(100 * off / np.hypot(*size))
