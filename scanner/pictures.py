"""Pictures of pages in as few channels as they need, and their file formats."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, TiffImagePlugin

from scanner.errors import StageError

Pixels = npt.NDArray[np.uint8]

_LARGEST_JPEG = 65_500  # libjpeg's limit
_STRIP_OFFSETS, _STRIP_BYTES = 273, 279
_BAND = 64  # rows


@dataclass(frozen=True, slots=True, eq=False)
class PagePicture:
    """A page in as few channels as it needs, and its resolution.

    `pixels` are RGB `[height, width, 3]` or grey `[height, width]` of uint8, or black and white
    `[height, width]` of bool, True for white. `dpi` is None where nobody knows.
    """

    pixels: Pixels | npt.NDArray[np.bool_]
    dpi: float | None

    @property
    def is_coloured(self) -> bool:
        return self.pixels.ndim == 3

    @property
    def is_bilevel(self) -> bool:
        return self.pixels.dtype == np.bool_


def pack_png(picture: PagePicture) -> bytes:
    """The bytes of a PNG file, with the resolution where it is known."""
    # Level 3: a scan's noise hardly packs better at the default 6, which takes twice as long.
    return _pack(picture, "PNG", compress_level=3)


def pack_jpeg(picture: PagePicture, quality: int) -> bytes:
    """The bytes of a JPEG file of `quality` 1 to 100, with the resolution where it is known.

    Raises `StageError` for a picture with more rows or columns than a JPEG can have.
    """
    if max(picture.pixels.shape[:2]) > _LARGEST_JPEG:
        raise StageError("export", f"a JPEG has at most {_LARGEST_JPEG} pixels a side")
    return _pack(picture, "JPEG", quality=quality, optimize=True)


def pack_fax(picture: PagePicture) -> bytes:
    """A black and white picture in the coding of CCITT T.6 (fax group 4).

    libtiff does the coding: the data is the only strip of a TIFF file in memory. Pillow's bits
    are 1 for white, a fax's for black.
    """
    height, width = picture.pixels.shape
    file = io.BytesIO()
    image = Image.fromarray(~picture.pixels)
    image.save(file, "TIFF", compression="group4", strip_size=(width + 7) // 8 * height)
    tags = TiffImagePlugin.ImageFileDirectory_v2(file.getvalue()[:8])
    file.seek(tags.next)
    tags.load(file)
    (start,), (length,) = tags[_STRIP_OFFSETS], tags[_STRIP_BYTES]
    return file.getvalue()[start : start + length]


def pack_flate(picture: PagePicture, most: int) -> bytes | None:
    """The samples row by row in zlib's coding, or None as soon as that takes over `most` bytes.

    Rows as they are, without PNG's filters: what is drawn repeats itself, and differences of
    neighbours repeat less. Level 9 wins another twentieth and takes six times as long.
    """
    coder, parts, length = zlib.compressobj(6), [], 0
    height = picture.pixels.shape[0]
    for top in range(0, height, _BAND):
        parts.append(coder.compress(picture.pixels[top : top + _BAND].tobytes()))
        length += len(parts[-1])
        if length > most:
            return None
    parts.append(coder.flush())
    return b"".join(parts) if length + len(parts[-1]) <= most else None


def _pack(picture: PagePicture, form: str, **settings: Any) -> bytes:
    pixels = picture.pixels
    if form == "JPEG" and picture.is_bilevel:
        pixels = np.where(pixels, np.uint8(255), np.uint8(0))
    if picture.dpi:
        settings["dpi"] = (picture.dpi, picture.dpi)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, form, **settings)
    return file.getvalue()
