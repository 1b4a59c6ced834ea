"""Pictures of pages to pages as they would lie flat and upright on a scanner's glass."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import torch

from scanner.host_plate import HostPicture
from scanner.images import PageImage, SourcePage, Step
from scanner.options import Options
from scanner.plate import Picture, Pixels
from scanner.preprocess.geometry import cut_out, find_geometry
from scanner.preprocess.vote import Witness
from scanner.rectification import Matrix, Rectification

AnyPicture = TypeVar("AnyPicture", bound=Picture)


def straighten(
    picture: AnyPicture, options: Options, witness: Witness | None = None
) -> tuple[AnyPicture, Rectification, tuple[Step, ...]]:
    """The page in a picture flat and upright, the way to it, and what was done.

    Where it is so already it is the picture itself. What there is to do to the geometry (corners,
    turn, curl, skew) is found first and done in one resampling. `witness` finds and reads lines,
    which tells which way up the page is.
    """
    geometry = find_geometry(picture.small, picture.size, options, witness)
    way, size = geometry.rectification, geometry.size
    kept = way.is_identity and size == picture.size
    return (picture if kept else picture.resampled(way, size)), way, geometry.steps


def own_pixels(source: SourcePage) -> tuple[Pixels, Matrix]:
    """The pixels of a source that are its page, and the way to them from its own, 3x3."""
    pixels, (left, top) = source.pixels, (0.0, 0.0)
    if source.part is not None and source.part.outline is not None:
        pixels, (left, top) = cut_out(source.pixels, source.part.outline)
    return pixels.numpy(), np.array([(1.0, 0.0, -left), (0.0, 1.0, -top), (0.0, 0.0, 1.0)])


def preprocess(source: SourcePage, options: Options, witness: Witness | None = None) -> PageImage:
    """The page of a source flat and upright; its very pixels where it is so already."""
    pixels, shift = own_pixels(source)
    picture = HostPicture(pixels)
    page, way, steps = straighten(picture, options, witness)
    kept = page is picture and source.part is None
    return PageImage(
        source.pixels if kept else torch.from_numpy(page.pixels),
        Rectification(way.matrix @ shift, way.warp),
        steps,
    )
