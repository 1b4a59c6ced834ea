"""Damaged, bottomless and impossible files fail with a reason, or give what is whole."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from flags import SAVES, assert_flag, decode, flag, pixels, tiff
from PIL import Image

from scanner.errors import SourceError, TooLargeError
from scanner.options import Options


def test_a_damaged_fax_page_is_not_passed_off_as_whole(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.tif"
    bits = np.random.default_rng(1).random((200, 400)) < 0.2
    Image.fromarray(bits).save(path, compression="group4")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 8] = bytes(8)
    path.write_bytes(data)
    with pytest.raises(SourceError, match=r"damaged|cut off"):
        decode(path)
    assert capfd.readouterr().err == ""  # libtiff prints its complaints


@pytest.mark.parametrize("progressive", [False, True])
def test_a_truncated_jpeg_says_so(tmp_path: Path, progressive: bool) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (160, 160, 3), np.uint8)
    path = tmp_path / "half a page.jpg"
    Image.fromarray(noise).save(path, progressive=progressive)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(SourceError) as caught:
        decode(path)
    assert str(caught.value).startswith(f"{path}: the JPEG picture is cut off")
    assert progressive or "about 4" in str(caught.value) or "about 5" in str(caught.value)


def test_lost_data_in_the_middle_of_a_jpeg(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (160, 160, 3), np.uint8)
    path = tmp_path / "a.jpg"
    Image.fromarray(noise).save(path)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] + data[-2:])
    with pytest.raises(SourceError, match="damaged"):
        decode(path)


def test_stray_bytes_in_a_jpeg_header_do_no_harm(tmp_path: Path) -> None:
    flag().save(tmp_path / "a.jpg", quality=95, subsampling=0)
    data = (tmp_path / "a.jpg").read_bytes()
    at = data.index(b"\xff\xdb")
    (tmp_path / "a.jpg").write_bytes(data[:at] + b"\0\0\0\0" + data[at:] + b"\0" * 50)
    assert_flag(pixels(tmp_path / "a.jpg"))


@pytest.mark.parametrize(
    "name", ["a.png", "a.webp", "a.bmp", "a.jp2", "a.avif", "raw.tif", "jpeg.tif"]
)
def test_truncated_pictures_fail(tmp_path: Path, name: str) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (80, 80, 3), np.uint8)
    path = tmp_path / name
    Image.fromarray(noise).save(path, **SAVES[name])
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * 0.6)])
    with pytest.raises(SourceError, match=str(path)):
        decode(path)


def png_header(width: int, height: int) -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 10) + b"IDAT" + bytes(14)


def webp_header(width: int, height: int) -> bytes:
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0" + bytes(4) + canvas + bytes(40)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("bomb.png", png_header(30_000, 30_000)),
        ("bomb.tif", tiff(30_000, 30_000, b"", compression=5)),
        ("bomb.webp", webp_header(16_000, 16_000)),
        ("bomb.gif", b"GIF89a" + struct.pack("<HH", 30_000, 30_000) + b"\0\0\0;"),
        ("bomb.bmp", b"BM" + bytes(12) + struct.pack("<IiiHHI", 40, 30_000, 30_000, 1, 24, 0)),
        ("bomb.ppm", b"P6 30000 30000 255\n"),
    ],
)
def test_bombs_are_refused_before_decoding(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data + bytes(100))
    with pytest.raises(SourceError, match=str(path)) as caught:
        decode(path)
    if name != "bomb.gif":  # one without a picture in it
        assert isinstance(caught.value, TooLargeError)
        assert "max_megapixels" in str(caught.value)


def test_the_limit_is_the_users(tmp_path: Path) -> None:
    flag().save(tmp_path / "a.png")
    with pytest.raises(TooLargeError, match="96 x 64"):
        decode(tmp_path / "a.png", options=Options(max_megapixels=0.006))
    assert decode(tmp_path / "a.png", options=Options(max_megapixels=0.0062)).number == 1


def test_our_limit_stands_in_for_pillows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flag().save(tmp_path / "a.tif", compression="tiff_lzw")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    assert_flag(pixels(tmp_path / "a.tif"))
    assert Image.MAX_IMAGE_PIXELS == 10


def test_jpeg_of_twelve_bits_is_named(tmp_path: Path) -> None:
    flag().save(tmp_path / "a.jpg")
    data = bytearray((tmp_path / "a.jpg").read_bytes())
    data[data.index(b"\xff\xc0") + 4] = 12
    (tmp_path / "a.jpg").write_bytes(data)
    with pytest.raises(SourceError, match="12 bits"):
        decode(tmp_path / "a.jpg")
