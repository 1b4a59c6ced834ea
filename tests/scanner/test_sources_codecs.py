"""Real files, odd and damaged ones among them: each decodes or fails with a clear sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scanner.errors import SourceError
from scanner.options import Options
from scanner.sources import open_source

ROOT = Path(__file__).parents[3] / "shared" / "data"
FILES = sorted(path for path in (ROOT / "codecs").rglob("*") if path.is_file())
SCANS = sorted((ROOT / "smoke" / "scanned_pdf").glob("*.pdf"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_decodes_or_says_why_not(
    path: Path, shared_data: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pages = 0
    try:
        with open_source(path, Options()) as source:
            for number in range(1, source.page_count + 1):
                page = source.read(number)
                pages += 1
                assert min(page.pixels.shape) > 0
                assert page.dpi is None or 30 <= page.dpi <= 9600
    except SourceError as error:
        message = str(error)
        assert message.startswith((f"{path}: ", f"{path}, page {pages + 1}: "))
        assert "\n" not in message
    else:
        assert pages == source.page_count
    printed = capfd.readouterr()
    assert printed.out + printed.err == ""


@pytest.mark.parametrize("path", SCANS, ids=lambda path: path.name)
def test_every_scanned_page_comes_out(path: Path, shared_data: Path) -> None:
    with open_source(path, Options()) as source:
        for number in range(1, source.page_count + 1):
            page = source.read(number)
            ink = float((page.pixels < 128).float().mean())
            assert 0.005 < ink < 0.3, number
            assert page.dpi is not None
            assert min(page.pixels.shape[:2]) > 1000


@pytest.mark.parametrize("side", ["Landscape", "Portrait"])
def test_the_orientations_agree(side: str, shared_data: Path) -> None:
    folder = shared_data / "codecs" / "exif_orientation"
    pictures = []
    for orientation in range(1, 9):
        with open_source(folder / f"{side}_{orientation}.jpg", Options()) as source:
            pictures.append(source.read(1).pixels.numpy()[::8, ::8].astype(int))
    for picture in pictures[1:]:
        assert picture.shape == pictures[0].shape
        assert np.abs(picture - pictures[0]).mean() < 6  # a numeral differs, and JPEG noise
