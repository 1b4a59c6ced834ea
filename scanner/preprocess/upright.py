"""Source pages to upright pages: small skews are turned away."""

from __future__ import annotations

import cv2
import numpy as np
import torch

from scanner.images import PageImage, SourcePage
from scanner.options import Options
from scanner.preprocess.skew import Pixels, estimate_skew
from scanner.rectification import Rectification

SMALLEST = 0.25
"""Degrees; turning a page by less costs more sharpness than it wins."""

CONVINCED = 0.5
"""The confidence from which a skew is believed."""


def preprocess(source: SourcePage, options: Options) -> PageImage:
    """The page as it would lie flat on the scanner's glass; the identity where it does already."""
    if options.deskew:
        skew = estimate_skew(source.pixels.numpy())
        if abs(skew.angle) >= SMALLEST and skew.confidence >= CONVINCED:
            return _turn(source, skew.angle)
    return PageImage(source.pixels, Rectification.identity())


def _turn(source: SourcePage, angle: float) -> PageImage:
    """Turn the page by `angle` degrees counter-clockwise; the canvas grows to keep its corners."""
    pixels = source.pixels.numpy()
    height, width = pixels.shape[:2]
    matrix = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0), (0, 0, 1)])
    corners = Rectification(matrix).to_page([(0, 0), (width, 0), (width, height), (0, height)])
    low, high = np.floor(corners.min(axis=0)), np.ceil(corners.max(axis=0))
    matrix[:2, 2] -= low
    size = (int(high[0] - low[0]), int(high[1] - low[1]))
    turned = cv2.warpAffine(
        pixels,
        matrix[:2],
        size,
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=_paper(pixels),
    )
    return PageImage(torch.from_numpy(turned), Rectification(matrix))


def _paper(pixels: Pixels) -> tuple[float, float, float]:
    """The colour of the paper: the median of each channel over a coarse grid of pixels."""
    red, green, blue = np.median(pixels[::16, ::16].reshape(-1, 3), axis=0)
    return float(red), float(green), float(blue)
