"""One page of a searchable PDF, as a file of its own that waits to be joined with the others."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from pikepdf import Dictionary, Name, Pdf, Stream

from scanner.pictures import PagePicture, pack_fax, pack_flate, pack_jpeg
from scanner.searchable_pdf.font import add_page_font, number_characters, unicode_map
from scanner.searchable_pdf.text_layer import draw_text
from table_restore.document import Line

POINTS = 72.0
_A4 = (595.3, 841.9)
_SMALLEST, _LARGEST = 3.0, 14_400.0
"""Points; viewers need show no smaller and no larger page (ISO 32000-1, annex C)."""


def render_page(picture: PagePicture, lines: Sequence[Line], quality: int) -> bytes:
    """The page as a PDF of one page, whose font `join_pages` completes; the same bytes each time.

    `lines` are in reading order and in pixels of the picture. A black and white picture is
    packed as a fax is (CCITT group 4, without loss), any other as a JPEG of `quality` 1 to 100 or,
    where that is no longer, as most drawn pages are, without loss.
    """
    height, width = picture.pixels.shape[:2]
    scale = point_size(picture)
    codes = number_characters(line.text for line in lines)
    across, down = (float(np.clip(side * scale, _SMALLEST, _LARGEST)) for side in (width, height))
    with Pdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(across, down))
        place = f"q {width * scale:.3f} 0 0 {height * scale:.3f} 0 0 cm /Page Do Q\n".encode()
        content = place + draw_text(lines, codes, height, scale)
        page.obj.Contents = Stream(pdf, content)
        page.obj.Resources = Dictionary(
            XObject=Dictionary(Page=_image(pdf, picture, quality)),
            Font=Dictionary(F=add_page_font(pdf, unicode_map(codes))),
        )
        file = io.BytesIO()
        pdf.save(file, deterministic_id=True)
    return file.getvalue()


def point_size(picture: PagePicture) -> float:
    """The size of a pixel in points; a picture of unknown resolution fits on a sheet of A4.

    A resolution by which the page would be smaller or larger than viewers show is not believed.
    """
    height, width = picture.pixels.shape[:2]
    short, long = min(height, width), max(height, width)
    size: float = POINTS / picture.dpi if picture.dpi else min(_A4[0] / short, _A4[1] / long)
    return float(min(max(size, _SMALLEST / short), _LARGEST / long))


def _image(pdf: Pdf, picture: PagePicture, quality: int) -> Stream:
    height, width = picture.pixels.shape[:2]
    parameters = Dictionary()
    if picture.is_bilevel:
        data, bits, method = pack_fax(picture), 1, Name.CCITTFaxDecode
        parameters = Dictionary(K=-1, Columns=width, Rows=height, BlackIs1=False)
    else:
        data, bits, method = pack_jpeg(picture, quality), 8, Name.DCTDecode
        exact = pack_flate(picture, most=len(data))
        if exact is not None:
            data, method = exact, Name.FlateDecode
    image = Stream(pdf, b"")
    image.stream_dict = Dictionary(
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=width,
        Height=height,
        BitsPerComponent=bits,
        ColorSpace=Name.DeviceRGB if picture.is_coloured else Name.DeviceGray,
    )
    image.write(data, filter=method, decode_parms=parameters or None)
    return pdf.make_indirect(image)
