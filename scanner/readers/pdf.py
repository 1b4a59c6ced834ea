"""The pages of a PDF: a scan at the resolution of its own picture, any other page at 300 dpi."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from scanner.readers.jpeg import decode_jpeg
from scanner.readers.reader import (
    DecodeError,
    Pixels,
    TooManyPixelsError,
    check_size,
    guarded,
)

_POINTS = 72  # in an inch
_DRAWN_DPI = 300  # for pages that are not scans
_LEAST_DPI = 100  # small print cannot be read below
_SCAN_COVER = 0.5  # of the page is covered by pictures if it is a scan
_FINEST_COVER = 0.05  # of the page is covered by the pictures whose resolution counts
_SQUARE = 0.03  # how far the resolutions across and down may differ to be kept apart
_INVISIBLE = 3  # text render mode (ISO 32000-1, table 106): a text layer over or under a scan

# PDFium may only be called by one thread at a time.
_lock = threading.RLock()


@dataclass(frozen=True, slots=True)
class _Picture:
    """A picture on a page: its resolution in dpi across and down the page as it is seen."""

    across: float
    down: float
    cover: float  # of the page, 0 to 1

    @property
    def dpi(self) -> float:
        return max(self.across, self.down)


class PdfReader:
    """A PDF, its pages rendered in their rotation with forms and annotations, on white."""

    def __init__(self, path: Path, max_dpi: float, max_pixels: float) -> None:
        """Open the document; raises OSError and `DecodeError`."""
        self._max_dpi = max_dpi
        self._max_pixels = max_pixels
        with path.open("rb"):
            pass  # PDFium does not tell a file that may not be read from a damaged one
        with _lock:
            self._document = _open(path)
            self.page_count = len(self._document)
            if not self.page_count:
                self._document.close()
                raise DecodeError("it is a PDF with no pages")

    def read(self, number: int) -> tuple[Pixels, float | None]:
        """Page `number` (from 1) and the dpi it is rendered at; raises `DecodeError`."""
        with _lock, guarded("PDF page"):
            page = self._document[number - 1]
            try:
                return self._render(page)
            finally:
                page.close()

    def close(self) -> None:
        """Close the document."""
        with _lock:
            self._document.close()

    def _render(self, page: pdfium.PdfPage) -> tuple[Pixels, float | None]:
        images = list(page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE]))
        for image in images:
            check_size(image.get_px_size(), self._max_pixels)
        across, down = self._resolution(page, images)
        width = max(1, round(page.get_width() * across / _POINTS))
        height = max(1, round(page.get_height() * down / _POINTS))
        pixels = _draw(page, width, height)
        _check_images(images, pixels)
        return pixels, round(math.sqrt(across * down), 2)

    def _resolution(
        self, page: pdfium.PdfPage, images: list[pdfium.PdfImage]
    ) -> tuple[float, float]:
        """Dpi across and down the page, within the limits."""
        across = down = float(_DRAWN_DPI)
        picture = _finest([_measure(image, page) for image in images])
        if picture is not None:
            if abs(picture.across - picture.down) <= _SQUARE * picture.dpi:
                across, down = picture.across, picture.down
            else:
                across = down = picture.dpi
            if picture.dpi < _DRAWN_DPI and _has_print(page):
                across = down = float(_DRAWN_DPI)
        shrink = min(1.0, self._max_dpi / max(across, down))
        area = page.get_width() * page.get_height() / _POINTS**2 * across * down
        if area * shrink**2 > self._max_pixels:
            shrink = math.sqrt(self._max_pixels / area) * 0.999
            if max(across, down) * shrink < min(_LEAST_DPI, self._max_dpi):
                width, height = page.get_width() / _POINTS, page.get_height() / _POINTS
                raise TooManyPixelsError(
                    f"the page measures {width:,.0f} x {height:,.0f} inches, too many for the limit"
                    f" of {self._max_pixels / 1e6:,.4g} megapixels"
                    " (the option max_megapixels raises it)"
                )
        return across * shrink, down * shrink


def _open(path: Path) -> pdfium.PdfDocument:
    try:
        try:
            document = pdfium.PdfDocument(path)
        except UnicodeEncodeError:  # a file name in another encoding than the system's
            document = pdfium.PdfDocument(path.open("rb"), autoclose=True)
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
            raise DecodeError("the PDF is protected by a password") from error
        if error.err_code == pdfium_c.FPDF_ERR_SECURITY:
            raise DecodeError("the PDF is encrypted in a way that is not supported") from error
        raise DecodeError("the PDF is damaged or cut off") from error
    if document.get_formtype() == pdfium_c.FORMTYPE_ACRO_FORM:
        document.init_forms()
    return document


def _draw(page: pdfium.PdfPage, width: int, height: int) -> Pixels:
    """Render to exactly `width` x `height` pixels; `PdfPage.render` knows but one scale."""
    bitmap = pdfium.PdfBitmap.new_native(width, height, pdfium_c.FPDFBitmap_BGR, rev_byteorder=True)
    try:
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
        where = (bitmap, page, 0, 0, width, height, 0)
        flags = pdfium_c.FPDF_ANNOT | pdfium_c.FPDF_REVERSE_BYTE_ORDER
        pdfium_c.FPDF_RenderPageBitmap(*where, flags)
        if page.formenv:
            pdfium_c.FPDF_FFLDraw(page.formenv, *where, flags)
        return np.ascontiguousarray(bitmap.to_numpy())
    finally:
        bitmap.close()


def _finest(pictures: list[_Picture]) -> _Picture | None:
    """The picture whose resolution a scanned page has, or None if the page is not a scan.

    A scan may be cut into strips, or be layers: the paper coarse, the ink fine. So that a stray
    stamp does not decide, the finest pictures count from where they cover some of the page.
    """
    if sum(picture.cover for picture in pictures) < _SCAN_COVER:
        return None
    covered = 0.0
    for picture in sorted(pictures, key=lambda picture: -picture.dpi):
        covered += picture.cover
        if covered >= _FINEST_COVER:
            return picture
    return None


def _measure(image: pdfium.PdfImage, page: pdfium.PdfPage) -> _Picture:
    """The resolution of an image where it stands, through all the forms that hold it."""
    placed = np.eye(2)
    holder: pdfium.PdfObject | None = image
    while holder is not None:
        matrix = holder.get_matrix()
        placed = placed @ [[matrix.a, matrix.b], [matrix.c, matrix.d]]
        holder = holder.container
    columns, rows = image.get_px_size()
    (a, b), (c, d) = placed
    along_row = columns / max(math.hypot(a, b), 1e-6) * _POINTS
    along_column = rows / max(math.hypot(c, d), 1e-6) * _POINTS
    lies = abs(a) + abs(d) < abs(b) + abs(c)  # its rows run up or down the page
    turned = lies != (page.get_rotation() in (90, 270))
    across, down = (along_column, along_row) if turned else (along_row, along_column)
    page_area = page.get_width() * page.get_height()
    return _Picture(across, down, min(1.0, abs(a * d - b * c) / max(page_area, 1e-6)))


def _has_print(page: pdfium.PdfPage) -> bool:
    """Whether text that can be seen is drawn on the page, above any picture that covers it."""
    found = False
    kinds = [pdfium_c.FPDF_PAGEOBJ_TEXT, pdfium_c.FPDF_PAGEOBJ_IMAGE]
    for item in page.get_objects(filter=kinds):
        if isinstance(item, pdfium.PdfImage):
            if _measure(item, page).cover > 0.9:
                found = False
        elif pdfium_c.FPDFTextObj_GetTextRenderMode(item) != _INVISIBLE:
            found = True
    return found


def _check_images(images: list[pdfium.PdfImage], pixels: Pixels) -> None:
    """Raise `DecodeError` for pictures that PDFium leaves out or fills up without a word."""
    for image in images:
        for data in _jpeg_data(image):
            decode_jpeg(data, "GRAY", shrink=8)
    if images and pixels.min() == pixels.max():
        for image in images:
            with guarded("picture on the page"):
                image.get_bitmap().close()


def _jpeg_data(image: pdfium.PdfImage) -> Iterator[bytes]:
    filters = image.get_filters()
    if filters and filters[-1] == "DCTDecode":
        yield bytes(image.get_data(decode_simple=True))
