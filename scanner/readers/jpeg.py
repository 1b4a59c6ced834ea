"""JPEGs, by libjpeg-turbo in its strict mode.

That mode tells of damage that Pillow and OpenCV pass over in silence, at the same pixels.
"""

from __future__ import annotations

import io
import logging
import re
from typing import BinaryIO

import numpy as np
import simplejpeg
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from gpu_ops.jpeg_header import JPEG_LS, LOSSLESS_OR_HIERARCHICAL, JpegError, read_header
from scanner.readers.colour import dpi_of, opaque_to_rgb, orientation_of, upright
from scanner.readers.reader import DecodeError, Pixels, check_size

_END = b"\xff\xd9"

_log = logging.getLogger(__name__)

# Stray bytes between the segments of the header or after the picture (marker 0xd9). The same
# between scans (0xc4, 0xda) or restart markers (0xd0 to 0xd7) means that picture data was lost.
_HARMLESS = re.compile(
    r"extraneous bytes before marker 0x(c[0-3]|d[9bd]|e.|fe)|bad ICC marker|Adobe color transform"
)


def read_jpeg(file: BinaryIO, max_pixels: float) -> tuple[Pixels, float | None]:
    """The upright picture in an open file and its resolution; raises `DecodeError`."""
    data = file.read()
    _check_variety(data)
    with JpegImageFile(io.BytesIO(data)) as header:
        check_size(header.size, max_pixels)
        orientation, dpi = orientation_of(header), dpi_of(header)
        profile = header.info.get("icc_profile")
        inks, adobe = header.mode == "CMYK", "adobe" in header.info
    if inks:
        # Adobe's programs store the amount of paper, not of ink, and mark the file as theirs.
        amounts = decode_jpeg(data, "CMYK", file.name)
        image = Image.fromarray(255 - amounts if adobe else amounts, "CMYK")
        return upright(opaque_to_rgb(image, profile), orientation), dpi
    pixels = decode_jpeg(data, "RGB", file.name)
    if profile:
        pixels = opaque_to_rgb(Image.fromarray(pixels), profile)
    return upright(pixels, orientation), dpi


def read_encoded(file: BinaryIO, max_pixels: float) -> tuple[bytes, float | None] | None:
    """An open file as it is, and its resolution, if any decoder can be trusted with it.

    That is a whole JPEG of a common kind without a colour profile. Raises `DecodeError` where the
    picture is too large.
    """
    data = file.read()
    try:
        if not read_header(data).is_common or not data.rstrip(b"\0").endswith(_END):
            return None
    except JpegError:
        return None
    with JpegImageFile(io.BytesIO(data)) as header:
        check_size(header.size, max_pixels)
        return None if header.info.get("icc_profile") else (data, dpi_of(header))


def decode_jpeg(data: bytes, colours: str, name: str, shrink: int = 1) -> Pixels:
    """Decode to "RGB", "CMYK" or "GRAY", at 1/`shrink` of the size or more.

    Damage raises `DecodeError`; stray bytes in the header are none, those at the end are logged
    under `name`.
    """
    try:
        pixels: Pixels = simplejpeg.decode_jpeg(data, colours, min_factor=shrink)
        return pixels
    except ValueError as error:
        message = str(error)
    if _HARMLESS.search(message):
        if "0xd9" in message:
            _log.warning("%s: unused bytes at the end; the lower part may be damaged", name)
        return _decode_leniently(data, colours)
    if "remature end of JPEG" in message:
        raise DecodeError(_how_much_is_left(data))
    raise DecodeError(
        f"the JPEG picture is damaged ({message.removeprefix('Corrupt JPEG data: ')})"
    )


def _decode_leniently(data: bytes, colours: str) -> Pixels:
    """By Pillow, which does not mind the harmless; the strict decoder stops at the first."""
    mode = {"GRAY": "L"}.get(colours, colours)
    with JpegImageFile(io.BytesIO(data)) as image:
        pixels = np.array(image.convert(mode))
    return 255 - pixels if mode == "CMYK" else pixels  # Pillow takes all CMYK for Adobe's


def _how_much_is_left(data: bytes) -> str:
    """Say how much of a cut-off JPEG can be seen; libjpeg fills the rest with an even grey."""
    cut = "the JPEG picture is cut off: its end is missing"
    try:
        rows = simplejpeg.decode_jpeg(data, "RGB", strict=False)
    except ValueError:
        return cut
    filled = (rows == rows[-1, -1]).all(axis=(1, 2))
    if filled.all():
        return cut
    present = 100 * (len(filled) - int(np.argmin(filled[::-1]))) // len(filled)
    return f"{cut} (about {present} % of it is there)" if 0 < present < 100 else cut


def _check_variety(data: bytes) -> None:
    """Raise `DecodeError` for the varieties of JPEG that no common decoder reads."""
    try:
        header = read_header(data)
    except JpegError:
        return  # the decoder says better what is wrong
    if header.process == JPEG_LS:
        raise DecodeError("it is a JPEG-LS picture, which cannot be read")
    if header.process in LOSSLESS_OR_HIERARCHICAL:
        raise DecodeError("it is a lossless or hierarchical JPEG, which cannot be read")
    if header.precision != 8:
        raise DecodeError(f"it is a JPEG of {header.precision} bits a channel; only 8 can be read")
