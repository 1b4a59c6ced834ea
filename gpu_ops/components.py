"""Connected components of black and white pictures, ink and ground alike.

Ink is connected over eight neighbours, ground over four, so each component but the outermost lies
in exactly one of the other kind, and ground that does not reach the frame is a hole.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

Integers = npt.NDArray[np.int64]

UNIT = 1 << 24
"""Weights are summed in whole parts of one, which gives the same sum in any order."""


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """The components of some pictures, in the order of pictures and of first pixels.

    Of each there is its picture, whether it is ink, its first pixel (`row * width + column`), the
    columns and rows it reaches (`right` and `bottom` included), how many pixels it has, the sum of
    their weights, and the number of the component it lies in, -1 for those on the frame of their
    picture. Pixel columns from `outline[rows[i] + j, 0]` to `outline[rows[i] + j, 1]` are what it
    reaches in row `top + j`; where that was not asked for, `rows[i]` is -1.
    """

    picture: Integers
    ink: npt.NDArray[np.bool_]
    first: Integers
    left: Integers
    top: Integers
    right: Integers
    bottom: Integers
    area: Integers
    weight: npt.NDArray[np.float64]
    inside: Integers
    rows: Integers
    outline: Integers

    def ends(self, number: int) -> npt.NDArray[np.int32]:
        """The ends of a component's rows, x and y, down its left side and up its right one."""
        top, bottom = int(self.top[number]), int(self.bottom[number])
        start = int(self.rows[number])
        reach = self.outline[start : start + bottom - top + 1]
        y = np.arange(top, bottom + 1)
        left, right = np.stack([reach[:, 0], y], axis=1), np.stack([reach[:, 1], y], axis=1)
        return np.concatenate([left, right[::-1]]).astype(np.int32)

    def filled(self) -> tuple[Integers, npt.NDArray[np.float64]]:
        """Area and weight of each component with all that lies in it."""
        area, weight = self.area.tolist(), self.weight.tolist()
        inside = self.inside.tolist()
        for number in range(len(inside) - 1, -1, -1):  # what lies in another comes after it
            if inside[number] >= 0:
                area[inside[number]] += area[number]
                weight[inside[number]] += weight[number]
        return np.array(area, dtype=np.int64), np.array(weight, dtype=np.float64)


def label(ink: Tensor) -> Tensor:
    """Each pixel's component, by its first pixel: int32 `[n, height, width]`.

    `ink` is bool of that size, True for ink; the first pixel in reading order is meant, as
    `row * width + column`.
    """
    if ink.is_cuda:
        from gpu_ops.kernels import components

        return components.label(ink.contiguous())
    labels = torch.empty(ink.shape, dtype=torch.int32)
    if not labels.numel():
        return labels
    for picture, mine in zip(ink, labels, strict=True):
        pixels = picture.numpy().astype(np.uint8)
        _, black = cv2.connectedComponents(pixels, connectivity=8, ltype=cv2.CV_32S)
        count, white = cv2.connectedComponents(1 - pixels, connectivity=4, ltype=cv2.CV_32S)
        both = np.where(pixels > 0, black + count, white).ravel()
        first = np.zeros(both.max() + 1, dtype=np.int32)
        backwards = np.arange(both.size - 1, -1, -1, dtype=np.int32)
        first[both[backwards]] = backwards
        mine.copy_(torch.from_numpy(first[both]).view_as(mine))
    return labels


def find_components(ink: Tensor, weights: Tensor, least: int = 0) -> Components:
    """The components of pictures `ink`, bool `[n, height, width]`.

    `weights`, of any real type and the same size, are from 0 to 1 and are summed in parts of
    2 ** -24. The rows of ink are told if width and height of its box, less one, multiply to
    `least` or more.
    """
    if ink.is_cuda:
        from gpu_ops.kernels import components as kernels

        found = kernels.measure(ink.contiguous(), weights.contiguous(), least)
    else:
        found = _measure(ink, weights, least)
    fields, totals, rows, outline = (tensor.cpu().numpy().astype(np.int64) for tensor in found)
    return in_order(fields, totals, rows, outline, ink.shape[1], ink.shape[2])


def _measure(ink: Tensor, weights: Tensor, least: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """What the kernels measure, see there, in plain PyTorch."""
    width, size = max(ink.shape[2], 1), max(ink[:1].numel(), 1)
    labels = label(ink).flatten().long()
    pixels = torch.arange(labels.numel(), device=ink.device)
    picture, pixel = pixels // size, pixels % size
    x, y = pixel % width, pixel // width
    roots = labels == pixel
    at = torch.nonzero(roots).flatten()
    number = (roots.cumsum(0) - 1)[labels + picture * size]

    def extreme(values: Tensor, into: Tensor, count: int, reduce: str) -> Tensor:
        blank = values.new_zeros(count)
        return blank.scatter_reduce(0, into, values, reduce, include_self=False)

    first, is_ink = pixel[at], ink.flatten()[at]
    before = torch.where(x[at] > 0, labels[at - 1], -1)
    left, right = (extreme(x, number, len(at), how) for how in ("amin", "amax"))
    bottom = extreme(y, number, len(at), "amax")
    area = torch.bincount(number, minlength=len(at))
    numbers = [picture[at], is_ink.long(), first, before, left, right, bottom, area]
    parts = (weights.float() * UNIT).long().flatten()
    totals = area.new_zeros(len(at)).index_add_(0, number, parts)

    top = first // width
    wanted = is_ink & ((right - left) * (bottom - top) >= least)
    heights = torch.where(wanted, bottom - top + 1, 0)
    rows = torch.where(wanted, heights.cumsum(0) - heights, -1)
    asked = wanted[number]
    place = (rows[number] + y - top[number])[asked]
    outline = [extreme(x[asked], place, int(heights.sum()), how) for how in ("amin", "amax")]
    return torch.stack(numbers, 1), totals, rows, torch.stack(outline, 1)


def in_order(
    fields: Integers,
    totals: Integers,
    rows: Integers,
    outline: Integers,
    height: int,
    width: int,
) -> Components:
    """Components sorted, each with the one that it lies in, from what the kernels measure."""
    key = fields[:, 0] * height * width + fields[:, 2]
    order = np.argsort(key)
    picture, ink, first, before, left, right, bottom, area = fields[order].T
    key, top = key[order], first // max(width, 1)
    # Left of the first pixel is what surrounds the component, unless it begins at the frame.
    inside = np.searchsorted(key, picture * height * width + before)
    inside[before < 0] = -1
    frame = (left == 0) | (top == 0) | (right == width - 1) | (bottom == height - 1)
    frame &= ink == 0
    inside[frame] = -1
    inside[(inside >= 0) & frame[np.maximum(inside, 0)]] = -1
    return Components(
        picture,
        ink > 0,
        first,
        left,
        top,
        right,
        bottom,
        area,
        totals[order] / UNIT,
        inside,
        rows[order],
        outline,
    )
