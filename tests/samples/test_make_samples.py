"""The sample scans: drawn the same way each time, with truth that fits them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageOps, ImageSequence

from samples import fonts, make_samples
from samples.degrade import Shot, Wear, photograph, scan
from samples.drawing import Sheet, Style
from samples.tables import Entry, flow
from samples.truth import page_of
from table_restore.document import BlockKind, Document
from table_restore.export.document_json import parse_json, render_json
from table_restore.geometry import Box, Polygon

FOLDER = Path(make_samples.__file__).parent
NAMES = [sample.name for sample in make_samples.SAMPLES]
LARGEST = 5_000_000


@pytest.fixture
def installed_fonts() -> None:
    if fonts.missing():
        pytest.skip(f"the samples' fonts are not installed: {', '.join(fonts.missing())}")


def truth_of(name: str) -> Document:
    return parse_json((FOLDER / "truth" / f"{name}.json").read_bytes())


def pictures(path: Path) -> Iterator[Image.Image]:
    """The pages of a sample, upright; those of a PDF as the pictures that lie in it."""
    if path.suffix == ".pdf":
        with pypdfium2.PdfDocument(path) as file:
            for page in file:
                (scan_of_page,) = page.get_objects()
                yield scan_of_page.get_bitmap().to_pil()
        return
    with Image.open(path) as file:
        for frame in ImageSequence.Iterator(file):
            yield ImageOps.exif_transpose(frame)


def test_every_scan_has_its_truth_and_all_are_small() -> None:
    assert sorted(path.name for path in (FOLDER / "scans").iterdir()) == sorted(NAMES)
    assert sorted(path.name for path in (FOLDER / "truth").iterdir()) == sorted(
        f"{name}.json" for name in NAMES
    )
    assert sum(path.stat().st_size for path in FOLDER.glob("*/*")) < LARGEST


@pytest.mark.parametrize("name", NAMES)
def test_truth_is_a_document_as_the_program_writes_it(name: str) -> None:
    data = (FOLDER / "truth" / f"{name}.json").read_bytes()
    assert render_json(parse_json(data)) == data
    assert json.loads(data)["source"] == name


@pytest.mark.parametrize("name", NAMES)
def test_truth_fits_the_pictures(name: str) -> None:
    pages = truth_of(name).pages
    scans = list(pictures(FOLDER / "scans" / name))
    assert [(page.width, page.height) for page in pages] == [scan.size for scan in scans]
    for page, picture in zip(pages, scans, strict=True):
        grey = np.asarray(picture.convert("L"), np.float32)
        outer = Box(0.0, 0.0, page.width, page.height)
        words = [word for line in page.lines for word in line.words]
        assert words
        for word in words:
            assert outer.intersection(word.polygon.box) == word.polygon.box
            assert _is_darker_than_around(grey, word.polygon), word


def _is_darker_than_around(grey: np.ndarray, polygon: Polygon) -> bool:
    """Whether there is ink within the outline: its darkest tenth against the paper there."""
    box = polygon.box.grow(3)
    left, top = max(int(box.left), 0), max(int(box.top), 0)
    around = grey[top : int(box.bottom) + 1, left : int(box.right) + 1]
    mask = Image.new("1", around.shape[::-1])
    ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in polygon.points], fill=1)
    inside = around[np.asarray(mask)]
    return float(np.percentile(inside, 10)) < float(np.percentile(around, 90)) - 40


@pytest.mark.needs_fonts
@pytest.mark.usefixtures("installed_fonts")
@pytest.mark.parametrize("name", ["receipt.jpg", "price_list.png", "delivery_note_photo.jpg"])
def test_drawing_is_deterministic(name: str, tmp_path: Path) -> None:
    for folder in ("first", "second"):
        assert make_samples.main([name, "--out", str(tmp_path / folder)]) == 0
    for file in (f"scans/{name}", f"truth/{name}.json"):
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "second" / file).read_bytes()


@pytest.mark.needs_fonts
@pytest.mark.usefixtures("installed_fonts")
@pytest.mark.parametrize("name", ["form_chinese.jpg", "bank_statement.jpg"])
def test_committed_truth_is_what_is_drawn(name: str) -> None:
    sample = next(sample for sample in make_samples.SAMPLES if sample.name == name)
    _, document, _ = make_samples.make(sample)
    assert [[line.text for line in page.lines] for page in document.pages] == [
        [line.text for line in page.lines] for page in truth_of(name).pages
    ]


def test_missing_fonts_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fonts, "FOLDERS", (tmp_path,))
    fonts.load.cache_clear()
    fonts._locate.cache_clear()
    try:
        assert make_samples.main(["receipt.jpg", "--out", str(tmp_path)]) == 1
    finally:
        fonts._locate.cache_clear()
    message = capsys.readouterr().err
    assert "DejaVuSansMono" in message
    assert "apt install fonts-dejavu" in message


def test_unknown_names_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        make_samples.main(["nothing.jpg"])
    assert stopped.value.code == 2
    assert "no such sample: nothing.jpg" in capsys.readouterr().err


def test_entries_flow_around_spans() -> None:
    rows = [["a", Entry("b", columns=2)], [Entry("c", rows=2), "d", "e"], ["f", "g"]]
    placed = [(p.entry.text, p.row, p.column) for p in flow(rows, 3)]
    assert placed == [
        ("a", 0, 0), ("b", 0, 1), ("c", 1, 0), ("d", 1, 1), ("e", 1, 2), ("f", 2, 1), ("g", 2, 2)
    ]  # fmt: skip


def test_a_grid_with_a_hole_is_refused() -> None:
    with pytest.raises(ValueError, match="fill"):
        flow([["a", "b"], ["c"]], 2)


@pytest.mark.parametrize("way", ["flatbed", "telephone"])
def test_truth_follows_the_page(way: str) -> None:
    """A square of ink lies, after skew or perspective, where the truth says."""
    page = np.full((400, 300, 3), 255, np.uint8)
    page[100:140, 200:260] = 0
    if way == "flatbed":
        picture, placement = scan(page, Wear(skew=5.0, shift=(7, -4)), seed=[1])
    else:
        corners = ((0.1, 0.05), (0.9, 0.1), (0.95, 0.9), (0.0, 1.0))
        shot = Shot((330, 420), corners, shadow=0.1, table=(240, 240, 240), noise=0.0)
        picture, placement = photograph(page, shot, seed=[1])
    ys, xs = np.nonzero(picture.mean(axis=2) < 90)
    corners_now = [
        placement @ (x, y, 1) for x, y in ((200, 100), (260, 100), (260, 140), (200, 140))
    ]
    points = np.array([corner[:2] / corner[2] for corner in corners_now])
    assert (xs.min(), ys.min()) == pytest.approx(points.min(axis=0), abs=1.5)
    assert (xs.max() + 1, ys.max() + 1) == pytest.approx(points.max(axis=0), abs=1.5)


@pytest.mark.needs_fonts
@pytest.mark.usefixtures("installed_fonts")
def test_words_are_boxed_by_their_ink() -> None:
    sheet = Sheet(60, 30, dpi=200)
    sheet.add(BlockKind.PARAGRAPH, [sheet.text(10, 15, "gap", Style("sans", 20))])
    ys, xs = np.nonzero(np.asarray(sheet.image.convert("L")) < 128)
    page = page_of(sheet.items, np.eye(3), 1, sheet.image.size, 200)
    (line,) = page.lines
    box = line.words[0].polygon.box
    assert (box.left, box.top) == pytest.approx((xs.min(), ys.min()), abs=1)
    assert (box.right, box.bottom) == pytest.approx((xs.max() + 1, ys.max() + 1), abs=1)
