"""PAGE-XML 2019-07-15, the exchange format of OCR ground truth and of OCR-D.

The schema and its documentation are PRImA's: https://github.com/PRImA-Research-Lab/PAGE-XML
"""

from __future__ import annotations

from pathlib import PurePath

from lxml import etree

from table_restore.document import Alignment, Block, BlockKind, Cell, Document, Line, Page, Table
from table_restore.export.characters import xml_text
from table_restore.geometry import Polygon

NAMESPACE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"
SCHEMA = NAMESPACE + "/pagecontent.xsd"

# The schema wants dates; fixed ones keep the bytes of a repeated run the same.
CREATED = "2000-01-01T00:00:00Z"

_REGION_TYPES = {
    BlockKind.HEADING: "heading",
    BlockKind.PARAGRAPH: "paragraph",
    BlockKind.HEADER: "header",
    BlockKind.FOOTER: "footer",
    BlockKind.PAGE_NUMBER: "page-number",
}
_ALIGNMENTS = {Alignment.LEFT: "left", Alignment.CENTER: "centre", Alignment.RIGHT: "right"}
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


def render_page_xml(document: Document, page: Page) -> bytes:
    """One page of the document as a PcGts file, valid against the official schema.

    Points are whole pixels of the source image, kept within the page.
    """
    root = etree.Element(f"{{{NAMESPACE}}}PcGts", nsmap={None: NAMESPACE, "xsi": _XSI})
    root.set(f"{{{_XSI}}}schemaLocation", f"{NAMESPACE} {SCHEMA}")
    metadata = _add(root, "Metadata")
    _add(metadata, "Creator").text = "scanner-ocr"
    _add(metadata, "Created").text = CREATED
    _add(metadata, "LastChange").text = CREATED
    _PageWriter(document.source, page).write(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


class _PageWriter:
    """Writes one Page element; it holds what every part of it needs to know of the page."""

    def __init__(self, source: str, page: Page) -> None:
        self._source = source
        self._page = page

    def write(self, root: etree._Element) -> None:
        page = self._page
        element = _add(
            root,
            "Page",
            imageFilename=xml_text(PurePath(self._source).name),
            imageWidth=str(page.width),
            imageHeight=str(page.height),
        )
        if page.dpi is not None:
            element.set("imageXResolution", f"{page.dpi:.2f}")
            element.set("imageYResolution", f"{page.dpi:.2f}")
            element.set("imageResolutionUnit", "PPI")
        element.set("custom", f"page {{number:{page.number};}}")
        if page.items:
            group = _add(_add(element, "ReadingOrder"), "OrderedGroup", id="order")
            for index in range(len(page.items)):
                _add(group, "RegionRefIndexed", index=str(index), regionRef=_region_id(index))
        for index, item in enumerate(page.items):
            if isinstance(item, Table):
                self._table(element, item, _region_id(index))
            else:
                self._block(element, item, _region_id(index))

    def _block(self, parent: etree._Element, block: Block, name: str) -> None:
        region = _add(parent, "TextRegion", id=name, type=_REGION_TYPES[block.kind])
        self._coords(region, block.polygon)
        self._lines(region, block.lines, name)

    def _table(self, parent: etree._Element, table: Table, name: str) -> None:
        region = _add(
            parent, "TableRegion", id=name, rows=str(table.rows), columns=str(table.columns)
        )
        self._coords(region, table.polygon)
        for index, cell in enumerate(table.cells):
            self._cell(region, cell, f"{name}c{index}")

    def _cell(self, parent: etree._Element, cell: Cell, name: str) -> None:
        region = _add(parent, "TextRegion", id=name, align=_ALIGNMENTS[cell.alignment])
        region.set("custom", _borders(cell))
        self._coords(region, cell.polygon)
        _add(
            _add(region, "Roles"),
            "TableCellRole",
            rowIndex=str(cell.row),
            columnIndex=str(cell.column),
            rowSpan=str(cell.row_span),
            colSpan=str(cell.column_span),
            header="true" if cell.header else "false",
        )
        self._lines(region, cell.lines, name)

    def _lines(self, region: etree._Element, lines: tuple[Line, ...], name: str) -> None:
        for index, line in enumerate(lines):
            self._line(region, line, f"{name}l{index}")
        _add_text(region, "\n".join(line.text for line in lines))

    def _line(self, region: etree._Element, line: Line, name: str) -> None:
        element = _add(region, "TextLine", id=name)
        self._coords(element, line.polygon)
        for index, word in enumerate(line.words):
            word_element = _add(element, "Word", id=f"{name}w{index}")
            self._coords(word_element, word.polygon)
            _add_text(word_element, word.text, word.confidence)
        _add_text(element, line.text, line.confidence)

    def _coords(self, parent: etree._Element, polygon: Polygon) -> None:
        points = (
            f"{_inside(x, self._page.width)},{_inside(y, self._page.height)}"
            for x, y in polygon.points
        )
        _add(parent, "Coords", points=" ".join(points))


def _add(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)


def _add_text(parent: etree._Element, text: str, confidence: float | None = None) -> None:
    equivalent = _add(parent, "TextEquiv")
    if confidence is not None:
        equivalent.set("conf", f"{confidence:.4f}")
    _add(equivalent, "Unicode").text = xml_text(text)


def _region_id(index: int) -> str:
    return f"r{index}"


def _borders(cell: Cell) -> str:
    """The drawn borders in PAGE's custom notation; the schema has no place for them."""
    borders = cell.borders
    edges = (
        ("top", borders.top),
        ("right", borders.right),
        ("bottom", borders.bottom),
        ("left", borders.left),
    )
    return "borders {" + " ".join(f"{name}:{int(drawn)};" for name, drawn in edges) + "}"


def _inside(value: float, limit: int) -> int:
    return min(max(round(value), 0), limit)
