"""Level pictures of text lines, all those of a batch of pages at once.

A line is a quadrilateral of its page. Its native picture shows it level at the page's own
resolution: a piece of the page where its edges are level, else the page seen through a homography
with cubic interpolation. That is resized to the height the recogniser wants, averaging pixels
where it shrinks, so that thin strokes stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from gpu_ops.network_input import network_input

Pixels = npt.NDArray[np.uint8]
Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

LEANS = 1.0
"""Edges that lean by less than so many pixels are level."""


class Bucket(NamedTuple):
    """Lines whose pictures have one width: which of all lines they are, and the pictures.

    `pictures` is `[lines, height, width, 3]`, BGR, scaled to -1..1; each stands at the left, and
    what it leaves free is 0.
    """

    lines: list[int]
    pictures: Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """How lines are sampled, one row a line.

    `native` is the native picture's (width, height), `width` that of the resized one. A pixel
    `(column, row)` of the native picture is at `origin + matrix @ (column, row, 1)` on the page
    (homogeneous; whole numbers are the middles of pixels), and exactly at `origin + (column, row)`
    where `level`.
    """

    native: Integers
    width: Integers
    level: npt.NDArray[np.bool_]
    origin: Integers
    matrix: Array


def line_widths(quads: Array, height: int) -> Integers:
    """Width of each line's picture, `height` high and in proportion; `quads` is `[n, 4, 2]`."""
    wide, high = _sizes(quads)
    return np.maximum(1, np.rint(height * wide / np.maximum(high, 1.0))).astype(np.int64)


def cut_lines(
    pages: Sequence[Tensor],
    of_page: Sequence[int],
    quads: Array,
    height: int,
    room: Sequence[int],
    dtype: torch.dtype = torch.float32,
) -> list[Bucket]:
    """The pictures of all lines of some pages, packed by width; narrow ones come first.

    `pages` are uint8 `[h, w, 3]` RGB or `[h, w]` grey on one device, of any sizes, the pixels of
    a row contiguous. Line `i` is on page `of_page[i]`, a convex quadrilateral `quads[i]` (of
    `[n, 4, 2]`, x and y), clockwise from the corner where its text begins; beyond its edges a page
    goes on as its last pixels. `room[i]` is what the line's picture is padded to, no less than
    `line_widths` says. Devices agree to within 2 of 255 levels.
    """
    widths = line_widths(quads, height)
    for line, (width, free) in enumerate(zip(widths.tolist(), room, strict=True)):
        if width > free:
            raise ValueError(f"line {line} is {width} pixels wide, more than its room of {free}")
    members: dict[int, list[int]] = {}
    for line, free in enumerate(room):
        members.setdefault(free, []).append(line)
    buckets = sorted(members.items())
    if pages and pages[0].is_cuda:
        from gpu_ops.kernels import line_crops

        sizes = np.array([pages[page].shape[:2] for page in of_page], dtype=np.int64)
        plan = plan_lines(quads, sizes.reshape(-1, 2), height)
        return [
            Bucket(lines, pictures)
            for (_, lines), pictures in zip(
                buckets,
                line_crops.cut_lines(pages, of_page, plan, height, buckets, dtype),
                strict=True,
            )
        ]
    return [
        Bucket(lines, _cut_bucket(pages, of_page, quads, lines, height, free).to(dtype))
        for free, lines in buckets
    ]


def cut_quad(page: Pixels, quad: Array, height: int) -> tuple[Pixels, Array]:
    """One line's picture on the CPU, `[height, width, 3]` or `[height, width]`, and what it shows.

    The page and `quad`, `[4, 2]`, are as in `cut_lines`. The picture shows the quadrilateral that
    comes with it: a level line's is widened to whole pixels and cut at the page's edge.
    """
    width = int(line_widths(quad[np.newaxis], height)[0])
    if bool(_is_level(quad[np.newaxis])[0]):
        left, top, right, bottom = _box(quad[np.newaxis], np.array([page.shape[:2]]))[0].tolist()
        native = page[top:bottom, left:right]
        corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
        quad = np.array(corners, dtype=np.float64)
    else:
        native = _warp(page, quad)
    shrink = native.shape[0] > height
    resized = cv2.resize(
        native, (width, height), interpolation=cv2.INTER_AREA if shrink else cv2.INTER_CUBIC
    )
    return np.asarray(resized, dtype=np.uint8), quad


def shown_quads(quads: Array, size: tuple[int, int]) -> Array:
    """What the pictures of lines `[n, 4, 2]` show of a page of (height, width) `size`.

    A level line's is widened to whole pixels and cut at the page's edge.
    """
    box = _box(quads, np.array([size] * len(quads)).reshape(-1, 2))
    corners = box[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2)
    return np.where(_is_level(quads)[:, np.newaxis, np.newaxis], corners.astype(np.float64), quads)


def plan_lines(quads: Array, sizes: Integers, height: int) -> Plan:
    """The plan of lines `[n, 4, 2]` on pages of (height, width) `sizes`, `[n, 2]`."""
    level = _is_level(quads)
    wide, high = _sizes(quads)
    box = _box(quads, sizes)
    native = np.maximum(1, np.rint(np.stack([wide, high], axis=1))).astype(np.int64)
    native[level] = (box[:, 2:] - box[:, :2])[level]
    origin = np.floor(quads[:, 0]).astype(np.int64)
    origin[level] = box[level, :2]
    return Plan(
        native,
        line_widths(quads, height),
        level,
        origin,
        _homographies(quads - origin[:, np.newaxis], native),
    )


def _cut_bucket(
    pages: Sequence[Tensor],
    of_page: Sequence[int],
    quads: Array,
    lines: list[int],
    height: int,
    width: int,
) -> Tensor:
    pictures = [cut_quad(pages[of_page[i]].numpy(), quads[i], height)[0] for i in lines]
    tensors = [torch.from_numpy(picture) for picture in pictures]
    return network_input(tensors, height, width).permute(0, 2, 3, 1)


def _sizes(quads: Array) -> tuple[Array, Array]:
    """Widths and heights in pixels: the longer of each pair of opposite edges."""
    edges = np.linalg.norm(np.roll(quads, -1, axis=1) - quads, axis=2)
    return np.maximum(edges[:, 0], edges[:, 2]), np.maximum(edges[:, 1], edges[:, 3])


def _is_level(quads: Array) -> npt.NDArray[np.bool_]:
    """Whether slicing loses nothing against warping: edges are level and the text is upright."""
    edges = np.roll(quads, -1, axis=1) - quads
    across, down = edges[:, [0, 2]], edges[:, [1, 3]]
    level = (np.abs(across[..., 1]) < LEANS) & (np.abs(down[..., 0]) < LEANS)
    upright = (across[:, 0, 0] >= 0) & (down[:, 0, 1] >= 0)
    return np.asarray(level.all(axis=1) & upright)


def _box(quads: Array, sizes: Integers) -> Integers:
    """Left, top, right and bottom in whole pixels, on the page and of a pixel at least."""
    extent = sizes[:, ::-1]
    first = np.clip(np.floor(quads.min(axis=1)).astype(np.int64), 0, extent - 1)
    last = np.ceil(quads.max(axis=1)).astype(np.int64)
    return np.concatenate([first, np.maximum(np.minimum(last, extent), first + 1)], axis=1)


def _homographies(quads: Array, native: Integers) -> Array:
    """From pixels of native pictures to quadrilaterals, `[n, 3, 3]`.

    The unit square's homography (Heckbert, 1989), of a square as large as the native picture.
    """
    p0, p1, p2, p3 = (quads[:, corner] for corner in range(4))
    right, down, bend = p1 - p2, p3 - p2, p0 - p1 + p2 - p3
    area = _cross(right, down)
    flat = area == 0  # a quadrilateral without an inside has no perspective
    area = np.where(flat, 1.0, area)
    across = np.where(flat, 0.0, _cross(bend, down) / area)
    along = np.where(flat, 0.0, _cross(right, bend) / area)
    matrix = np.ones((len(quads), 3, 3))
    matrix[:, :2, 0] = p1 - p0 + across[:, np.newaxis] * p1
    matrix[:, :2, 1] = p3 - p0 + along[:, np.newaxis] * p3
    matrix[:, :2, 2] = p0
    matrix[:, 2, 0], matrix[:, 2, 1] = across, along
    matrix[:, :, :2] /= native[:, np.newaxis]
    return matrix


def _cross(a: Array, b: Array) -> Array:
    return np.asarray(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])


def _warp(page: Pixels, quad: Array) -> Pixels:
    """The native picture of a quadrilateral that is not level."""
    wide, high = _sizes(quad[np.newaxis])
    width, height = max(1, round(float(wide[0]))), max(1, round(float(high[0])))
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    # Warping a cut-out is faster than warping the page and gives the same picture.
    extent = np.array([page.shape[1], page.shape[0]])
    left, top = np.clip(np.floor(quad.min(axis=0)).astype(int) - 2, 0, extent - 1)
    right, bottom = np.ceil(quad.max(axis=0)).astype(int) + 2
    cut = page[top : max(bottom, top + 1), left : max(right, left + 1)]
    source = (quad - (left, top)).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(source, target)
    warped = cv2.warpPerspective(
        cut, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(warped, dtype=np.uint8)
