"""The picture to keep: as few channels as it needs, and its files."""

from __future__ import annotations

import io
import zlib

import numpy as np
import pytest
from PIL import Image

from scanner.errors import StageError
from scanner.pictures import PagePicture, pack_flate, pack_jpeg, pack_png

GREY = np.tile(np.arange(0, 240, 2, dtype=np.uint8), (90, 1))


def three(grey: np.ndarray) -> np.ndarray:
    return np.dstack([grey] * 3)


@pytest.mark.parametrize("pixels", [three(GREY), GREY, GREY > 100])
def test_files_hold_the_picture_and_its_resolution(pixels: np.ndarray) -> None:
    picture = PagePicture(pixels, 150.0)
    with Image.open(io.BytesIO(pack_png(picture))) as png:
        assert np.array_equal(np.asarray(png), pixels)
        assert png.info["dpi"] == pytest.approx((150, 150), abs=0.1)
    with Image.open(io.BytesIO(pack_jpeg(picture, 95))) as jpeg:
        truth = pixels * 255.0 if picture.is_bilevel else pixels
        assert np.abs(np.asarray(jpeg) - truth.astype(float)).mean() < 3
        assert jpeg.info["dpi"] == (150, 150)


def test_a_picture_too_large_for_jpeg_is_refused() -> None:
    with pytest.raises(StageError, match="at most 65500 pixels"):
        pack_jpeg(PagePicture(np.zeros((1, 65_501), dtype=np.uint8), None), 80)


@pytest.mark.parametrize("pixels", [GREY, three(GREY), GREY.T])
def test_packing_without_loss_keeps_to_its_limit(pixels: np.ndarray) -> None:
    packed = pack_flate(PagePicture(pixels, None), most=pixels.size)
    assert packed is not None
    assert zlib.decompress(packed) == pixels.tobytes()
    assert pack_flate(PagePicture(pixels, None), most=len(packed)) == packed
    assert pack_flate(PagePicture(pixels, None), most=len(packed) - 1) is None
