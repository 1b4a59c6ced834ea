"""How far a rectified page is from the true one."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Grey = npt.NDArray[np.uint8]

AREA = 598_400
"""Pages are compared at this many pixels, as is usual since Ma et al. (DocUNet, CVPR 2018)."""

WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
"""Of the five scales of MS-SSIM (Wang, Simoncelli and Bovik, 2003)."""


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


def alike(page: Grey, truth: Grey) -> tuple[Grey, Grey]:
    """Two grey pages at one size of `AREA` pixels, that of the truth's shape."""
    height, width = truth.shape
    scale = (AREA / (height * width)) ** 0.5
    size = (round(width * scale), round(height * scale))
    first, second = (
        cv2.resize(picture, size, interpolation=cv2.INTER_AREA) for picture in (page, truth)
    )
    return np.asarray(first, dtype=np.uint8), np.asarray(second, dtype=np.uint8)


def ms_ssim(first: Grey, second: Grey) -> float:
    """The multi-scale structural similarity of two grey pictures of one size, 1 for the same."""
    a, b = first.astype(np.float32), second.astype(np.float32)
    result = 1.0
    for scale, weight in enumerate(WEIGHTS):
        light, structure = _ssim(a, b)
        last = scale == len(WEIGHTS) - 1
        result *= max(structure * (light if last else 1.0), 0.0) ** weight
        size = (max(1, a.shape[1] // 2), max(1, a.shape[0] // 2))
        a, b = (cv2.resize(x, size, interpolation=cv2.INTER_AREA) for x in (a, b))
    return result


def local_distortion(first: Grey, second: Grey) -> float:
    """The mean length in pixels of the displacement that matches one picture to the other.

    In place of SIFT flow (Liu et al., 2011), as You et al. (2018) define the measure, stands
    dense inverse search (Kroeger et al., ECCV 2016).
    """
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM).calc(second, first, None)
    return float(np.linalg.norm(flow, axis=2).mean())


def _ssim(a: npt.NDArray[np.float32], b: npt.NDArray[np.float32]) -> tuple[float, float]:
    """Mean luminance term, and mean contrast and structure term."""

    def mean(x: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        return np.asarray(cv2.GaussianBlur(x, (11, 11), 1.5))

    ma, mb = mean(a), mean(b)
    va, vb, both = mean(a * a) - ma * ma, mean(b * b) - mb * mb, mean(a * b) - ma * mb
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    light = (2 * ma * mb + c1) / (ma * ma + mb * mb + c1)
    structure = (2 * both + c2) / (va + vb + c2)
    return float(light.mean()), float(structure.mean())
