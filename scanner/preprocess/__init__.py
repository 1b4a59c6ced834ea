"""Source pages to pages as they would lie flat and upright on a scanner's glass."""

from __future__ import annotations

import torch

from scanner.images import PageImage, SourcePage, add_channels, drop_colour
from scanner.options import Options
from scanner.preprocess.geometry import find_geometry, resample
from scanner.preprocess.vote import Witness

__all__ = ["preprocess"]


def preprocess(source: SourcePage, options: Options, witness: Witness | None = None) -> PageImage:
    """The page flat and upright; the source's own pixels where it is so already.

    What it does to the geometry (corners, turn, curl, skew) is found first and done in one
    resampling. `witness` finds and reads lines, which tells which way up the page is.
    """
    seen = torch.from_numpy(drop_colour(source.pixels.numpy()))
    geometry = find_geometry(seen, options, witness)
    flat = resample(seen, geometry)
    pixels = source.pixels if flat is seen else add_channels(flat)
    return PageImage(pixels, geometry.rectification, geometry.steps)
