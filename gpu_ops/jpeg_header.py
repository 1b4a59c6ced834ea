"""What the header of a JPEG says, read without decoding it (ITU-T T.81, annex B)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

ORIENTATION = 0x0112
"""The EXIF tag of how a picture is to be turned (CIPA DC-008, section 4.6.4)."""

_LUMA_OVER_CHROMA = {
    (1, 1): "444",
    (2, 1): "422",
    (2, 2): "420",
    (1, 2): "440",
    (4, 1): "411",
}
LOSSLESS_OR_HIERARCHICAL = frozenset({3, 5, 6, 7, 11, 13, 14, 15})
"""Processes that no common decoder reads."""

JPEG_LS = 0xF7 - 0xC0
"""The process of a JPEG-LS picture (ITU-T T.87), counted as the others are."""

_START_OF_SCAN, _RESTART_INTERVAL = 0xDA, 0xDD
_FRAMES = frozenset({*range(0xC0, 0xD0), 0xC0 + JPEG_LS}) - {0xC4, 0xC8, 0xCC}
_APP1, _APP14 = 0xE1, 0xEE


class JpegError(ValueError):
    """Data that is no JPEG, or one that is damaged or cannot be decoded; the message says why."""


@dataclass(frozen=True, slots=True)
class JpegHeader:
    """Size as it is stored, before it is turned, and how the picture is coded.

    `process` is the number of the start-of-frame marker: 0 baseline, 1 extended, 2 progressive, 9
    and 10 the latter two with arithmetic coding, others as named above. `sampling` has the
    horizontal and vertical factors of each component. `restarts` is the number of blocks between
    restart markers, 0 for none; `orientation` the EXIF tag, 1 to 8; `adobe` the colour transform
    that Adobe's marker names, None without one.
    """

    width: int
    height: int
    precision: int
    process: int
    sampling: tuple[tuple[int, int], ...]
    restarts: int = 0
    orientation: int = 1
    adobe: int | None = None

    @property
    def subsampling(self) -> str | None:
        """ "gray", "444", "422", "420", "440" or "411"; None for anything else."""
        if len(self.sampling) == 1:
            return "gray"
        (across, down), *chroma = self.sampling
        if len(chroma) != 2 or chroma[0] != chroma[1]:
            return None
        ratio = (across / chroma[0][0], down / chroma[0][1])
        return _LUMA_OVER_CHROMA.get((int(ratio[0]), int(ratio[1]))) if _whole(ratio) else None

    @property
    def is_common(self) -> bool:
        """Whether every decoder can be trusted with it, those of graphics cards too.

        That is sequential or progressive Huffman coding of 8 bits, grey or YCbCr.
        """
        return (
            self.process in (0, 1, 2)
            and self.precision == 8
            and self.height > 0
            and self.subsampling is not None
            and self.adobe != 0
        )


def read_header(data: bytes) -> JpegHeader:
    """The header of a JPEG; raises `JpegError` where there is none."""
    if data[:2] != b"\xff\xd8":
        raise JpegError("it does not begin as a JPEG does")
    frame: tuple[int, bytes] | None = None
    restarts, orientation, adobe = 0, 1, None
    for marker, segment in _segments(data):
        if marker in _FRAMES:
            frame = frame or (marker, segment)
        elif marker == _RESTART_INTERVAL and len(segment) >= 2:
            restarts = int.from_bytes(segment[:2], "big")
        elif marker == _APP1 and segment[:6] == b"Exif\0\0":
            orientation = _orientation(segment[6:])
        elif marker == _APP14 and segment[:5] == b"Adobe" and len(segment) >= 12:
            adobe = segment[11]
    if frame is None or len(frame[1]) < 6 or len(frame[1]) < 6 + 3 * frame[1][5]:
        raise JpegError("its header is cut off or damaged")
    marker, segment = frame
    factors = [segment[at + 1] for at in range(6, 6 + 3 * segment[5], 3)]
    sampling = tuple((factor >> 4, factor & 15) for factor in factors)
    if not sampling or not all(across and down for across, down in sampling):
        raise JpegError("its header is damaged: a component has no pixels")
    height, width = (int.from_bytes(segment[at : at + 2], "big") for at in (1, 3))
    return JpegHeader(
        width, height, segment[0], marker - 0xC0, sampling, restarts, orientation, adobe
    )


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Markers and what they hold, up to the first scan; stray bytes between are passed over."""
    at = 2
    while at + 4 <= len(data):
        marker = data[at + 1]
        if data[at] != 0xFF or marker in (0x00, 0xFF) or 0xD0 <= marker <= 0xD9:
            at += 1
            continue
        if marker == _START_OF_SCAN:
            return
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        yield marker, data[at + 4 : end]
        at = max(end, at + 4)


def _orientation(tiff: bytes) -> int:
    """The orientation in the first directory of a TIFF header; 1 where it says none that exists."""
    order = {b"II": "little", b"MM": "big"}.get(tiff[:2])
    if order is None:
        return 1

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], "little" if order == "little" else "big")

    start = number(4, 4)
    for at in range(start + 2, start + 2 + 12 * number(start, 2), 12):
        if at + 12 > len(tiff):
            break
        if number(at, 2) == ORIENTATION:
            value = number(at + 8, 2)
            return value if 1 <= value <= 8 else 1
    return 1


def _whole(ratio: tuple[float, float]) -> bool:
    return all(part == int(part) for part in ratio)
