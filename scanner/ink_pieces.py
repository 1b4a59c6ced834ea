"""Boxes of the connected pieces of a picture's ink."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]


class Pieces(NamedTuple):
    """The pieces of ink of a picture, in the order of OpenCV's labels, the first of which is 1.

    `boxes` is `[n, 4]`: left, top, right and bottom, the latter two exclusive; `areas` is `[n]`,
    in pixels.
    """

    boxes: Integers
    areas: Integers


def ink_pieces(ink: npt.NDArray[np.uint8]) -> Pieces:
    """The pieces of `ink`, 0 or 1, `[height, width]`, connected over eight neighbours.

    OpenCV's own statistics look at every pixel, of the ground too, and take three times as long as
    its labelling. Here runs of ink are counted, each of which has one label; they are some fifty
    times fewer.
    """
    # Grana's labelling (2010) is the fastest that OpenCV has for eight neighbours.
    count, labels = cv2.connectedComponentsWithAlgorithm(ink, 8, cv2.CV_32S, cv2.CCL_GRANA)
    height, width = ink.shape
    framed = np.zeros((height, width + 2), dtype=np.uint8)
    framed[:, 1:-1] = ink
    edges = np.flatnonzero(framed[:, 1:] != framed[:, :-1])
    row, begin = np.divmod(edges[::2], width + 1)
    end = edges[1::2] - row * (width + 1)
    piece = np.asarray(labels, dtype=np.int32)[row, begin]
    boxes = np.zeros((count, 4), dtype=np.int64)
    boxes[:, 0] = width
    np.minimum.at(boxes[:, 0], piece, begin)
    np.maximum.at(boxes[:, 2], piece, end)
    # Runs come from the top down, and of several assignments the last one stays.
    boxes[piece[::-1], 1] = row[::-1]
    boxes[piece, 3] = row + 1
    areas = np.bincount(piece, weights=end - begin, minlength=count).astype(np.int64)
    return Pieces(boxes[1:], areas[1:])
