"""The pages of a TIFF, read one at a time."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np
from PIL.TiffImagePlugin import TiffImageFile

from scanner.readers import libtiff
from scanner.readers.colour import dpi_of, to_rgb
from scanner.readers.quiet import quiet_pillow
from scanner.readers.reader import DecodeError, Pixels, check_size, guarded

_NEW_SUBFILE_TYPE, _BITS, _COMPRESSION, _PHOTOMETRIC = 254, 258, 259, 262
_THUMBNAIL, _MASK = 1, 4  # bits of NewSubfileType (TIFF 6.0, page 36)
_MIN_IS_WHITE = 0
_MOST_PAGES = 100_000

_COMPRESSIONS = {
    34676: "SGI LogLuv", 34712: "JPEG 2000", 34892: "lossy JPEG (DNG)", 50001: "WebP",
    34887: "LERC", 50002: "JPEG XL", 34661: "JBIG", 9: "JBIG", 10: "JBIG", 34715: "JBIG2",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Directory:
    """A page's place in the chain of directories; `damage` ends the chain."""

    frame: int
    subfile_type: int = 0
    damage: str | None = None


class TiffReader:
    """A TIFF or BigTIFF; thumbnails and masks among its pages are left out."""

    def __init__(self, path: Path, max_pixels: float) -> None:
        """Open the file and count its pages; raises OSError and `DecodeError`."""
        self._max_pixels = max_pixels
        self._file = path.open("rb")
        try:
            directories = _directories(self._file)
            pages = [d for d in directories if not d.subfile_type & (_THUMBNAIL | _MASK)]
            self._pages = pages or directories
            if not self._pages:
                raise DecodeError("it is a TIFF file with no pages")
        except BaseException:
            self._file.close()
            raise
        self._image: TiffImageFile | None = None
        self.page_count = len(self._pages)

    def read(self, number: int) -> tuple[Pixels, float | None]:
        """Page `number` (from 1) and its resolution in dpi; raises `DecodeError`."""
        page = self._pages[number - 1]
        if page.damage:
            raise DecodeError(page.damage)
        with quiet_pillow(), libtiff.messages() as heard:
            try:
                with guarded("TIFF page"):
                    return self._decode(page.frame, heard)
            except DecodeError:
                self._image = None  # after a failure Pillow's object is in no known state
                raise

    def close(self) -> None:
        """Close the file."""
        self._image = None
        self._file.close()

    def _decode(self, frame: int, heard: list[str]) -> tuple[Pixels, float | None]:
        if self._image is None:
            self._file.seek(0)
            self._image = TiffImageFile(self._file)
        image = self._image
        if image.tell() != frame:
            image.info.clear()  # or a page would inherit the profile of the one before
            image.seek(frame)
        check_size(image.size, self._max_pixels)
        tags = image.tag_v2
        compression, photometric = tags.get(_COMPRESSION), tags.get(_PHOTOMETRIC)
        dpi = dpi_of(image)
        try:
            image.load()
        except OSError as error:
            if compression in _COMPRESSIONS:
                kind = _COMPRESSIONS[compression]
                raise DecodeError(f"{kind} compression in a TIFF is not supported") from error
            if any(text.startswith("TIFFFill") for text in heard):
                raise DecodeError("the TIFF page is cut off: its picture is not there") from error
            raise OSError(next(filter(_LOST.match, heard), str(error))) from error
        _check_damage(heard, image.height)
        pixels = to_rgb(image)
        if photometric == _MIN_IS_WHITE and image.mode[0] == "I":
            pixels = np.subtract(255, pixels)  # Pillow minds this for up to 8 bits only
        return pixels, dpi  # Pillow has turned it upright


def _check_damage(heard: list[str], rows: int) -> None:
    """Raise `DecodeError` where a decoder lost picture data, after what libtiff said.

    A line that came over a telephone damaged ("bad code word", "line length") is how fax pages
    arrive; a fax machine would repair a few and print the page, and so do we.
    """
    lost = [text for text in heard if _LOST.match(text)]
    if not lost:
        return
    fax_lines = all(text.startswith("Fax3") and "EOF" not in text for text in lost)
    if fax_lines and len(lost) <= rows // 100:
        return
    if any("EOF" in text for text in lost):
        line = re.search(r"line (\d+)", lost[-1])
        where = f" after line {line[1]} of {rows}" if line else ""
        raise DecodeError(f"the TIFF page is cut off{where}")
    raise DecodeError(f"the TIFF page is damaged ({lost[0]})")


_LOST = re.compile(r"(Fax|JPEGLib|LZW|ZIP|PackBits|LZMA|ZSTD|TIFFFill|TIFFRead(Encoded|Scan))")


def _directories(file: BinaryIO) -> list[_Directory]:
    """Walk the chain of image file directories (TIFF 6.0, section 2) without reading pictures.

    Pillow can count pages too, but gives the whole file up where the chain is broken.
    """
    header = file.read(16)
    end = file.seek(0, os.SEEK_END)
    order: Literal["little", "big"] = "little" if header[:2] == b"II" else "big"
    big = header[2:4] in (b"+\0", b"\0+")
    pointer, counter, entry_size = (8, 8, 20) if big else (4, 2, 12)
    at = int.from_bytes(header[8:16] if big else header[4:8], order)
    directories: list[_Directory] = []
    seen: set[int] = set()
    while at and at not in seen and len(directories) < _MOST_PAGES:
        seen.add(at)
        file.seek(min(at, end))
        count = int.from_bytes(file.read(counter), order)
        entries = file.read(count * entry_size) if 0 < count <= 4096 else b""
        following = file.read(pointer)
        frame = len(directories)
        if not entries or len(entries) < count * entry_size:
            damage = f"the file is damaged or cut off: page {frame + 1} and any after it are lost"
            return [*directories, _Directory(frame, damage=damage)]
        subfile_type = 0
        for start in range(0, len(entries), entry_size):
            entry = entries[start : start + entry_size]
            if int.from_bytes(entry[:2], order) == _NEW_SUBFILE_TYPE:
                subfile_type = int.from_bytes(entry[-pointer:][:4], order)
        directories.append(_Directory(frame, subfile_type))
        at = int.from_bytes(following, order)
    return directories
