"""Pages to time with: a dense one of the samples at the size of a scan."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image

from gpu_ops.jpeg import encode

SAMPLE = Path(__file__).parents[1] / "samples" / "scans" / "bank_statement.jpg"


def dense_page(size: float) -> torch.Tensor:
    """A page of text and a table, uint8 `[height, width, 3]`, A4 at 300 dpi.

    With a `size` below 1 it is a piece of it, of that share of its sides.
    """
    with Image.open(SAMPLE) as image:
        pixels = np.array(image.convert("RGB"))
    page = cv2.resize(pixels, (2480, 3508), interpolation=cv2.INTER_CUBIC)
    height, width = max(128, round(3508 * size)), max(128, round(2480 * size))
    top, left = min(600, 3508 - height), min(200, 2480 - width)
    return torch.from_numpy(page[top : top + height, left : left + width].copy())


def write_pages(folder: Path, count: int, size: float) -> list[Path]:
    """So many JPEGs of that page."""
    (data,) = encode([dense_page(size)])
    paths = [folder / f"{number:05}.jpg" for number in range(count)]
    for path in paths:
        path.write_bytes(data)
    return paths
