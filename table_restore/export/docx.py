"""Word: headings, paragraphs and real tables, a page a page."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
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

from table_restore.document import Block, BlockKind, Document, Line, Page, Table
from table_restore.export.characters import xml_text
from table_restore.export.measures import line_height, mean_direction
from table_restore.export.paragraphs import column_edge, join_lines
from table_restore.export.word_table import word_tables
from table_restore.geometry import Box

# Everywhere at hand, or Liberation Sans of the same widths in its place.
_FONT = "Arial"
_RUNNING_STYLE = "Running Text"
_RUNNING_KINDS = (BlockKind.HEADER, BlockKind.FOOTER, BlockKind.PAGE_NUMBER)

# In points. A page of unknown or absurd size is taken for A4; Word's limits are 22 inches.
_A4_WIDTH = 595.3
_A5 = 419.5, 595.0  # scans of known resolution and this size are of whole sheets
_SMALLEST_PAGE, _LARGEST_PAGE = 72.0, 1584.0
_SIDE_MARGIN, _TOP_MARGIN = 54.0, 36.0
_LARGEST_MARGIN = 0.09  # of the page
_LOOSE = 1.12  # by how much higher text is in Word than on paper
_SPACE = 12.0  # below a paragraph or table
_INK_SHARE = 0.9  # of the font size, that the ink of a line is high
_SMALLEST_BODY, _LARGEST_BODY, _LARGEST_HEADING = 7.0, 14.0, 36.0
# A heading's level by how much larger than the body it is printed.
_LEVELS = ((1.6, 1), (1.2, 2), (0.0, 3))

# Any fixed date does; it keeps the bytes of a repeated run the same.
_CREATED = datetime(2000, 1, 1)
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def render_docx(document: Document) -> bytes:
    """The document as a Word file; the same document always gives the same bytes."""
    word = docx.Document()
    body_size = _body_size(document)
    _set_properties(word, document)
    _set_styles(word, document, body_size)
    previous: tuple[float, float] | None = None
    for page in document.pages:
        scale = _points_per_pixel(page)
        size = _page_size(page, scale)
        if previous is None:
            _set_page(word.sections[0], size)
        elif size != previous:
            _set_page(word.add_section(WD_SECTION.NEW_PAGE), size)
        _write_page(word, page, scale, body_size, breaks=previous == size)
        previous = size
    buffer = BytesIO()
    word.save(buffer)
    return _without_dates(buffer.getvalue())


def _write_page(
    word: WordDocument, page: Page, scale: float, body_size: float, breaks: bool
) -> None:
    """Write the page's items; `breaks` asks for a page break before them."""
    opening: Paragraph | None = None
    if not page.items or (breaks and isinstance(page.items[0], Table)):
        opening = _spacer(word)
    for item in page.items:
        if isinstance(item, Table):
            _write_table(word, item, scale)
        else:
            paragraph = _write_block(word, page, item, scale, body_size)
            opening = opening or paragraph
    if breaks and opening is not None:
        opening.paragraph_format.page_break_before = True


def _write_block(
    word: WordDocument, page: Page, block: Block, scale: float, body_size: float
) -> Paragraph:
    others = [one for one in page.items if isinstance(one, Block)]
    text = xml_text(join_lines(block.lines, column_edge(block, others)))
    if block.kind is BlockKind.HEADING:
        printed = (line_height(block.lines) or 0.0) * scale / _INK_SHARE
        level = next(level for ratio, level in _LEVELS if printed >= ratio * body_size)
        paragraph = word.add_paragraph(style=f"Heading {level}")
        paragraph.add_run(text).font.size = _points(printed, body_size, _LARGEST_HEADING)
        paragraph.alignment = _position(page, block)
    elif block.kind in _RUNNING_KINDS:
        paragraph = word.add_paragraph(text, style=_RUNNING_STYLE)
        paragraph.alignment = _position(page, block)
    else:
        paragraph = word.add_paragraph(text)
    return paragraph


def _write_table(word: WordDocument, table: Table, scale: float) -> None:
    """Write the table and a small paragraph; without it Word would join tables that follow."""
    section = word.sections[-1]
    page_width, left, right = section.page_width, section.left_margin, section.right_margin
    available = ((page_width or 0) - (left or 0) - (right or 0)) / Pt(1)
    for element in word_tables(table, scale, available):
        body: _Element = word.element.body
        body.insert(len(body) - 1, element)  # before the properties of the last section
        _spacer(word)


def _spacer(word: WordDocument) -> Paragraph:
    """An empty paragraph, as low as can be."""
    paragraph = word.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = Pt(6)
    return paragraph


def _position(page: Page, block: Block) -> WD_ALIGN_PARAGRAPH:
    """Left, centred or right, by where the block stands across the page."""
    if _is_sideways(page):
        return WD_ALIGN_PARAGRAPH.LEFT
    box = block.polygon.box
    left, right = box.left, page.width - box.right
    if min(left, right) > 0.15 * page.width and abs(left - right) < 0.06 * page.width:
        return WD_ALIGN_PARAGRAPH.CENTER
    return WD_ALIGN_PARAGRAPH.RIGHT if left > 0.5 * page.width else WD_ALIGN_PARAGRAPH.LEFT


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


def _body_size(document: Document) -> float:
    """The size in points of most of the running text."""
    sizes = [
        height * _points_per_pixel(page) / _INK_SHARE
        for page in document.pages
        for item in page.items
        if isinstance(item, Block) and item.kind is BlockKind.PARAGRAPH
        if (height := line_height(item.lines))
        for _ in item.lines
    ]
    size = median(sizes) if sizes else 11.0
    return min(max(size, _SMALLEST_BODY), _LARGEST_BODY)


def _points(size: float, smallest: float, largest: float) -> Pt:
    """The size in the half points that Word knows."""
    return Pt(round(min(max(size, smallest), largest) * 2) / 2)


def _set_properties(word: WordDocument, document: Document) -> None:
    properties = word.core_properties
    properties.title = xml_text(PurePath(document.source).name)[:255]
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = _CREATED
    properties.revision = 1


def _set_styles(word: WordDocument, document: Document, body_size: float) -> None:
    """Plain black fonts throughout, with one that has the document's East Asian script."""
    east_asian, language = _east_asian_font(line for page in document.pages for line in page.lines)
    for fonts in word.styles.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        for script, font in (("ascii", _FONT), ("hAnsi", _FONT), ("cs", _FONT)):
            fonts.set(qn(f"w:{script}"), font)
        fonts.set(qn("w:eastAsia"), east_asian)
    for element in word.styles.element.iter(qn("w:lang")):
        element.set(qn("w:eastAsia"), language)
    normal = word.styles["Normal"]
    normal.font.size = _points(body_size, _SMALLEST_BODY, _LARGEST_BODY)
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing = 1.05
    for level in (1, 2, 3):
        heading = word.styles[f"Heading {level}"]
        heading.font.color.rgb = RGBColor(0, 0, 0)
        heading.paragraph_format.space_before = Pt(10)
        heading.paragraph_format.space_after = Pt(4)
    running = word.styles.add_style(_RUNNING_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    running.base_style = normal
    running.font.size = Pt(8)
    running.font.color.rgb = RGBColor(0x59, 0x59, 0x59)


def _east_asian_font(lines: Iterable[Line]) -> tuple[str, str]:
    """Font and language for wide characters: Japanese where there is kana, else Chinese."""
    if any("\u3041" <= c <= "\u30ff" for line in lines for c in line.text):
        return "Yu Gothic", "ja-JP"
    return "Microsoft YaHei", "zh-CN"


def _without_dates(data: bytes) -> bytes:
    """The same ZIP archive with every entry of the same date."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return buffer.getvalue()
