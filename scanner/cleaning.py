"""The picture of a page that people keep: on even white paper, in the colours asked for."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import torch

from gpu_ops.denoise import remove_specks
from gpu_ops.threshold import sauvola
from scanner.images import PageImage, SourcePage
from scanner.options import Options
from scanner.pictures import PagePicture
from scanner.preprocess.light import even_light, find_light

Pixels = npt.NDArray[np.uint8]
Bilevel = npt.NDArray[np.bool_]

WINDOW = 60
"""The neighbourhood that tells black from white is this part of the page's longer side."""

STRICTNESS = 0.2
DARK, PALE = 80, 215
"""On white paper, what is darker is black whatever is around it, and what is paler is white."""

FEW = 0.0005
"""The share of a page that may be coloured, or grey, before `auto` keeps it so."""

COLOURED = 40
"""The least difference between channels that is colour and no camera's fringe."""

LEAST = 1500
"""Pixels of the longer side; letters of smaller pages have too few pixels for black and white."""


def page_picture(image: PageImage, source: SourcePage, options: Options) -> PagePicture:
    """The picture to keep of a page; where the source is black and white, it stays so.

    Else its light is evened if it needs it (`options.clean`) and `options.colour` says what is
    kept of its colours. Nothing is lost where neither does anything.
    """
    pixels = image.pixels
    if is_bilevel(source.pixels.numpy(force=True)):
        # A turned page has grey edges between black and white; they are parted again.
        return PagePicture(pixels.numpy(force=True)[:, :, 0] > 127, source.dpi)
    if options.clean:
        pixels = even_light(pixels, find_light(pixels))
    return PagePicture(_in_colours(pixels.numpy(force=True), options.colour), source.dpi)


def is_grey(pixels: Pixels) -> bool:
    """Whether the three channels are equal; a few pixels tell of most pictures that they differ."""

    def holds(part: Pixels) -> bool:
        red, green, blue = cv2.split(part)
        return bool(np.array_equal(red, green) and np.array_equal(green, blue))

    return holds(pixels[::16, ::16]) and holds(pixels)


def is_bilevel(pixels: Pixels) -> bool:
    """Whether an RGB picture is of pure black and white."""

    def holds(part: Pixels) -> bool:
        return not np.any((part[:, :, 0] != 0) & (part[:, :, 0] != 255))

    return holds(pixels[::16, ::16]) and is_grey(pixels) and holds(pixels)


def _in_colours(pixels: Pixels, colour: str) -> Pixels | Bilevel:
    if is_grey(pixels):
        grey = np.ascontiguousarray(pixels[:, :, 0])
    elif colour == "colour" or (colour == "auto" and _is_coloured(pixels)):
        return pixels
    else:
        grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    if colour == "bilevel" or (colour == "auto" and _is_line_art(grey)):
        return _black_and_white(grey)
    return grey


def _black_and_white(grey: Pixels) -> Bilevel:
    window = max(15, max(grey.shape) // WINDOW) | 1
    bilevel = sauvola(torch.from_numpy(grey), window, STRICTNESS, DARK, PALE)
    return remove_specks(bilevel).numpy()


def _is_coloured(pixels: Pixels) -> bool:
    """Whether more than a few of the page's areas of a few pixels are coloured."""
    shrink = min(1.0, 1000 / max(pixels.shape[:2]))
    small = cv2.resize(pixels, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    return bool((np.ptp(small, axis=2) > COLOURED).mean() > FEW)


def _is_line_art(grey: Pixels) -> bool:
    """Whether next to nothing is grey but the edges of what is black."""
    if max(grey.shape) < LEAST:
        return False
    near = cv2.dilate((grey < 110).astype(np.uint8), np.ones((7, 7), dtype=np.uint8))
    return bool(((grey < 225) & (near == 0)).mean() < FEW)
