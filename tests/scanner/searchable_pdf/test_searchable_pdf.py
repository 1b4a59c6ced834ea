"""Searchable PDFs: what other programs see, find and copy in them, and their bytes."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from fontTools.ttLib import TTFont

from scanner.errors import StageError
from scanner.pictures import PagePicture, pack_jpeg
from scanner.searchable_pdf import join_pages, render_page
from scanner.searchable_pdf.font import build_font
from table_restore.document import Line, Word
from table_restore.geometry import Box, Polygon

DPI = 144.0  # two pixels a point


def paper(height: int = 400, width: int = 300) -> np.ndarray:
    """White paper with a black bar and a grey ramp."""
    pixels = np.full((height, width), 255, dtype=np.uint8)
    pixels[20:30, 40:200] = 0
    pixels[350:390] = np.linspace(0, 255, width).astype(np.uint8)
    return pixels


def scan(height: int = 400, width: int = 300) -> np.ndarray:
    """The same paper with the grain of a scanner."""
    grain = np.random.default_rng(0).normal(0, 3, (height, width))
    return np.clip(paper(height, width) + grain, 0, 255).astype(np.uint8)


def line(text: str, left: float, top: float, height: float = 20, turns: int = 0) -> Line:
    """Words of ten pixels a character with gaps of ten; each quarter turn leads down the page."""
    words, x = [], left
    for part in text.split(" "):
        box = Box(x, top, x + 10 * len(part), top + height).polygon()
        words.append(Word(part, turned(box, (left, top), turns), 0.9))
        x += 10 * len(part) + 10
    outline = Box(left, top, x - 10, top + height).polygon()
    return Line(tuple(words), turned(outline, (left, top), turns))


def turned(polygon: Polygon, centre: tuple[float, float], turns: int) -> Polygon:
    if turns == 0:
        return polygon
    again = turned(polygon, centre, turns - 1)
    return again.map(lambda p: (centre[0] - (p[1] - centre[1]), centre[1] + (p[0] - centre[0])))


def joined(tmp_path: Path, *pages: bytes, title: str = "Title") -> bytes:
    paths = []
    for number, page in enumerate(pages, start=1):
        paths.append(tmp_path / f"{number:06}.pdf")
        paths[-1].write_bytes(page)
    file = io.BytesIO()
    join_pages(paths, tmp_path, file, title)
    return file.getvalue()


def one_page(tmp_path: Path, lines: list[Line], dpi: float | None = DPI) -> pdfium.PdfDocument:
    return pdfium.PdfDocument(joined(tmp_path, render_page(PagePicture(paper(), dpi), lines, 80)))


@pytest.mark.parametrize(
    "text",
    ["Grand total 12,50 €", "你好 世界", "日本語テキスト", "Ελληνικά κείμενο", "five 𠅤𪚥 ends"],
)
def test_text_is_copied_as_it_was_read(tmp_path: Path, text: str) -> None:
    page = one_page(tmp_path, [line(text, 20, 100)])[0]
    assert page.get_textpage().get_text_range() == text


def test_lines_are_copied_in_reading_order_and_can_be_found(tmp_path: Path) -> None:
    # A second column stands beside the first: order on paper alone would mix them.
    lines = [line("one two", 20, 100), line("three", 20, 130), line("four", 180, 100)]
    text = one_page(tmp_path, lines)[0].get_textpage()
    assert text.get_text_range().split() == ["one", "two", "three", "four"]
    assert text.search("two").get_next() == (4, 3)


def test_every_word_stands_where_it_is_printed(tmp_path: Path) -> None:
    page = one_page(tmp_path, [line("ab cde", 20, 100)])[0]
    text = page.get_textpage()
    boxes = [text.get_charbox(n, loose=True) for n in range(6)]
    left, bottom, right, top = zip(*boxes, strict=True)
    assert page.get_size() == (150, 200)
    assert left == pytest.approx((10, 15, 20, 25, 30, 35), abs=0.15)
    assert right == pytest.approx((15, 20, 25, 30, 35, 40), abs=0.15)
    assert bottom == pytest.approx([200 - 60] * 6, abs=0.15)
    assert top == pytest.approx([200 - 50] * 6, abs=0.15)


def test_a_line_that_runs_down_the_page(tmp_path: Path) -> None:
    text = one_page(tmp_path, [line("abc", 100, 100, turns=1)])[0].get_textpage()
    assert text.get_text_range() == "abc"
    # Four fifths of its height lie above the base line, which is 16 pixels left of 100.
    assert text.get_charbox(0) == pytest.approx((40, 145, 50, 150), abs=0.15)
    assert text.get_charbox(2) == pytest.approx((40, 135, 50, 140), abs=0.15)


def test_text_has_no_ink(tmp_path: Path) -> None:
    picture = PagePicture(paper() > 127, DPI)
    with_text = joined(tmp_path, render_page(picture, [line("WWWW", 20, 200, 80)], 80))
    shown = pdfium.PdfDocument(with_text)[0].render(scale=2).to_numpy()[:, :, 0]
    assert np.array_equal(shown > 127, picture.pixels)


@pytest.mark.parametrize(
    ("pixels", "coding", "space"),
    [
        (paper() > 127, "/CCITTFaxDecode", "/DeviceGray"),
        (scan(), "/DCTDecode", "/DeviceGray"),
        (np.dstack([scan(), scan() // 2, scan()]), "/DCTDecode", "/DeviceRGB"),
        (paper(), "/FlateDecode", "/DeviceGray"),
        (np.dstack([paper(), paper() // 2, paper()]), "/FlateDecode", "/DeviceRGB"),
    ],
)
def test_a_picture_is_packed_by_what_it_holds(
    tmp_path: Path, pixels: np.ndarray, coding: str, space: str
) -> None:
    data = joined(tmp_path, render_page(PagePicture(pixels, DPI), [], 90))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        image = pdf.pages[0].Resources.XObject.Page
        assert (image.Filter, image.ColorSpace) == (coding, space)
        stored = pikepdf.PdfImage(image).as_pil_image()
        as_shown = np.asarray(stored).astype(int) * (255 if stored.mode == "1" else 1)
    truth = pixels * 255 if pixels.dtype == bool else pixels
    loss = np.abs(as_shown - truth.astype(int)).mean()
    assert loss < 2 if coding == "/DCTDecode" else loss == 0


def test_a_page_is_no_longer_for_being_packed_without_loss() -> None:
    for pixels in (paper(), scan()):
        with pikepdf.open(io.BytesIO(render_page(PagePicture(pixels, DPI), [], 80))) as pdf:
            packed = pdf.pages[0].Resources.XObject.Page.read_raw_bytes()
        assert len(packed) <= len(pack_jpeg(PagePicture(pixels, DPI), 80))


def test_a_page_of_unknown_resolution_fits_on_a4(tmp_path: Path) -> None:
    width, height = one_page(tmp_path, [], dpi=None)[0].get_size()
    assert height / width == pytest.approx(4 / 3)
    assert width == pytest.approx(595.3, abs=0.15)


@pytest.mark.parametrize(
    ("size", "dpi"),
    [((40, 30), 9600.0), ((200, 300), 0.5), ((1, 30_000), None), ((30_000, 1), 300.0)],
)
def test_a_page_is_no_smaller_and_no_larger_than_viewers_show(
    size: tuple[int, int], dpi: float | None
) -> None:
    picture = PagePicture(np.full(size, 255, dtype=np.uint8), dpi)
    with pdfium.PdfDocument(render_page(picture, [], 85)) as document:
        assert all(3 <= side <= 14_400 for side in document[0].get_size())


def test_pages_are_joined_in_order_with_one_font(tmp_path: Path) -> None:
    picture = PagePicture(paper(), DPI)
    pages = [render_page(picture, [line(f"page {n}", 20, 50)], 80) for n in range(10)]
    data = joined(tmp_path, *pages)
    texts = [page.get_textpage().get_text_range() for page in pdfium.PdfDocument(data)]
    assert texts == [f"page {n}" for n in range(10)]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len([o for o in pdf.objects if "/FontFile2" in _keys(o)]) == 1


def test_a_document_needs_a_page(tmp_path: Path) -> None:
    with pytest.raises(StageError, match="none of the pages"):
        joined(tmp_path)


def _keys(thing: pikepdf.Object) -> set[str]:
    return set(thing.keys()) if isinstance(thing, pikepdf.Dictionary) else set()


def test_the_same_pages_give_the_same_bytes(tmp_path: Path) -> None:
    page = render_page(PagePicture(paper(), DPI), [line("same", 20, 50)], 80)
    for name in ("a", "b"):  # names of files on the way must not show
        (tmp_path / name).mkdir()
    assert joined(tmp_path / "a", page) == joined(tmp_path / "b", page)
    assert build_font() == build_font()


def test_what_pdf_a_asks_for(tmp_path: Path) -> None:
    picture = PagePicture(paper(), DPI)
    data = joined(tmp_path, render_page(picture, [line("a", 20, 50)], 80), title="Bericht ü")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == []
        with pdf.open_metadata() as metadata:
            assert metadata.pdfa_status == "2B"
            assert metadata["dc:title"] == pdf.docinfo.Title == "Bericht ü"
        profile = bytes(pdf.Root.OutputIntents[0].DestOutputProfile.read_bytes())
        assert profile[16:20] == b"RGB "
        assert len(pdf.trailer.ID) == 2
        font = pdf.pages[0].Resources.Font.F
        assert font.ToUnicode.read_bytes().startswith(b"/CIDInit")
        embedded = font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()
    assert TTFont(io.BytesIO(embedded))["hmtx"]["blank"] == (500, 0)
