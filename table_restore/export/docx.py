"""Word: headings, paragraphs and real tables, a page a page."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from math import ceil
from pathlib import PurePath
from statistics import median

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph
from lxml.etree import _Element

from table_restore.document import Alignment, Block, BlockKind, Document, Item, Page, Table
from table_restore.export.characters import display_width, xml_text
from table_restore.export.fonts import (
    LARGEST,
    SMALLEST,
    TYPEWRITER,
    Font,
    body_font,
    east_asian_font,
    letter_size,
)
from table_restore.export.measures import is_beside, mean_direction
from table_restore.export.paragraphs import column_edge, join_lines
from table_restore.export.placing import Place, place_items
from table_restore.export.word_table import TABLE_STYLE, word_tables
from table_restore.geometry import Box

_RUNNING_STYLE = "Running Text"
_ALIGNMENTS = {
    Alignment.CENTER: WD_ALIGN_PARAGRAPH.CENTER,
    Alignment.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
}
_RUNNING_KINDS = (BlockKind.HEADER, BlockKind.FOOTER, BlockKind.PAGE_NUMBER)

# In points. A page of unknown or absurd size is taken for A4; Word's limits are 22 inches.
_A4_WIDTH = 595.3
_A5 = 419.5, 595.0  # scans of known resolution and this size are of whole sheets
_SMALLEST_PAGE, _LARGEST_PAGE = 72.0, 1584.0
_SIDE_MARGIN, _TOP_MARGIN = 54.0, 36.0
_LARGEST_MARGIN = 0.09  # of the page
_LOOSE = 1.12  # by how much higher text is in Word than on paper
_SPACE = 12.0  # below a paragraph or table
_GAP = 6.0  # above what begins a column
_LARGEST_GAP = 60.0
_NATURAL_PITCH = 1.2  # from line to line, in the letters' size
_WIDE_PITCH = 1.4  # lines further apart stay so
# A paragraph of so many letters that is this much smaller or larger than the others stays so.
_SURE_LETTERS = 20
_OTHER_SIZE = 0.8, 1.3
_LARGEST_HEADING = 36.0
# A heading's level by how much larger than the body it is printed.
_LEVELS = ((1.6, 1), (1.2, 2), (0.0, 3))

# Any fixed date does; it keeps the bytes of a repeated run the same.
_CREATED = datetime(2000, 1, 1)
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def render_docx(document: Document) -> bytes:
    """The document as a Word file; the same document always gives the same bytes."""
    word = docx.Document()
    font = body_font(document, _points_per_pixel)
    _set_properties(word, document)
    _set_styles(word, document, font)
    previous: tuple[float, float] | None = None
    for page in map(_with_running_rows, document.pages):
        scale = _points_per_pixel(page)
        size = _page_size(page, scale)
        if previous is None:
            _set_page(word.sections[0], size)
        elif size != previous:
            _set_page(word.add_section(WD_SECTION.NEW_PAGE), size)
        _write_page(word, page, scale, font, breaks=previous == size)
        previous = size
    buffer = BytesIO()
    word.save(buffer)
    return _without_dates(buffer.getvalue())


def _with_running_rows(page: Page) -> Page:
    """The page with running titles and numbers that stand beside one another as one block."""
    items: list[Item] = []
    for item in page.items:
        last = items[-1] if items else None
        if (
            isinstance(item, Block)
            and isinstance(last, Block)
            and {item.kind, last.kind} <= set(_RUNNING_KINDS)
            and is_beside(last.lines[-1], item.lines[0])
        ):
            outline = Box.around((last.polygon.box, item.polygon.box)).polygon()
            items[-1] = replace(last, lines=(*last.lines, *item.lines), polygon=outline)
        else:
            items.append(item)
    return replace(page, items=tuple(items))


def _write_page(word: WordDocument, page: Page, scale: float, font: Font, breaks: bool) -> None:
    """Write the page's items; `breaks` asks for a page break before them."""
    opening: Paragraph | None = None
    if not page.items or (breaks and isinstance(page.items[0], Table)):
        opening = _spacer(word)
    places = place_items(page, font.printed / scale)
    texts = [
        _text(page, item, place) if isinstance(item, Block) else ""
        for item, place in zip(page.items, places, strict=True)
    ]
    share = _share_of_white(word.sections[-1], page, texts, places, scale, font)
    for item, text, place in zip(page.items, texts, places, strict=True):
        if isinstance(item, Table):
            _write_table(word, item, scale, place.left * scale, font)
        else:
            paragraph = _write_block(word, item, text, scale, font)
            needed = font.letter * _size(item, scale, font) * display_width(text)
            room = _text_width(word.sections[-1]) - _LOOSE * needed
            _set_place(paragraph, place, scale, font, share, room)
            opening = opening or paragraph
    if breaks and opening is not None:
        opening.paragraph_format.page_break_before = True


def _text(page: Page, block: Block, place: Place) -> str:
    """The block's text; lines in the middle or on the right are the paper's own."""
    if place.alignment is not Alignment.LEFT:
        return xml_text("\n".join(line.text for line in block.lines))
    others = [one for one in page.items if isinstance(one, Block)]
    return xml_text(join_lines(block.lines, column_edge(block, others)))


def _write_block(
    word: WordDocument, block: Block, text: str, scale: float, font: Font
) -> Paragraph:
    size = _size(block, scale, font)
    if block.kind is BlockKind.HEADING:
        level = next(level for ratio, level in _LEVELS if size >= ratio * font.size)
        paragraph = word.add_paragraph(style=f"Heading {level}")
        paragraph.add_run(text).font.size = _points(size, font.size, _LARGEST_HEADING)
        return paragraph
    paragraph = word.add_paragraph(style=_RUNNING_STYLE if block.kind in _RUNNING_KINDS else None)
    run = paragraph.add_run(text)
    if block.kind is BlockKind.PARAGRAPH and size != font.size:
        run.font.size = _points(size, SMALLEST, _LARGEST_HEADING)
    return paragraph


def _size(block: Block, scale: float, font: Font) -> float:
    """The size in points that a block's letters are printed in, the font's where it is near.

    A paragraph must be so much smaller or larger that it is no chance of its letters; a single
    line may be high for its raised numbers only.
    """
    printed = [letter_size(line, scale) for line in block.lines]
    ratios = [size / font.printed for size in printed]
    sure = sum(len(line.text) for line in block.lines) >= _SURE_LETTERS
    is_small = max(ratios) < _OTHER_SIZE[0]
    is_large = min(ratios) > _OTHER_SIZE[1] and len(ratios) > 1
    if block.kind is BlockKind.HEADING or (sure and (is_small or is_large)):
        return max(median(ratios) * font.size, SMALLEST)
    return font.size


def _set_place(
    paragraph: Paragraph, place: Place, scale: float, font: Font, share: float, room: float
) -> None:
    """Set the paragraph as it stands on the paper, with a share of the white above it.

    A single line begins further left than there where in Word, with `room` points left of it, it
    would be broken.
    """
    form = paragraph.paragraph_format
    above = _GAP if place.above is None else min(place.above * scale, _LARGEST_GAP)
    form.space_before = Pt(round(above * share * 2) / 2)
    if place.alignment is not Alignment.LEFT:
        form.alignment = _ALIGNMENTS[place.alignment]
    left = place.left * scale
    if not place.pitch and not place.stops:
        left = min(left, max(room, 0.0))
    if left or place.first:
        form.left_indent = Pt(round(left))
    if place.first:
        form.first_line_indent = Pt(round(place.first * scale))
    for stop in place.stops:
        form.tab_stops.add_tab_stop(Pt(round(stop * scale)))
    lines = place.pitch * scale / (_NATURAL_PITCH * font.printed)
    if lines > _WIDE_PITCH:
        form.line_spacing = min(round(lines, 1), 2.0)


def _share_of_white(
    section: Section,
    page: Page,
    texts: Sequence[str],
    places: Sequence[Place],
    scale: float,
    font: Font,
) -> float:
    """How much of the paper's white between items there is room for on Word's page, 0 to 1."""
    wide = _text_width(section)
    high = ((section.page_height or 0) - 2 * (section.top_margin or 0)) / Pt(1)
    filled = white = 0.0
    for item, text, place in zip(page.items, texts, places, strict=True):
        white += _GAP if place.above is None else min(place.above * scale, _LARGEST_GAP)
        if isinstance(item, Table):
            filled += item.polygon.box.height * scale * _LOOSE + _SPACE
            continue
        lines = place.pitch * scale / (_NATURAL_PITCH * font.printed)
        size = _size(item, scale, font)
        room = max((wide - place.left * scale) / (font.letter * size), 1.0)
        count = sum(ceil(max(display_width(part), 1) / room) for part in text.split("\n"))
        filled += count * _NATURAL_PITCH * size * (lines if lines > _WIDE_PITCH else 1.0)
    return min(max((high - filled) / white, 0.0), 1.0) if white else 1.0


def _text_width(section: Section) -> float:
    """Points from margin to margin."""
    margins = (section.left_margin or 0) + (section.right_margin or 0)
    return ((section.page_width or 0) - margins) / Pt(1)


def _write_table(word: WordDocument, table: Table, scale: float, indent: float, font: Font) -> None:
    """Write the table and a small paragraph; without it Word would join tables that follow."""
    available = _text_width(word.sections[-1])
    for element in word_tables(table, scale, available, indent, font.in_tables):
        body: _Element = word.element.body
        body.insert(len(body) - 1, element)  # before the properties of the last section
        _spacer(word)


def _spacer(word: WordDocument) -> Paragraph:
    """An empty paragraph, as low as can be."""
    paragraph = word.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = Pt(6)
    return paragraph


def _points_per_pixel(page: Page) -> float:
    """The scale of the page; that of A4 where the file says nothing or nothing sensible."""
    short, long = sorted((page.width, page.height))
    if page.dpi:
        scale = 72 / page.dpi
        if short * scale >= _SMALLEST_PAGE and long * scale <= _LARGEST_PAGE:
            return scale
    return min(_A4_WIDTH / short, _LARGEST_PAGE / long)


def _page_size(page: Page, scale: float) -> tuple[float, float]:
    """Width and height in points, whole ones so that pages of one document agree.

    A picture that is no whole sheet and was cut close to its text gets the margins it lacks.
    """
    x, y = (1, 0) if _is_sideways(page) else (0, 1)
    size = page.width * scale, page.height * scale
    width, height = size[x], size[y]
    is_sheet = page.dpi and min(size) >= _A5[0] and max(size) >= _A5[1]
    if page.items and not is_sheet:
        held = Box.around(item.polygon.box for item in page.items)
        wide, high = (held.width, held.height)[x] * scale, (held.width, held.height)[y] * scale
        width = min(max(width, wide + 2 * _side_margin(width)), max(width, _LARGEST_PAGE))
        top = _top_margin(height)
        if high + 2 * top > height:
            high = high * _LOOSE + _SPACE * len(page.items)
            height = min(high + 2 * top, max(height, _LARGEST_PAGE))
    return float(max(round(width), 72)), float(max(round(height), 72))


def _is_sideways(page: Page) -> bool:
    """Whether the text runs up or down the scan."""
    x, y = mean_direction(page.lines)
    return abs(y) > abs(x)


def _set_page(section: Section, size: tuple[float, float]) -> None:
    width, height = size
    section.page_width, section.page_height = Pt(width), Pt(height)
    section.orientation = WD_ORIENT.LANDSCAPE if width > height else WD_ORIENT.PORTRAIT
    side, top = _side_margin(width), _top_margin(height)
    section.left_margin = section.right_margin = Pt(side)
    section.top_margin = section.bottom_margin = Pt(top)
    section.header_distance = section.footer_distance = Pt(top / 2)


def _side_margin(width: float) -> float:
    return min(_SIDE_MARGIN, width * _LARGEST_MARGIN)


def _top_margin(height: float) -> float:
    return min(_TOP_MARGIN, height * _LARGEST_MARGIN)


def _points(size: float, smallest: float, largest: float) -> Pt:
    """The size in the half points that Word knows."""
    return Pt(round(min(max(size, smallest), largest) * 2) / 2)


def _set_properties(word: WordDocument, document: Document) -> None:
    properties = word.core_properties
    properties.title = xml_text(PurePath(document.source).name)[:255]
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = _CREATED
    properties.revision = 1


def _set_styles(word: WordDocument, document: Document, font: Font) -> None:
    """Plain black fonts throughout, with one that has the document's East Asian script."""
    east_asian, language = east_asian_font(line for page in document.pages for line in page.lines)
    for fonts in word.styles.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        for script, name in (("ascii", font.name), ("hAnsi", font.name), ("cs", font.name)):
            fonts.set(qn(f"w:{script}"), name)
        fonts.set(qn("w:eastAsia"), east_asian)
    for element in word.styles.element.iter(qn("w:lang")):
        element.set(qn("w:eastAsia"), language)
    normal = word.styles["Normal"]
    normal.font.size = _points(font.size, SMALLEST, LARGEST)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.05
    for level in (1, 2, 3):
        heading = word.styles[f"Heading {level}"]
        heading.font.color.rgb = RGBColor(0, 0, 0)
        heading.paragraph_format.space_after = Pt(0)
    cells = word.styles.add_style(TABLE_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    cells.base_style = normal
    if font.name == TYPEWRITER:
        cells.font.name = "Arial"
        cells.element.rPr.rFonts.set(qn("w:eastAsia"), east_asian)
    running = word.styles.add_style(_RUNNING_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    running.base_style = normal
    running.font.size = Pt(8)
    running.font.color.rgb = RGBColor(0x59, 0x59, 0x59)


def _without_dates(data: bytes) -> bytes:
    """The same ZIP archive with every entry of the same date."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return buffer.getvalue()
