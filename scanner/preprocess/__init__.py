"""Source pages to pages as they would lie flat and upright on a scanner's glass."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from scanner.images import PageImage, SourcePage, add_channels, drop_colour
from scanner.options import Options
from scanner.preprocess.geometry import cut_out, find_geometry, resample
from scanner.preprocess.vote import Witness
from scanner.rectification import Rectification
from table_restore.geometry import Point

__all__ = ["preprocess"]


def preprocess(source: SourcePage, options: Options, witness: Witness | None = None) -> PageImage:
    """The page flat and upright; the source's own pixels where it is so already.

    What it does to the geometry (corners, turn, curl, skew) is found first and done in one
    resampling. `witness` finds and reads lines, which tells which way up the page is.
    """
    if source.part is not None and source.part.outline is not None:
        return _preprocess_part(source, source.part.outline, options, witness)
    seen = torch.from_numpy(drop_colour(source.pixels.numpy()))
    geometry = find_geometry(seen, options, witness)
    flat = resample(seen, geometry)
    pixels = source.pixels if flat is seen else add_channels(flat)
    return PageImage(pixels, geometry.rectification, geometry.steps)


def _preprocess_part(
    source: SourcePage, outline: tuple[Point, ...], options: Options, witness: Witness | None
) -> PageImage:
    """The same for a page that is but a part of its picture; it maps back to the whole one."""
    pixels, (left, top) = cut_out(source.pixels, outline)
    page = preprocess(replace(source, pixels=pixels, part=None), options, witness)
    shift = np.array([(1.0, 0.0, -left), (0.0, 1.0, -top), (0.0, 0.0, 1.0)])
    way = page.rectification
    return replace(page, rectification=Rectification(way.matrix @ shift, way.warp))
