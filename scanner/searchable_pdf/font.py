"""A font without ink, for text that is to be found but not seen.

Every character has the same blank glyph, so that one small font serves all scripts; which
characters a page's codes stand for is said by that page's ToUnicode map. Tesseract and OCRmyPDF
do likewise.
"""

from __future__ import annotations

import io
from collections.abc import Iterable

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._g_l_y_f import Glyph
from pikepdf import Array, Dictionary, Name, Pdf, Stream

EM = 1000
ADVANCE, ASCENT, DESCENT = 500, 800, -200
"""The blank glyph's width and reach in thousandths of the font size."""

_NAME = "Blank"
_MOST_CODES = 65_535
_LINES = 100
"""So many entries may stand in a `bfchar` section (ISO 32000-1, 9.10.3)."""


def build_font() -> bytes:
    """A TrueType font of two empty glyphs, the same bytes each time."""
    builder = FontBuilder(EM, isTTF=True)
    builder.setupGlyphOrder([".notdef", "blank"])
    builder.setupCharacterMap({0x20: "blank"})
    builder.setupGlyf({".notdef": Glyph(), "blank": _blank()})
    builder.setupHorizontalMetrics({".notdef": (ADVANCE, 0), "blank": (ADVANCE, 0)})
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    builder.setupNameTable({"familyName": _NAME, "styleName": "Regular", "psName": _NAME})
    builder.setupOS2(sTypoAscender=ASCENT, sTypoDescender=DESCENT)
    builder.setupPost()
    builder.font.recalcTimestamp = False
    builder.updateHead(created=0, modified=0)
    file = io.BytesIO()
    builder.save(file)
    return file.getvalue()


def _blank() -> Glyph:
    """A diagonal there and back: no ink, but its box is what PDFium marks as selected."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, DESCENT))
    pen.lineTo((ADVANCE, ASCENT))
    pen.closePath()
    return pen.glyph()


def add_descendant(pdf: Pdf) -> Dictionary:
    """Embed the font; returns the CIDFont that the fonts of all pages share."""
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name("/" + _NAME),
        Flags=4,  # symbolic
        FontBBox=Array([0, DESCENT, ADVANCE, ASCENT]),
        ItalicAngle=0,
        Ascent=ASCENT,
        Descent=DESCENT,
        CapHeight=ASCENT,
        StemV=80,
        FontFile2=pdf.make_indirect(Stream(pdf, build_font())),
    )
    to_blank = Stream(pdf, b"\0\1" * (_MOST_CODES + 1))  # every code, the first too, is glyph 1
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name("/" + _NAME),
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=ADVANCE,
        CIDToGIDMap=pdf.make_indirect(to_blank),
    )
    return pdf.make_indirect(descendant)


def add_page_font(pdf: Pdf, to_unicode: bytes) -> Dictionary:
    """A page's own font, whose `to_unicode` says what its codes mean; lacks its descendant."""
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=Name("/" + _NAME),
        Encoding=Name("/Identity-H"),
        ToUnicode=pdf.make_indirect(Stream(pdf, to_unicode)),
    )
    return pdf.make_indirect(font)


def number_characters(texts: Iterable[str]) -> dict[str, int]:
    """A code from 1 for every character of the texts and the space, in order of code point."""
    characters = sorted({" "}.union(*texts))
    return {character: code for code, character in enumerate(characters[: _MOST_CODES - 1], 1)}


def unicode_map(codes: dict[str, int]) -> bytes:
    """The ToUnicode CMap that tells readers which character each two-byte code is."""
    lines = [
        f"<{code:04X}> <{character.encode('utf-16-be').hex().upper()}>"
        for character, code in codes.items()
    ]
    sections = [
        f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar"
        for part in (lines[n : n + _LINES] for n in range(0, len(lines), _LINES))
    ]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<0000> <FFFF>",
            "endcodespacerange",
            *sections,
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
    ).encode("ascii")
