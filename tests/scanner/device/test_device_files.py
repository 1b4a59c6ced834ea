"""Pages that are on the device from their file to their lines, against the same pages read here."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from device_runs import OPTIONS, SCANS, text_of
from PIL import Image

from gpu_ops.jpeg_header import JpegError
from scanner.device.address import SLOT, LeftToWorker
from scanner.device.client import Caller
from scanner.device.pages import File
from scanner.device.plate import DevicePlate
from scanner.device.server import Networks, Server
from scanner.images import EncodedPage, PageImage, UnmadeImage, drop_colour
from scanner.pipeline import Models, page_reader, scan_page
from scanner.sources import open_source
from table_restore.geometry import Polygon

REAL = (
    ("icdar2013/png200/eu-001_p02.png", 0),
    ("unlv_reports/doe_mag_3B_300dpi/0112_094.3B.tif", 1.4),
)
"""Pages, and by how many degrees they are turned."""


def test_a_file_is_decoded_there_and_a_bad_one_fails_alone(networks: Networks) -> None:
    good = (SCANS / "receipt.jpg").read_bytes()
    bad = good[: len(good) // 2]
    with Server(networks, slots=4) as server:
        files = [File(data, slot) for slot, data in enumerate((good, bad, good, b"none"))]
        first, second, third, fourth = server.files.begin(files)()
    assert isinstance(second, JpegError)
    assert isinstance(fourth, JpegError)
    assert isinstance(first, torch.Tensor)
    assert isinstance(third, torch.Tensor)
    with open_source(SCANS / "receipt.jpg", OPTIONS) as source:
        expected = torch.from_numpy(drop_colour(source.read(1).pixels.numpy()))
    assert torch.equal(first, expected)
    assert torch.equal(third, expected)


def test_a_file_that_the_device_cannot_decode_is_read_all_the_same(
    networks: Networks, tmp_path: Path
) -> None:
    """One with stray bytes in its header, which only the worker's own reader passes over."""
    data = (SCANS / "receipt.jpg").read_bytes()
    path = tmp_path / "stray.jpg"
    second = 4 + int.from_bytes(data[4:6], "big")
    path.write_bytes(data[:second] + b"\x00\x00" + data[second:])
    with open_source(path, OPTIONS) as source:
        page = source.read(1, encoded=True)
    assert isinstance(page, EncodedPage)
    with Server(networks, slots=1) as server:
        there = page_reader(OPTIONS, server.address)(page)
        assert server.slots.free == 1
    assert there.page.items
    assert not isinstance(there.image, UnmadeImage)


def test_pages_are_opened_larger_than_they_can_be(networks: Networks) -> None:
    side = int((SLOT + 1) ** 0.5) + 1
    with Server(networks, slots=1) as server:
        caller = Caller(server.address)
        with pytest.raises(LeftToWorker, match="larger than a slot"):
            DevicePlate.open(caller, np.zeros((side, side), dtype=np.uint8))
        plate = DevicePlate.open(caller, np.full((64, 64), 255, dtype=np.uint8))
        assert plate.find(1.0) == plate.read([]) == []
        caller.close_page()
        with pytest.raises(LeftToWorker, match="no page is open"):
            plate.find(1.0)


def test_a_very_long_line_is_read_in_parts_there_too(networks: Networks, models: Models) -> None:
    text = " ".join(f"{word} {10 * n}" for n in range(1, 21) for word in ("Invoice", "amount"))
    font = cv2.FONT_HERSHEY_COMPLEX
    (width, _), _ = cv2.getTextSize(text, font, 1.1, 2)
    page = np.full((100, width + 60), 255, dtype=np.uint8)
    cv2.putText(page, text, (30, 62), font, 1.1, 0, 2)
    line = Polygon(((18, 20), (width + 42, 20), (width + 42, 80), (18, 80)))
    with Server(networks, slots=1) as server:
        (there,) = DevicePlate.open(Caller(server.address), page).read([(line, 0)])
    (here,) = models.plate(page).read([(line, 0)])
    assert there.text == here.text == text
    assert np.array_equal(there.crop.quad, here.crop.quad)


def test_real_pages_say_what_they_say_here(
    networks: Networks, models: Models, shared_data: Path, tmp_path: Path
) -> None:
    """As JPEGs that the device decodes, one of them askew: lines and cells."""
    same = lines = 0
    for number, (name, turn) in enumerate(REAL):
        with Image.open(shared_data / name) as picture:
            small = picture.convert("RGB").rotate(turn, fillcolor="white").reduce(2)
            small.crop((0, 0, small.width, min(small.height, 600))).save(
                path := tmp_path / f"{number}.jpg", quality=90
            )
        with open_source(path, OPTIONS) as source:
            page = source.read(1, encoded=True)
        assert isinstance(page, EncodedPage)
        with Server(networks, slots=1) as server:
            there = page_reader(OPTIONS, server.address)(page)
        here = scan_page(page, models, OPTIONS)
        assert isinstance(there.image, UnmadeImage)
        assert isinstance(here.image, PageImage)
        assert there.image.rectification.is_identity == here.image.rectification.is_identity
        assert there.image.rectification.is_identity == (turn == 0)
        expected, found = (text_of(page.page) for page in (here, there))
        same += sum(a == b for a, b in zip(expected, found, strict=True))
        lines += len(expected)
        assert [table.cells for table in there.page.tables] == [
            table.cells for table in here.page.tables
        ]
    assert lines > 20
    assert same >= 0.99 * lines
