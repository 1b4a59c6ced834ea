"""What a file is, by its first bytes; names and suffixes are often wrong."""

from __future__ import annotations

import re
from enum import StrEnum

HEAD_SIZE = 2048  # bytes of a file that `sniff` and `describe` want to see

# A file with one of these suffixes is taken for a scan whatever it holds, so that a damaged or
# misnamed one is reported and not passed over.
SCAN_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".tif", ".tiff", ".webp", ".bmp", ".dib", ".gif"}
    | {".heic", ".heif", ".hif", ".avif", ".jp2", ".j2k", ".j2c", ".jpc", ".jpf", ".jpx"}
    | {".pbm", ".pgm", ".ppm", ".pnm", ".pdf"}
)


class Kind(StrEnum):
    """The kinds of file that can be read; the value is what people call it."""

    JPEG = "JPEG"
    PNG = "PNG"
    TIFF = "TIFF"
    WEBP = "WebP"
    BMP = "BMP"
    GIF = "GIF"
    HEIC = "HEIC"
    AVIF = "AVIF"
    JPEG2000 = "JPEG 2000"
    PNM = "PNM"
    PDF = "PDF"


_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"II*\0", Kind.TIFF),
    (b"MM\0*", Kind.TIFF),
    (b"II+\0", Kind.TIFF),  # BigTIFF
    (b"MM\0+", Kind.TIFF),
    (b"GIF87a", Kind.GIF),
    (b"GIF89a", Kind.GIF),
    (b"\0\0\0\x0cjP  \r\n\x87\n", Kind.JPEG2000),
    (b"\xff\x4f\xff\x51", Kind.JPEG2000),  # a bare codestream
)

_PNM_HEADER = re.compile(rb"P[1-6]\s+(#[^\n]*\n\s*)*\d+\s+(#[^\n]*\n\s*)*\d+\s")
_BMP_HEADER_SIZES = frozenset({12, 16, 40, 52, 56, 64, 108, 124})

# Kinds that are recognised only to say what they are.
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"AT&TFORM", "a DjVu document"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (b"8BPS", "a Photoshop document"),
    (b"%!PS", "a PostScript document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a compressed (gzip) file"),
    (b"7z\xbc\xaf'\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"II\xbc\x01", "a JPEG XR picture"),
    (b"RIFF", "a sound or video file"),
    (b"ID3", "a sound file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)


def sniff(head: bytes) -> Kind | None:
    """The kind of scan that a file beginning with `head` is, or None if it is no scan."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head[4:8] == b"ftyp":
        return _sniff_heif(head)
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADER_SIZES:
        return Kind.BMP
    if _PNM_HEADER.match(head):
        return Kind.PNM
    # Readers of PDF accept other bytes before the header, up to 1024 (ISO 32000-1, annex H.3).
    return Kind.PDF if b"%PDF-" in head[:1029] else None


def describe(head: bytes) -> str:
    """Say what a file is that `sniff` does not know: "a text file", "a ZIP archive", ..."""
    for magic, name in _FOREIGN:
        if head.startswith(magic):
            return name
    if head[4:8] == b"ftyp":
        return "a video file"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:512].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "a web page"
    if start.startswith((b"<svg", b"<?xml")):
        return "an SVG drawing" if b"<svg" in start else "an XML file"
    return "a text file" if _is_text(head) else "a file of an unknown kind"


def _sniff_heif(head: bytes) -> Kind | None:
    """Tell HEIC from AVIF by the brands in the `ftyp` box (ISO/IEC 23008-12, annex B)."""
    box = head[8 : int.from_bytes(head[:4], "big")]
    brands = {box[at : at + 4] for at in range(0, len(box), 4) if at != 4}
    if brands & {b"avif", b"avis"}:
        return Kind.AVIF
    if brands & {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}:
        return Kind.HEIC
    return None


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    if b"\0" in head or controls > len(head) // 100:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # The head may end within a character; older text files are in an 8-bit code page.
        letters = sum(byte in b" \t\r\n" or 65 <= byte & 0xDF <= 90 for byte in head)
        return error.start >= len(head) - 3 or letters > 0.7 * len(head)
    return True
