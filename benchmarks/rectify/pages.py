"""Pictures through the program's preprocessing, as every part needs them."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch

from scanner.images import PageImage, SourcePage
from scanner.options import Options
from scanner.pipeline import Models
from scanner.preprocess.straighten import preprocess
from scanner.sources import open_source

Pixels = npt.NDArray[np.uint8]

UNTOUCHED = Options(orient=False, find_page=False, flatten=False, deskew=False)


def rectified(pixels: Pixels, models: Models, options: Options) -> PageImage:
    """The page in a picture `[height, width, 3]`, RGB."""
    source = SourcePage(Path("picture"), 1, torch.from_numpy(np.ascontiguousarray(pixels)), None)
    return preprocess(source, options, models)


def first_page(path: Path) -> Pixels:
    """The first page of a file `[height, width, 3]`, RGB."""
    with open_source(path, UNTOUCHED) as source:
        return np.asarray(source.read(1).pixels.numpy())


def as_wide_as(pixels: Pixels, other: Pixels) -> Pixels:
    """A picture enlarged to the width of another."""
    factor = other.shape[1] / pixels.shape[1]
    size = (other.shape[1], round(pixels.shape[0] * factor))
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, size, interpolation=method), dtype=np.uint8)
