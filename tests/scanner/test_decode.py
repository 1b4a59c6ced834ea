"""Every format, colour mode, depth and orientation comes out as the same upright RGB."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from flags import SAVES, WHITE, assert_flag, decode, flag, pixels, tiff
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from scanner.errors import SourceError
from scanner.options import Options
from scanner.sources import open_source


@pytest.mark.parametrize("name", SAVES)
def test_formats(tmp_path: Path, name: str) -> None:
    flag().save(tmp_path / name, **SAVES[name])
    assert_flag(pixels(tmp_path / name))


def test_heic(tmp_path: Path) -> None:
    heif = pillow_heif.from_pillow(flag())
    heif.save(tmp_path / "a.heic", quality=95)
    assert_flag(pixels(tmp_path / "a.heic"), tolerance=20)


def test_gif_is_its_first_picture(tmp_path: Path) -> None:
    flag().save(tmp_path / "a.gif", save_all=True, append_images=[Image.new("RGB", (96, 64))])
    with open_source(tmp_path / "a.gif", Options()) as source:
        assert source.page_count == 1
        assert_flag(source.read(1).pixels.numpy())


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif", "avif"])
def test_all_exif_orientations_come_out_upright(tmp_path: Path, suffix: str) -> None:
    stored = {  # what a camera stores so that the orientation makes it upright again
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    for orientation, operation in stored.items():
        picture = flag() if operation is None else flag().transpose(operation)
        exif = Image.Exif()
        exif[0x0112] = orientation
        path = tmp_path / f"{orientation}.{suffix}"
        options = {"quality": 95} if suffix in ("jpg", "avif") else {}
        picture.save(path, exif=exif, **options)
        assert_flag(pixels(path), tolerance=40)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_out_of_range_means_upright(tmp_path: Path, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    flag().save(tmp_path / "a.png", exif=exif)
    assert_flag(pixels(tmp_path / "a.png"))


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16", "I", "F", "CMYK", "LAB"])
def test_modes_of_a_tiff(tmp_path: Path, mode: str) -> None:
    grey = np.full((8, 8), 255, np.uint8)
    grey[:, :4] = 0
    picture = Image.fromarray(grey)
    if mode in ("I;16", "I"):
        picture = Image.fromarray(grey.astype(np.uint16 if mode == "I;16" else np.int32) * 257)
    elif mode == "LAB":
        rgb_to_lab = ImageCms.buildTransform(
            ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"
        )
        picture = ImageCms.applyTransform(picture.convert("RGB"), rgb_to_lab)
    else:
        picture = picture.convert("RGB" if mode == "CMYK" else mode).convert(mode)
    picture.save(tmp_path / "a.tif")
    array = pixels(tmp_path / "a.tif")
    assert array[:, :4].max() <= 3
    assert array[:, 4:].min() >= 252


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.jp2"])
def test_sixteen_bits_are_scaled(tmp_path: Path, name: str) -> None:
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)[None].repeat(4, 0)
    Image.fromarray(ramp).save(tmp_path / name)
    levels = pixels(tmp_path / name)[0, :, 0].astype(int)
    assert np.abs(levels - np.arange(256)).max() <= 1


def test_twelve_bits_in_sixteen_are_scaled_to_white(tmp_path: Path) -> None:
    ramp = np.linspace(0, 4095, 256).astype(np.uint16)[None]
    Image.fromarray(ramp).save(tmp_path / "a.png")
    assert np.abs(pixels(tmp_path / "a.png")[0, :, 0].astype(int) - np.arange(256)).max() <= 1


@pytest.mark.parametrize(("bits", "white"), [(1, b"\0"), (8, b"\0" * 8), (16, b"\0" * 16)])
def test_min_is_white(tmp_path: Path, bits: int, white: bytes) -> None:
    black = b"\xff" * len(white)
    path = tmp_path / "a.tif"
    path.write_bytes(tiff(8, 2, white + black, bits=bits, photometric=0))
    array = pixels(path)
    assert (array[0] == 255).all()
    assert (array[1] == 0).all()


@pytest.mark.parametrize("kind", ["group3", "group4", "tiff_ccitt"])
@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=5, deadline=None)
def test_fax_compressions_are_exact(
    tmp_path_factory: pytest.TempPathFactory, kind: str, seed: int
) -> None:
    bits = np.random.default_rng(seed).random((40, 71)) < 0.3
    path = tmp_path_factory.mktemp("fax") / "a.tif"
    Image.fromarray(bits).save(path, compression=kind)
    assert (pixels(path)[..., 0] == 255 * bits).all()


@pytest.mark.parametrize("adobe", [True, False])
def test_cmyk_jpeg_with_and_without_the_adobe_marker(tmp_path: Path, adobe: bool) -> None:
    ink = Image.merge("CMYK", [Image.new("L", (16, 16), amount) for amount in (0, 255, 255, 0)])
    buffer = io.BytesIO()
    ink.save(buffer, "JPEG", quality=95)  # Pillow inverts, and marks it as Adobe's
    data = buffer.getvalue()
    at = data.index(b"\xff\xee")
    if not adobe:
        data = data[:at] + data[at + 2 + int.from_bytes(data[at + 2 : at + 4], "big") :]
    path = tmp_path / "a.jpg"
    path.write_bytes(data)
    middle = pixels(path)[8, 8].astype(int)
    expected = (255, 0, 0) if adobe else (0, 0, 0)  # (0, 255, 255, 0) read as paper, key 255
    assert np.abs(middle - expected).max() <= 8


def test_transparency_is_laid_on_white(tmp_path: Path) -> None:
    picture = Image.new("RGBA", (3, 1))
    picture.putdata([(0, 0, 0, 0), (200, 0, 0, 128), (1, 2, 3, 255)])
    picture.save(tmp_path / "a.png")
    assert pixels(tmp_path / "a.png").tolist() == [[[255, 255, 255], [227, 127, 127], [1, 2, 3]]]


def test_transparent_palette_entry(tmp_path: Path) -> None:
    picture = Image.new("P", (2, 1))
    picture.putpalette([0, 0, 0, 10, 20, 30])
    picture.putdata([0, 1])
    picture.save(tmp_path / "a.png", transparency=0)
    assert pixels(tmp_path / "a.png").tolist() == [[[255, 255, 255], [10, 20, 30]]]


def test_an_alpha_channel_of_zeros_is_not_believed(tmp_path: Path) -> None:
    Image.new("RGBA", (2, 2), (9, 8, 7, 0)).save(tmp_path / "a.png")
    assert (pixels(tmp_path / "a.png") == (9, 8, 7)).all()


def test_a_broken_profile_is_passed_over(tmp_path: Path) -> None:
    flag().save(tmp_path / "a.png", icc_profile=b"no profile at all")
    assert_flag(pixels(tmp_path / "a.png"), tolerance=0)


def test_profile_is_applied(tmp_path: Path) -> None:
    """A profile of linear light: a level of 55 of 255 is mid-grey, about 128, in sRGB."""
    linear = ImageCms.createProfile("sRGB")
    profile = bytearray(
        ImageCms.ImageCmsProfile(linear).tobytes().replace(b"s\0R\0G\0B", b"\0" * 7)
    )
    count = struct.unpack(">I", profile[128:132])[0]
    for tag in range(count):
        name, offset, _ = struct.unpack(">4sII", profile[132 + 12 * tag : 144 + 12 * tag])
        if name in (b"rTRC", b"gTRC", b"bTRC"):  # ICC.1, section 10.6: a curve of no entries
            profile[offset : offset + 12] = b"curv" + bytes(8)
    for name in ("a.png", "a.jpg"):
        picture = Image.new("RGB", (16, 16), (55, 55, 55))
        picture.save(tmp_path / name, icc_profile=bytes(profile))
        assert abs(int(pixels(tmp_path / name)[8, 8, 0]) - 128) <= 3


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK"])
@pytest.mark.parametrize("suffix", ["tif", "png", "jpg", "webp", "bmp", "gif", "jp2", "avif"])
def test_one_pixel(tmp_path: Path, mode: str, suffix: str) -> None:
    picture = Image.new("RGB", (1, 1), WHITE).convert(mode)
    path = tmp_path / f"a.{suffix}"
    try:
        picture.save(path)
    except (OSError, ValueError):
        picture.convert("RGB").save(path)  # the format has no such mode
    assert pixels(path).shape == (1, 1, 3)
    assert pixels(path).min() >= 250


@pytest.mark.parametrize(
    ("declared", "dpi"),
    [((300, 300), 300), ((204, 98), 141.39), ((72, 72), None), ((1, 1), None), (None, None)],
)
def test_dpi(tmp_path: Path, declared: tuple[int, int] | None, dpi: float | None) -> None:
    for name in ("a.jpg", "a.tif"):
        flag().save(tmp_path / name, **({"dpi": declared} if declared else {}))
        read = decode(tmp_path / name).dpi
        assert read == (dpi if dpi is None else pytest.approx(dpi, abs=0.1))


def test_pages_of_a_tiff_and_its_thumbnails(tmp_path: Path) -> None:
    pages = [Image.new("L", (20 + n, 10), n) for n in range(5)]
    pages[2] = Image.new("RGB", (22, 10), (2, 2, 2))
    pages[1].encoderinfo = {"tiffinfo": {254: 1}}
    path = tmp_path / "a.tif"
    pages[0].save(path, save_all=True, append_images=pages[1:])
    with open_source(path, Options()) as source:
        assert source.page_count == 4
        for number, level in [(4, 4), (1, 0), (3, 3), (2, 2), (2, 2)]:
            page = source.read(number)
            assert page.number == number
            assert page.pixels.shape == (10, 20 + level, 3)
            assert (page.pixels == level).all()
        with pytest.raises(ValueError, match="no page 5"):
            source.read(5)


def test_a_profile_stays_with_its_page(tmp_path: Path) -> None:
    plain = Image.new("RGB", (4, 4), (55, 66, 77))
    swapped = plain.copy()
    swapped.encoderinfo = {"icc_profile": b"x" * 200}
    swapped.save(tmp_path / "a.tif", save_all=True, append_images=[plain], dpi=(300, 300))
    with open_source(tmp_path / "a.tif", Options()) as source:
        assert (source.read(2).pixels.numpy() == (55, 66, 77)).all()


def test_a_broken_chain_of_pages_keeps_the_pages_before(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    pages = [Image.new("L", (30, 30), n) for n in range(3)]
    pages[0].save(path, save_all=True, append_images=pages[1:])
    data = path.read_bytes()
    path.write_bytes(data[: len(data) - 1100])
    with open_source(path, Options()) as source:
        assert (source.read(1).pixels == 0).all()
        with pytest.raises(SourceError, match=rf"{path}, page {source.page_count}: .*cut off"):
            source.read(source.page_count)
