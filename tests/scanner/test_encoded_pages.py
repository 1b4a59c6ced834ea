"""Which files are left as they are for another decoder, and that they are the same pages."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from PIL import Image, ImageCms

from scanner.errors import SourceError, TooLargeError
from scanner.images import EncodedPage, SourcePage
from scanner.options import Options
from scanner.sources import open_source
from scanner.spreads import open_pages

PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def drawn() -> Image.Image:
    return Image.linear_gradient("L").resize((90, 60)).convert("RGB")


def read(path: Path, options: Options | None = None) -> SourcePage:
    with open_pages(path, options or Options()) as source:
        return source.read(1, encoded=True)


def test_a_common_jpeg_is_not_decoded_before_somebody_wants_its_pixels(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    drawn().save(path, dpi=(200, 200))
    page = read(path)
    assert isinstance(page, EncodedPage)
    assert (page.encoded, page.dpi, page.number, page.part) == (path.read_bytes(), 200, 1, None)
    with open_source(path, Options()) as source:
        assert torch.equal(page.pixels, source.read(1).pixels)
    path.unlink()
    assert page.pixels.shape == (60, 90, 3)  # they are kept


@pytest.mark.parametrize(
    ("name", "mode", "extra"),
    [
        ("profile.jpg", "RGB", {"icc_profile": PROFILE}),
        ("inks.jpg", "CMYK", {}),
        ("plain.png", "RGB", {}),
        ("pages.tif", "RGB", {}),
    ],
)
def test_others_are_decoded_here(
    tmp_path: Path, name: str, mode: str, extra: dict[str, bytes]
) -> None:
    drawn().convert(mode).save(tmp_path / name, **extra)
    page = read(tmp_path / name)
    assert not isinstance(page, EncodedPage)
    assert page.pixels.shape == (60, 90, 3)


def test_a_page_of_an_open_book_is_decoded_here(tmp_path: Path) -> None:
    drawn().save(tmp_path / "a.jpg")
    assert not isinstance(read(tmp_path / "a.jpg", Options(split_spreads=True)), EncodedPage)


def test_what_is_wrong_is_said_as_ever(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    drawn().save(path)
    with pytest.raises(TooLargeError, match="megapixels"):
        read(path, Options(max_megapixels=0.001))
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(SourceError, match="is cut off"):
        read(path)
