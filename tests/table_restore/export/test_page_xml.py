"""What lxml reads back from a PAGE-XML file is what the page says; the schema accepts it."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from table_restore.document import BlockKind, Page, Table
from table_restore.export import render, render_page_xml
from table_restore.export.characters import xml_text
from table_restore.export.page_xml import NAMESPACE
from table_restore.geometry import Box
from tests.factories.documents import (
    NASTY_TEXTS,
    block,
    document,
    grid,
    invoice,
    mixed_document,
    page,
    tables,
    texts,
)

PC = f"{{{NAMESPACE}}}"


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring((files("ocrd_validators") / "page.xsd").read_bytes()))


def load(one: Page, source: str = "folder/scan.png") -> etree._Element:
    return etree.fromstring(render_page_xml(document(one, source=source), one))


def text_of(region: etree._Element) -> str:
    return region.findtext(f"{PC}TextEquiv/{PC}Unicode", default="")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(table=tables(texts()))
def test_any_table_reads_back(table: Table, schema: etree.XMLSchema) -> None:
    root = load(page([table]))
    schema.assertValid(root)
    region = root.find(f".//{PC}TableRegion")
    assert region is not None
    assert (region.get("rows"), region.get("columns")) == (str(table.rows), str(table.columns))
    cells = region.findall(f"{PC}TextRegion")
    for cell, found in zip(table.cells, cells, strict=True):
        role = found.find(f"{PC}Roles/{PC}TableCellRole")
        assert role is not None
        assert dict(role.attrib) == {
            "rowIndex": str(cell.row),
            "columnIndex": str(cell.column),
            "rowSpan": str(cell.row_span),
            "colSpan": str(cell.column_span),
            "header": str(cell.header).lower(),
        }
        assert text_of(found) == xml_text(cell.text)
        lines = found.findall(f"{PC}TextLine")
        assert [text_of(line) for line in lines] == [xml_text(line.text) for line in cell.lines]


def test_a_page_of_everything(schema: etree.XMLSchema) -> None:
    root = load(invoice(), source="a/b/Rechnung 1.tif")
    schema.assertValid(root)
    element = root.find(f"{PC}Page")
    assert element is not None
    assert element.get("imageFilename") == "Rechnung 1.tif"
    assert (element.get("imageWidth"), element.get("imageHeight")) == ("1654", "2339")
    assert element.get("imageXResolution") == "200.00"
    assert [region.get("type") for region in element.findall(f"{PC}TextRegion")] == [
        "header", "heading", "paragraph", "paragraph", "footer", "page-number",
    ]  # fmt: skip
    words = element.findall(f"{PC}TextRegion/{PC}TextLine/{PC}Word")
    assert [text_of(word) for word in words[:3]] == ["Northwind", "Stationery", "Ltd"]
    equivalent = words[0].find(f"{PC}TextEquiv")
    assert equivalent is not None
    assert equivalent.get("conf") == "0.9900"


def test_the_reading_order_names_every_region_once() -> None:
    root = load(invoice())
    references = [one.get("regionRef") for one in root.iter(f"{PC}RegionRefIndexed")]
    element = root.find(f"{PC}Page")
    assert element is not None
    regions = [one.get("id") for one in element if "Region" in one.tag]
    assert references == regions
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))


def test_points_are_whole_and_on_the_page(schema: etree.XMLSchema) -> None:
    inside = block(BlockKind.PARAGRAPH, ["x"])
    outside = type(inside)(inside.kind, inside.lines, Box(-5.5, -0.4, 9999.9, 12.5).polygon())
    root = load(page([outside]))
    schema.assertValid(root)
    coords = root.find(f".//{PC}TextRegion/{PC}Coords")
    assert coords is not None
    assert coords.get("points") == "0,0 1654,0 1654,12 0,12"


@pytest.mark.parametrize("text", NASTY_TEXTS)
def test_any_text_can_be_written(text: str, schema: etree.XMLSchema) -> None:
    root = load(page([block(BlockKind.PARAGRAPH, [text])]), source=f"{text}.png")
    schema.assertValid(root)
    region = root.find(f".//{PC}TextRegion")
    assert region is not None
    assert text_of(region) == xml_text(text)


def test_a_page_without_anything_is_valid(schema: etree.XMLSchema) -> None:
    schema.assertValid(load(page([], dpi=None)))


def test_a_document_of_several_pages_is_written_page_by_page() -> None:
    content = mixed_document()
    with pytest.raises(ValueError, match="one page a file, not 3"):
        render(content, "xml")
    one = document(invoice())
    assert render(one, "xml") == render_page_xml(one, one.pages[0])


def test_alignment_and_borders_are_kept() -> None:
    root = load(page([grid([["a"]], header_rows=0)]))
    region = root.find(f".//{PC}TableRegion/{PC}TextRegion")
    assert region is not None
    assert region.get("align") == "left"
    assert region.get("custom") == "borders {top:1; right:1; bottom:1; left:1;}"
