"""Small pictures of the least certain pages of a run, for its report.

They are cut while pages are read, when the pixels are at hand, and only the least certain ones
are kept, so that a run of any length leaves a handful of small files.
"""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PIL import Image

from scanner.files import write_atomically

if TYPE_CHECKING:
    from scanner.images import PageImage  # with PyTorch, which the run's process does without

MOST = 24
"""How many pages have a picture."""

_LARGEST = (300, 400)  # pixels, width and height
_QUALITY = 60


class Thumbnails:
    """The pictures in a folder; several processes may add to it at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def offer(self, source: str, number: int, confidence: float, page: PageImage) -> None:
        """Keep a page's picture if the page is among the least certain ones seen so far.

        Raises `OutputError`.
        """
        for path in self._folder.glob(f"*-{_key(source, number)}.jpg"):  # of an earlier reading
            path.unlink(missing_ok=True)
        kept = self._kept()
        if len(kept) >= MOST and confidence >= _confidence(kept[-1]):
            return
        path = self._folder / f"{confidence:.4f}-{_key(source, number)}.jpg"
        write_atomically(path, _small_jpeg(page.pixels.numpy(force=True)), durable=False)
        for path in self._kept()[MOST:]:
            path.unlink(missing_ok=True)

    def find(self, source: str, number: int) -> bytes | None:
        """The JPEG picture of a page; None where none was kept."""
        for path in self._folder.glob(f"*-{_key(source, number)}.jpg"):
            return path.read_bytes()
        return None

    def _kept(self) -> list[Path]:
        """The pictures, those of the least certain pages first."""
        return sorted(self._folder.glob("*.jpg"))


def _key(source: str, number: int) -> str:
    return hashlib.sha256(f"{source}\0{number}".encode("utf-8", "replace")).hexdigest()[:16]


def _confidence(path: Path) -> float:
    return float(path.name.partition("-")[0])


def _small_jpeg(pixels: npt.NDArray[np.uint8]) -> bytes:
    picture = Image.fromarray(pixels)
    picture.thumbnail(_LARGEST, reducing_gap=2.0)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=_QUALITY, optimize=True)
    return file.getvalue()
