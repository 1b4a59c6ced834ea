"""Pillow images of any mode -> upright sRGB pixels on white paper, and their resolution."""

from __future__ import annotations

import io
import math
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms

from scanner.readers.reader import Pixels

_ORIENTATION = 0x0112  # the EXIF tag
_LONGEST_PAGE = 50  # inches; an A0 sheet is 47 long
_UNKNOWN_DPI = 72  # "when the image resolution is unknown, 72 [dpi] shall be designated" (EXIF)
_ICC_SPACES = {"1": "GRAY", "L": "GRAY", "RGB": "RGB ", "CMYK": "CMYK", "LAB": "Lab "}


def to_rgb(image: Image.Image) -> Pixels:
    """The pixels of a loaded image: scaled to 8 bits, in sRGB by its profile, on white."""
    profile = image.info.get("icc_profile")
    if image.mode[0] in "IF":
        image = Image.fromarray(_to_eight_bits(image))
    if not image.has_transparency_data:
        return opaque_to_rgb(image, profile)
    image = image.convert("RGBA")
    alpha = np.asarray(image.getchannel("A"))
    pixels = opaque_to_rgb(image.convert("RGB"), profile)
    if alpha.min() == 255 or alpha.max() == 0:  # a channel of zeros was never filled in
        return pixels
    opacity = alpha[..., None].astype(np.uint16)
    blended = (pixels * opacity + 255 * (255 - opacity) + 127) // 255
    return blended.astype(np.uint8)


def opaque_to_rgb(image: Image.Image, profile: bytes | None) -> Pixels:
    """The pixels of an 8-bit image in sRGB, by its ICC profile if that fits the image."""
    if image.mode in ("P", "PA"):
        image = image.convert("RGB")
    converted = None
    if profile and not _is_srgb(profile):
        converted = _through_profile(image, profile)
    if converted is None and image.mode == "LAB":
        lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")
    if converted is None and image.mode in ("1", "L"):
        grey = np.asarray(image.convert("L"))  # Pillow's own way to RGB takes five times as long
        return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
    return np.array(image.convert("RGB") if converted is None else converted)


def orientation_of(image: Image.Image) -> int:
    """The EXIF orientation, 1 (upright) where there is none that can be read."""
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # a broken EXIF block says nothing; the picture may still be good
        return 1
    return value if isinstance(value, int) else 1


def upright(pixels: Pixels, orientation: int) -> Pixels:
    """Turn and mirror a picture as its EXIF orientation (1 to 8; others mean 1) demands."""
    if orientation in (5, 6, 7, 8):
        pixels = pixels.transpose(1, 0, 2)
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return np.ascontiguousarray(pixels)


def dpi_of(image: Image.Image) -> float | None:
    """The declared resolution, or None where there is none or none that can be true of a page."""
    declared: Any = image.info.get("dpi")
    try:
        x, y = float(declared[0]), float(declared[1])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return None
    if not (30 <= x <= 9600 and 30 <= y <= 9600):  # NaN too is refused
        return None
    dpi = math.sqrt(x * y)  # fax machines have 204 x 98 and 204 x 196
    if round(dpi) == _UNKNOWN_DPI or max(image.size) / dpi > _LONGEST_PAGE:
        return None
    return round(dpi, 2)


def _to_eight_bits(image: Image.Image) -> Pixels:
    """Scale grey levels of 12, 16 or 32 bits or floats to 0 .. 255."""
    levels: npt.NDArray[Any] = np.asarray(image)
    is_float = levels.dtype.kind == "f"
    if is_float:
        levels = np.nan_to_num(levels, posinf=0, neginf=0)
    low, high = float(levels.min()), float(levels.max())
    black = 0.0
    if low < 0:  # signed: only the picture itself tells where black and white are
        black, white = low, high
    elif is_float and high <= 1:
        white = 1.0
    elif high <= 255:
        white = 65535.0 if image.mode.startswith("I;16") else 255.0
    elif high <= 4095:  # scanners of 10 and 12 bits put their levels into 16 as they are
        white = 4095.0
    else:
        white = max(high, 65535.0)
    scaled = (levels.astype(np.float32) - black) * (255 / max(white - black, 1e-9))
    grey: Pixels = np.clip(scaled + 0.5, 0, 255).astype(np.uint8)
    return grey


def _through_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    """Convert to sRGB by an ICC profile; None where the profile is broken or of another space."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space != _ICC_SPACES.get(image.mode):
            return None
        if image.mode == "1":
            image = image.convert("L")
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, source, srgb, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return None


def _is_srgb(profile: bytes) -> bool:
    """Whether a profile says that it is sRGB, in its description (ASCII or UTF-16)."""
    return b"sRGB" in profile or b"s\0R\0G\0B" in profile
