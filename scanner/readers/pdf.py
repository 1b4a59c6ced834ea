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
    """An image where it stands on the page, in points of the page before its rotation.

    `left` and `bottom` are a corner of it, `step_x` and `step_y` the sides of one of its pixels
    along the page's axes; `cover` is how much of the page it covers, 0 to 1.
    """

    left: float
    bottom: float
    step_x: float
    step_y: float
    cover: float
    upright: bool  # whether its sides run along the page's

    @property
    def dpi(self) -> float:
        return _POINTS / min(self.step_x, self.step_y)

    @property
    def square(self) -> bool:
        return max(self.step_x, self.step_y) <= (1 + _SQUARE) * min(self.step_x, self.step_y)


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
        picture = _finest([_measure(image, page) for image in images])
        if picture is not None and picture.dpi < _DRAWN_DPI and _has_print(page):
            picture = None
        dpi = self._dpi(page, picture)
        if picture is not None and picture.upright and picture.square and dpi == picture.dpi:
            width, height = _snap(page, picture)
            for image in images:
                _inset(image)
        else:
            width, height = (max(1, round(side * dpi / _POINTS)) for side in page.get_size())
        pixels = _draw(page, width, height)
        _check_images(images, pixels)
        return pixels, round(dpi, 2)

    def _dpi(self, page: pdfium.PdfPage, picture: _Picture | None) -> float:
        """The resolution to render at, within the limits."""
        wanted = _DRAWN_DPI if picture is None else picture.dpi
        width, height = (side / _POINTS for side in page.get_size())
        most = math.sqrt(self._max_pixels / max(width * height, 1e-6)) * 0.999
        if most < min(_LEAST_DPI, wanted, self._max_dpi):
            raise TooManyPixelsError(
                f"the page measures {width:,.0f} x {height:,.0f} inches, too many for the limit"
                f" of {self._max_pixels / 1e6:,.4g} megapixels"
                " (the option max_megapixels raises it)"
            )
        return min(wanted, self._max_dpi, most)


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
    """Where an image stands, through all the forms that hold it."""
    placed = np.eye(3)
    holder: pdfium.PdfObject | None = image
    while holder is not None:
        m = holder.get_matrix()
        placed = placed @ [[m.a, m.b, 0], [m.c, m.d, 0], [m.e, m.f, 1]]
        holder = holder.container
    columns, rows = image.get_px_size()
    row, column = placed[0, :2], placed[1, :2]  # its sides, as vectors on the page
    step_row = max(float(np.hypot(*row)) / columns, 1e-6)
    step_column = max(float(np.hypot(*column)) / rows, 1e-6)
    lies = abs(row[0]) + abs(column[1]) < abs(row[1]) + abs(column[0])
    slant = abs(row[0]) + abs(column[1]) if lies else abs(row[1]) + abs(column[0])
    corners = placed[2, :2] + [[0, 0], row, column, row + column]
    left, bottom = (float(low) for low in corners.min(axis=0))
    area = abs(float(row[0] * column[1] - row[1] * column[0]))
    width, height = page.get_size()
    return _Picture(
        left,
        bottom,
        step_column if lies else step_row,
        step_row if lies else step_column,
        cover=min(1.0, area / max(width * height, 1e-6)),
        upright=slant < min(step_row, step_column),
    )


def _snap(page: pdfium.PdfPage, picture: _Picture) -> tuple[int, int]:
    """Move the edges of the page onto the pixel grid of its picture, by half a pixel at most.

    Rendered at the size returned, each pixel of the picture falls on one of the page. PDFium
    would otherwise resample a picture that stands a hundredth of a point off.
    """
    left, bottom, right, top = page.get_bbox()
    x0, x1 = (round((edge - picture.left) / picture.step_x) for edge in (left, right))
    y0, y1 = (round((edge - picture.bottom) / picture.step_y) for edge in (bottom, top))
    box = (
        picture.left + x0 * picture.step_x,
        picture.bottom + y0 * picture.step_y,
        picture.left + x1 * picture.step_x,
        picture.bottom + y1 * picture.step_y,
    )
    page.set_mediabox(*box)
    page.set_cropbox(*box)
    width, height = max(1, x1 - x0), max(1, y1 - y0)
    return (height, width) if page.get_rotation() in (90, 270) else (width, height)


def _inset(image: pdfium.PdfImage) -> None:
    """Draw an image a thousandth of a point smaller on each side.

    PDFium rounds its edges outwards to whole pixels; an edge that is on one but for an error of
    rounding would go one too far, and the image be stretched by a pixel.
    """
    m = image.get_matrix()
    x = 0.001 / max(math.hypot(m.a, m.b), 1)
    y = 0.001 / max(math.hypot(m.c, m.d), 1)
    e, f = m.e + x * m.a + y * m.c, m.f + x * m.b + y * m.d
    x, y = 1 - 2 * x, 1 - 2 * y
    image.set_matrix(pdfium.PdfMatrix(m.a * x, m.b * x, m.c * y, m.d * y, e, f))


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
            decode_jpeg(data, "GRAY", "a JPEG in a PDF", shrink=8)
    if images and pixels.min() == pixels.max():
        for image in images:
            with guarded("picture on the page"):
                image.get_bitmap()


def _jpeg_data(image: pdfium.PdfImage) -> Iterator[bytes]:
    filters = image.get_filters()
    if filters and filters[-1] == "DCTDecode":
        yield bytes(image.get_data(decode_simple=True))
