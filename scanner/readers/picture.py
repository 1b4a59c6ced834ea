"""Files that hold one picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pillow_heif
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.PpmImagePlugin import PpmImageFile
from PIL.WebPImagePlugin import WebPImageFile

from scanner.readers.colour import dpi_of, orientation_of, to_rgb, upright
from scanner.readers.jpeg import read_encoded, read_jpeg
from scanner.readers.quiet import quiet_pillow
from scanner.readers.reader import Pixels, check_size, guarded
from scanner.readers.sniff import Kind

_OPENERS: dict[Kind, Callable[[BinaryIO], ImageFile]] = {
    Kind.PNG: PngImageFile,
    Kind.WEBP: WebPImageFile,
    Kind.BMP: BmpImageFile,
    Kind.GIF: GifImageFile,
    Kind.HEIC: pillow_heif.HeifImageFile,
    Kind.AVIF: AvifImageFile,
    Kind.JPEG2000: Jpeg2KImageFile,
    Kind.PNM: PpmImageFile,
}


class PictureReader:
    """One picture; of an animation the first, of a burst of photos the main one."""

    page_count = 1

    def __init__(self, path: Path, kind: Kind, max_pixels: float) -> None:
        self._path = path
        self._kind = kind
        self._max_pixels = max_pixels

    def read(self, number: int) -> tuple[Pixels, float | None]:
        """The picture (`number` is 1) and its dpi; raises `DecodeError` or OSError."""
        with self._path.open("rb") as file, quiet_pillow(), guarded(f"{self._kind} picture"):
            if self._kind is Kind.JPEG:
                return read_jpeg(file, self._max_pixels)
            if self._kind is Kind.WEBP:  # Pillow allocates the canvas before it tells its size
                check_size(_webp_size(file.read(30)), self._max_pixels)
                file.seek(0)
            with _OPENERS[self._kind](file) as image:
                check_size(image.size, self._max_pixels)
                image.load()
                return upright(to_rgb(image), orientation_of(image)), dpi_of(image)

    def read_encoded(self) -> tuple[bytes, float | None] | None:
        """The file and its dpi where it is a JPEG for any decoder; raises as `read` does."""
        if self._kind is not Kind.JPEG:
            return None
        with self._path.open("rb") as file, quiet_pillow(), guarded("JPEG picture"):
            return read_encoded(file, self._max_pixels)

    def close(self) -> None:
        """Nothing is kept open between reads."""


def _webp_size(head: bytes) -> tuple[int, int]:
    """Width and height out of the first 30 bytes of a WebP file (RFC 9649, sections 2.5 to 2.7)."""
    chunk = head[12:16]
    if chunk == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if chunk == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = head[26:28], head[28:30]
    return int.from_bytes(width, "little") & 0x3FFF, int.from_bytes(height, "little") & 0x3FFF
