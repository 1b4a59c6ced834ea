"""What python-docx reads back from a Word file is what the document says."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import docx
import pytest
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell
from hypothesis import HealthCheck, given, settings

from table_restore.document import Block, BlockKind, Borders, Cell, Document, Page, Table
from table_restore.export import render
from table_restore.export.characters import xml_text
from table_restore.export.fonts import letter_size
from table_restore.geometry import Box
from tests.factories.documents import (
    DPI,
    NASTY_TEXTS,
    block,
    column,
    document,
    grid,
    mixed_document,
    page,
    tables,
    texts,
)


def load(content: Document) -> WordDocument:
    return docx.Document(BytesIO(render(content, "docx")))


def load_table(table: Table) -> WordTable:
    (found,) = load(document(page([table]))).tables
    return found


def borders(cells: list[WordCell]) -> Borders:
    """The drawn edges of the parts that Word keeps of a merged cell, from top to bottom."""
    edges = [{edge.tag for edge in cell._tc.tcPr.find(qn("w:tcBorders"))} for cell in cells]
    assert all(("left" in one) == ("left" in edges[0]) for one in edges)
    return Borders(
        top=qn("w:top") in edges[0],
        right=qn("w:right") in edges[0],
        bottom=qn("w:bottom") in edges[-1],
        left=qn("w:left") in edges[0],
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables(texts()))
def test_any_table_reads_back(table: Table) -> None:
    found = load_table(table)
    assert (len(found.rows), len(found.columns)) == (table.rows, table.columns)
    slots = [row.cells for row in found.rows]
    assert len({slot._tc for row in slots for slot in row}) == len(table.cells)
    for cell in table.cells:
        read = slots[cell.row][cell.column]
        last = slots[cell.row + cell.row_span - 1][cell.column + cell.column_span - 1]
        # The slots of a merged cell are one cell to Word, and only they.
        assert read._tc is last._tc
        assert read.text == xml_text(cell.text)
        parts = [
            WordCell(row._tr.tc_at_grid_offset(cell.column), found)
            for row in list(found.rows)[cell.row : cell.row + cell.row_span]
        ]
        assert borders(parts) == cell.borders
        shade = read._tc.tcPr.find(qn("w:shd"))
        assert (shade is None) == (cell.shade is None)
        if cell.shade:
            assert shade.get(qn("w:fill")) == "{:02X}{:02X}{:02X}".format(*cell.shade)
        if cell.text:
            assert bool(read.paragraphs[0].runs[0].bold) == cell.header


def test_headings_paragraphs_and_running_heads_have_their_styles() -> None:
    word = load(mixed_document())
    written = [(p.style.name, p.text) for p in word.paragraphs if p.text and p.style]
    assert written == [
        ("Running Text", "Northwind Stationery Ltd"),
        ("Heading 1", "Invoice 2021-0417"),
        ("Normal", "Ms Ada Quill\n12 Harbour Street\nPort Ellen"),
        (
            "Normal",
            "Thank you for your order of 14 March. The goods were sent the same day by the carrier "
            "you named; the tracking information follows. Please pay within thirty days.",
        ),
        ("Running Text", "Registered in Scotland, no. 0123456"),
        ("Running Text", "1"),
        ("Heading 1", "员工登记表"),
        ("Normal", "请用正楷填写本表，所有内容须真实有效，如有虚假，公司有权解除劳动合同。"),
        ("Heading 2", "Kontoauszug"),
    ]


def test_pieces_of_a_row_stand_at_tab_stops() -> None:
    left = block(BlockKind.PARAGRAPH, ["Sum"], 150).lines[0]
    right = block(BlockKind.PARAGRAPH, ["47"], 600).lines[0]
    outline = left.polygon.box.union(right.polygon.box).polygon()
    row = Block(BlockKind.PARAGRAPH, (left, right), outline)
    (paragraph,) = load(document(page([row]))).paragraphs
    assert paragraph.text == "Sum\t47"
    (stop,) = paragraph.paragraph_format.tab_stops
    assert stop.position.pt == pytest.approx(450 * 72 / 200, abs=1)


def test_a_running_title_and_the_page_number_beside_it_are_one_row() -> None:
    title = block(BlockKind.HEADER, ["Northwind Stationery"], 150, 60)
    number = block(BlockKind.PAGE_NUMBER, ["3"], 800, 60)
    body = block(BlockKind.PARAGRAPH, ["Goods were sent."], 150, 200)
    word = load(document(page([title, number, body])))
    assert [p.text for p in word.paragraphs] == ["Northwind Stationery\t3", "Goods were sent."]


def test_lists_keep_their_indent_and_white() -> None:
    placed = [("a line of the letter's body", 150, 150), ("- one", 250, 300), ("- two", 250, 342)]
    placed.append(("and the body goes on", 150, 500))
    items = [block(BlockKind.PARAGRAPH, [text], left, top) for text, left, top in placed]
    formats = [p.paragraph_format for p in load(document(page(items))).paragraphs]
    indents = [round(f.left_indent.pt) if f.left_indent else 0 for f in formats]
    assert indents == [0, 36, 36, 0]
    above = [f.space_before.pt for f in formats if f.space_before is not None]
    assert above[2] < 5 < 20 < min(above[1], above[3])


def test_centred_lines_end_where_the_paper_has_them_end() -> None:
    head = block(BlockKind.PARAGRAPH, ["The Green Shop of Harbour Street", "Port Ellen"])
    first, second = head.lines
    middle = first.polygon.box.center[0] - second.polygon.box.center[0]
    moved = replace(second, polygon=second.polygon.map(lambda p: (p[0] + middle, p[1])))
    (found,) = load(document(page([replace(head, lines=(first, moved))]))).paragraphs
    assert found.text == "The Green Shop of Harbour Street\nPort Ellen"
    assert found.alignment is WD_ALIGN_PARAGRAPH.CENTER


def test_letters_larger_than_word_gets_are_of_one_size() -> None:
    """A receipt whose resolution is unknown is as wide as a sheet: its letters are large."""
    text = ["a line of the receipt", "and another of them"]
    items = [block(BlockKind.PARAGRAPH, text, 150, top, height=90) for top in (100, 700)]
    found = load(document(page(items))).paragraphs
    assert [run.font.size for one in found for run in one.runs] == [None, None]


@pytest.mark.parametrize(
    ("shares", "font"),
    [
        ((0.55, 0.55), "Courier New"),
        ((0.41, 0.39), "Times New Roman"),
        ((0.50, 0.46), "Arial"),
    ],
)
def test_the_font_is_of_the_kind_on_paper(shares: tuple[float, float], font: str) -> None:
    """`shares` are the widths of a letter in two lines out of two, of the letters' size."""
    made = block(BlockKind.PARAGRAPH, ["some good words of a line"] * 8)
    lines = []
    for number, one in enumerate(made.lines):
        box = one.polygon.box
        width = len(one.text) * shares[number % 2] * box.height / 0.9
        lines.append(
            replace(one, polygon=Box(box.left, box.top, box.left + width, box.bottom).polygon())
        )
    word = load(document(page([replace(made, lines=tuple(lines))])))
    assert word.styles.element.find(".//" + qn("w:rFonts")).get(qn("w:ascii")) == font


def test_items_keep_their_order() -> None:
    items = [column(["a"]), block(BlockKind.PARAGRAPH, ["b"]), column(["c"]), column(["d"])]
    word = load(document(page(items)))
    found = [
        one.text if hasattr(one, "text") else one.cell(0, 0).text
        for one in word.iter_inner_content()
    ]
    # Between two tables stands an empty paragraph, or Word would make one of them.
    assert found == ["a", "", "b", "c", "", "d", ""]


def test_every_page_begins_on_a_new_page() -> None:
    first, second, third = (page([column([text])], n) for n, text in enumerate("abc", 1))
    blank = page([], 4)
    breaks = load(document(first, second, third, blank)).element.body.findall(
        ".//" + qn("w:pageBreakBefore")
    )
    assert len(breaks) == 3
    words = [page([block(BlockKind.PARAGRAPH, [text])]) for text in "ab"]
    paragraphs = load(document(*words)).paragraphs
    assert [p.paragraph_format.page_break_before for p in paragraphs] == [None, True]


def test_the_paper_has_the_size_of_the_scan() -> None:
    letter = Page(1, 2550, 3300, 300.0, ())
    landscape = Page(2, 3300, 2550, 300.0, ())
    unknown = Page(3, 1000, 1414, None, ())
    photograph = Page(4, 3000, 4000, 72.0, ())  # would be over a metre wide
    sections = load(document(letter, landscape, unknown, photograph)).sections
    sizes = [(s.page_width.pt, s.page_height.pt) for s in sections]  # type: ignore[union-attr]
    assert sizes == [(612, 792), (792, 612), (595, 842), (595, 794)]


@pytest.mark.parametrize(("dpi", "is_sheet"), [(None, False), (200.0, True)])
def test_a_picture_cut_close_to_its_table_gets_margins(dpi: float | None, is_sheet: bool) -> None:
    table = grid([["a", "b"]] * 12, left=4, top=4, widths=[620, 620], row_height=145)
    size = 1248, 1748
    (section,) = load(document(Page(1, *size, dpi, (table,)))).sections
    assert section.page_width is not None
    assert section.page_height is not None
    scale = 72 / 200 if dpi else 595.3 / size[0]
    width, height = 1240 * scale, 1740 * scale
    wide, high = (2 * m.pt for m in (section.left_margin, section.top_margin) if m is not None)
    assert (section.page_width.pt >= width + wide - 1) is not is_sheet
    assert (section.page_height.pt >= height + high - 1) is not is_sheet


def test_a_page_scanned_sideways_is_turned() -> None:
    upright = block(BlockKind.PARAGRAPH, ["some text"])
    word = load(document(page([upright])))
    height = page([]).height

    def turn(point: tuple[float, float]) -> tuple[float, float]:
        return height - point[1], point[0]

    line = upright.lines[0]
    turned = type(line)(line.words, line.polygon.map(turn))
    sideways = Page(1, 2339, 1654, 200.0, (type(upright)(upright.kind, (turned,), line.polygon),))
    assert load(document(sideways)).sections[0].page_width == word.sections[0].page_width


def test_wide_tables_are_split_where_word_ends() -> None:
    table = grid([[str(n) for n in range(130)]] * 2, widths=[10] * 130, spans={(0, 60): (2, 10)})
    found = load(document(page([table]))).tables
    assert [len(one.columns) for one in found] == [63, 63, 4]
    assert found[0].cell(1, 60).text == "60"
    assert found[0].cell(0, 60)._tc is found[0].cell(1, 62)._tc
    assert found[1].cell(0, 0).text == ""
    assert found[1].cell(0, 0)._tc is found[1].cell(1, 6)._tc
    assert [cell.text for cell in found[2].rows[1].cells] == ["126", "127", "128", "129"]


def test_tables_are_as_wide_as_on_paper_and_no_wider_than_the_page() -> None:
    small = load_table(grid([["a", "b"]], widths=[100, 300]))
    assert [c.width.inches for c in small.columns] == pytest.approx([0.5, 1.5], abs=0.01)
    large = load_table(grid([["a", "b"]], widths=[1000, 3000]))
    total = sum(c.width.inches for c in large.columns)
    assert total == pytest.approx(1654 / 200 - 2 * 0.75, abs=0.02)


def test_words_are_not_broken_where_columns_hug_their_text() -> None:
    found = load_table(grid([["Frequently"], ["1"]], widths=[40]))
    assert found.columns[0].width.pt > 10 * 0.5 * 8


def test_a_name_in_capitals_is_not_broken() -> None:
    """In bold Arial this one is 4.39 times as wide as its font's size."""
    found = load_table(grid([["AMOUNT"], ["1"]], widths=[40], header_rows=1))
    size = float(found.cell(0, 0)._tc.find(f".//{qn('w:sz')}").get(qn("w:val"))) / 2
    assert found.columns[0].width.pt > 4.39 * size + 6


def test_the_header_repeats_on_every_page() -> None:
    found = load_table(grid([["a"], ["b"], ["1"], ["2"]], header_rows=2))
    headers = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in found.rows]
    assert headers == [True, True, False, False]


@pytest.mark.parametrize(("text", "font"), [("漢字かな", "Yu Gothic"), ("汉字", "Microsoft YaHei")])
def test_wide_characters_have_a_font_of_their_script(text: str, font: str) -> None:
    word = load(document(page([block(BlockKind.PARAGRAPH, [text])])))
    fonts = word.styles.element.findall(".//" + qn("w:rFonts"))
    assert fonts
    assert {one.get(qn("w:eastAsia")) for one in fonts} == {font}


@pytest.mark.parametrize("kind", BlockKind)
def test_any_text_can_be_written(kind: BlockKind) -> None:
    blocks = [block(kind, [text]) for text in NASTY_TEXTS]
    word = load(document(page(blocks), source="".join(NASTY_TEXTS)))
    assert [p.text for p in word.paragraphs] == [xml_text(text) for text in NASTY_TEXTS]


def test_a_document_without_pages_is_a_file() -> None:
    assert load(document()).tables == []


def test_a_line_of_no_size_is_written() -> None:
    flat = Box(10, 10, 10, 10).polygon()
    line = block(BlockKind.HEADING, ["x"]).lines[0]
    item = type(block(BlockKind.HEADING, ["x"]))(
        BlockKind.HEADING, (type(line)(line.words, flat),), flat
    )
    assert load(document(page([item]))).paragraphs[0].text == "x"


@pytest.mark.parametrize(
    ("text", "share"), [("Ample jug", 0.9), ("Tall hut", 0.7), ("a yam", 0.68), ("a nose", 0.48)]
)
def test_letters_are_as_large_as_those_that_stand_there_tell(text: str, share: float) -> None:
    (line,) = block(BlockKind.PARAGRAPH, [text], height=20).lines
    assert letter_size(line, 0.5) == pytest.approx(20 * 0.5 / share)


def test_a_table_stands_at_its_indent() -> None:
    words = block(BlockKind.PARAGRAPH, ["some words of a line here"] * 3, 100, 100)
    outline = Box(220, 400, 500, 460).polygon()
    table = Table(1, 1, (Cell(0, 0, outline),), outline)
    word = load(document(page([words, table])))
    (indent,) = word.element.iter(qn("w:tblInd"))
    assert int(indent.get(qn("w:w"))) == pytest.approx(120 / DPI * 1440, abs=1)


def test_a_line_that_word_would_break_begins_further_left() -> None:
    body = block(BlockKind.PARAGRAPH, ["some good words of a line"] * 8)
    wide = Box.around(each.polygon.box for each in body.lines)
    places = []
    for text in ("No", "Office of the President of the Society"):
        single = block(BlockKind.PARAGRAPH, [text], wide.left + 0.3 * wide.width, wide.bottom + 80)
        narrow = single.lines[0].polygon.map(lambda p: (min(p[0], wide.right - 80), p[1]))
        line = replace(single.lines[0], polygon=narrow)
        made = document(page([body, replace(single, lines=(line,), polygon=narrow)]))
        places.append(load(made).paragraphs[-1].paragraph_format.left_indent)
    assert places[0] is not None
    assert places[1] is None or places[1] < places[0]
