"""A picture that tells its colours and its way up, how to save it, and reading it back."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
from PIL import Image

from scanner.images import SourcePage
from scanner.options import Options
from scanner.sources import open_source

RED, GREEN, BLUE, WHITE, BLACK = (
    (220, 20, 30),
    (10, 160, 60),
    (20, 40, 200),
    (255, 255, 255),
    (0, 0, 0),
)


def decode(path: Path, number: int = 1, options: Options | None = None) -> SourcePage:
    with open_source(path, options or Options()) as source:
        return source.read(number)


def pixels(path: Path, number: int = 1) -> np.ndarray:
    return decode(path, number).pixels.numpy()


def flag() -> Image.Image:
    """An asymmetrical picture: four quarters of different colours, wider than high."""
    picture = Image.new("RGB", (96, 64), WHITE)
    picture.paste(RED, (0, 0, 48, 32))
    picture.paste(GREEN, (48, 0, 96, 32))
    picture.paste(BLUE, (0, 32, 48, 64))
    return picture


def assert_flag(array: np.ndarray, tolerance: int = 12) -> None:
    assert array.shape == (64, 96, 3)
    for (row, column), colour in {
        (16, 24): RED,
        (16, 72): GREEN,
        (48, 24): BLUE,
        (48, 72): WHITE,
    }.items():
        assert np.abs(array[row, column].astype(int) - colour).max() <= tolerance, (row, column)


def tiff(width: int, height: int, data: bytes, **tags: int) -> bytes:
    """A little-endian TIFF of one strip; the tags are given by name."""
    numbers = {"bits": 258, "compression": 259, "photometric": 262, "samples": 277, "subfile": 254}
    entries = {256: width, 257: height, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: height}
    entries |= {279: len(data)} | {numbers[name]: value for name, value in tags.items()}
    directory = struct.pack("<H", len(entries))
    for tag, value in sorted(entries.items()):
        directory += struct.pack("<HHII", tag, 4, 1, value)
    return b"II*\0" + struct.pack("<I", 8 + len(data)) + data + directory + bytes(4)


SAVES = {
    "a.jpg": {"quality": 95, "subsampling": 0},
    "progressive.jpg": {"quality": 95, "progressive": True, "subsampling": 0},
    "a.png": {},
    "a.webp": {"lossless": True},
    "a.bmp": {},
    "a.jp2": {},
    "a.avif": {"quality": 95},
    "a.ppm": {},
    "raw.tif": {},
    "lzw.tif": {"compression": "tiff_lzw"},
    "deflate.tif": {"compression": "tiff_adobe_deflate"},
    "packbits.tif": {"compression": "packbits"},
    "jpeg.tif": {"compression": "jpeg", "quality": 95},
    "big.tif": {"big_tiff": True},
}
