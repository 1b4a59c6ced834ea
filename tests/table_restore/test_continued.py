"""Tables over several pages become one where they are one, and only there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO

import docx
import pytest
from hypothesis import HealthCheck, assume, given, settings
from openpyxl import load_workbook

from table_restore.continued import join_continued
from table_restore.document import BlockKind, Document, Item, Page, Table
from table_restore.export import render
from table_restore.geometry import Polygon
from tests.factories.documents import block, document, grid, page, tables, texts

HEAD = ["Date", "Text", "Amount"]
WIDTHS = [200, 700, 300]
FIRST = [["03.01.2022", "Rent", "1,250.00"], ["04.01.2022", "Wages", "3,480.17"]]
SECOND = [["11.01.2022", "Power", "96.40"], ["28.01.2022", "Interest", "0.12"]]
THIRD = [["30.01.2022", "Water", "41.03"]]


def table(
    rows: Sequence[Sequence[str]], head: Sequence[str] | None = HEAD, **style: object
) -> Table:
    settings: dict[str, object] = {"widths": WIDTHS, "header_rows": 1 if head else 0, **style}
    return grid([head, *rows] if head else rows, **settings)  # type: ignore[arg-type]


def sheet(number: int, *items: Item) -> Page:
    """A page of a statement, with a running header and a page number around the items."""
    header = block(BlockKind.HEADER, ["Statement of account"], 1100, 60)
    footer = block(BlockKind.PAGE_NUMBER, [f"- {number} -"], 800, 2280)
    return page([header, *items, footer], number)


def paragraph(text: str, top: float = 200) -> Item:
    return block(BlockKind.PARAGRAPH, [text], 150, top)


def rows_of(found: Table) -> list[list[str]]:
    slots = [[""] * found.columns for _ in range(found.rows)]
    for cell in found.cells:
        slots[cell.row][cell.column] = cell.text
    return slots


def resized(original: Page, factor: float, dpi: float | None = None) -> Page:
    """The page scanned at another resolution."""

    def scaled(polygon: Polygon) -> Polygon:
        return polygon.map(lambda p: (p[0] * factor, p[1] * factor))

    (found,) = original.tables
    cells = tuple(replace(cell, polygon=scaled(cell.polygon), lines=()) for cell in found.cells)
    items = tuple(
        replace(found, cells=cells, polygon=scaled(found.polygon)) if item is found else item
        for item in original.items
    )
    width, height = round(original.width * factor), round(original.height * factor)
    return replace(original, width=width, height=height, items=items, dpi=dpi)


def shifted(found: Table, by: float) -> Table:
    cells = tuple(
        replace(cell, polygon=cell.polygon.map(lambda p: (p[0] + by, p[1]))) for cell in found.cells
    )
    return replace(found, cells=cells)


@pytest.mark.parametrize("repeated", [True, False])
def test_three_pages_become_one_table(repeated: bool) -> None:
    head = HEAD if repeated else None
    pages = (
        sheet(1, paragraph("Your account in January"), table(FIRST)),
        sheet(2, table(SECOND, head, top=150)),
        sheet(3, table(THIRD, head, top=150), paragraph("All sums in euros.", 900)),
    )
    joined = join_continued(document(*pages))
    assert [len(one.tables) for one in joined.pages] == [1, 0]
    (found,) = joined.pages[0].tables
    assert rows_of(found) == [HEAD, *FIRST, *SECOND, *THIRD]
    assert [cell.page for cell in found.cells if cell.column == 0] == [None] * 3 + [2, 2, 3]
    assert [cell.row for cell in found.cells if cell.header] == [0, 0, 0]
    # The second page has nothing left but its running heads; the third keeps its paragraph.
    assert [one.number for one in joined.pages] == [1, 3]
    assert [len(one.items) for one in joined.pages] == [4, 3]


def test_every_other_table_and_cell_stays_as_it_was() -> None:
    pages = (
        sheet(1, table(FIRST), table(THIRD, top=1500)),
        sheet(2, table(SECOND, top=150), table(FIRST, top=900)),
    )
    joined = join_continued(document(*pages))
    assert [[rows_of(one) for one in p.tables] for p in joined.pages] == [
        [[HEAD, *FIRST], [HEAD, *THIRD, *SECOND]],
        [[HEAD, *FIRST]],
    ]
    before = {cell.polygon: cell.lines for one in pages for t in one.tables for cell in t.cells}
    after = [cell for one in joined.pages for t in one.tables for cell in t.cells]
    assert all(before[cell.polygon] == cell.lines for cell in after)


def test_a_header_read_with_an_error_is_still_the_header() -> None:
    noisy = ["Dat e", "Text", "Arnount"]
    joined = join_continued(document(sheet(1, table(FIRST)), sheet(2, table(SECOND, noisy))))
    assert rows_of(joined.pages[0].tables[0]) == [HEAD, *FIRST, *SECOND]


def test_a_header_that_nobody_marked_is_known_by_its_words() -> None:
    pages = [sheet(n, table([HEAD, *rows], None)) for n, rows in ((1, FIRST), (2, SECOND))]
    joined = join_continued(document(*pages))
    assert rows_of(joined.pages[0].tables[0]) == [HEAD, *FIRST, *SECOND]


def test_a_row_of_data_that_comes_twice_is_kept() -> None:
    pages = (sheet(1, table(FIRST, None)), sheet(2, table(FIRST, None)))
    joined = join_continued(document(*pages))
    assert rows_of(joined.pages[0].tables[0]) == FIRST * 2


def test_headers_and_cells_over_several_rows_stay_whole() -> None:
    head = [["Place", "Value", ""], ["", "2021", "2022"]]
    spans = {(0, 0): (2, 1), (0, 1): (1, 2), (2, 0): (2, 1)}
    pages = [
        sheet(n, grid([*head, [name, "1", "2"], ["", "3", "4"]], header_rows=2, spans=spans))
        for n, name in ((1, "North"), (2, "South"))
    ]
    (found,) = join_continued(document(*pages)).pages[0].tables
    assert rows_of(found)[2:] == [
        ["North", "1", "2"],
        ["", "3", "4"],
        ["South", "1", "2"],
        ["", "3", "4"],
    ]
    tall = {(cell.text, cell.row, cell.row_span) for cell in found.cells if cell.row_span > 1}
    assert tall == {("Place", 0, 2), ("North", 2, 2), ("South", 4, 2)}


@pytest.mark.parametrize(
    "text",
    [
        "continued on the next page",
        "Page 1 of 2",
        "Fortsetzung von Seite 1",
        "Table 3 (cont'd)",
        "续表",
    ],
)
def test_a_remark_that_the_table_goes_on_does_not_part_it(text: str) -> None:
    below = document(sheet(1, table(FIRST), paragraph(text, 900)), sheet(2, table(SECOND)))
    above = document(sheet(1, table(FIRST)), sheet(2, paragraph(text), table(SECOND)))
    for content in (below, above):
        (found,) = join_continued(content).pages[0].tables
        assert rows_of(found) == [HEAD, *FIRST, *SECOND]


def test_a_letterhead_on_every_page_does_not_part_a_table() -> None:
    def letterhead(number: int) -> Item:
        return paragraph(f"Harbour Bank, account of Ms Quill, page {number} of 2")

    small_print = paragraph("Complaints within six weeks, please.", 2100)
    pages = [
        sheet(n, letterhead(n), table(rows), small_print) for n, rows in ((1, FIRST), (2, SECOND))
    ]
    joined = join_continued(document(*pages))
    assert [one.number for one in joined.pages] == [1]
    assert rows_of(joined.pages[0].tables[0]) == [HEAD, *FIRST, *SECOND]


@pytest.mark.parametrize(
    "pages",
    [
        (sheet(1, table(FIRST), paragraph("All sums in euros.", 900)), sheet(2, table(SECOND))),
        (sheet(1, table(FIRST)), sheet(2, paragraph("Table 2: February"), table(SECOND))),
        (
            sheet(1, paragraph("Table 1: Sales"), table(FIRST)),
            sheet(2, paragraph("Table 2: Sales"), table(SECOND)),
        ),
        (sheet(1, table(FIRST)), sheet(3, table(SECOND))),
        (sheet(1, table(FIRST)), sheet(2), sheet(3, table(SECOND))),
        (sheet(1, table(FIRST)), sheet(2, grid([["a", "b"], ["1", "2"]], widths=[600, 600]))),
        (sheet(1, table(FIRST)), sheet(2, table(SECOND, widths=[400, 500, 300]))),
        (sheet(1, table(FIRST)), sheet(2, table(SECOND, left=400))),
        (sheet(1, table(FIRST)), sheet(2, table(SECOND, ["Day", "Customer", "Weight"]))),
    ],
    ids=["paragraph below", "caption above", "numbered captions", "page missing", "page between",
         "column count", "column widths", "place", "header"],
)  # fmt: skip
def test_what_is_not_one_table_stays_apart(pages: tuple[Page, ...]) -> None:
    content = document(*pages)
    assert join_continued(content) == content


def test_pages_of_different_resolution_and_place_in_the_scanner_are_compared_on_paper() -> None:
    first, second = sheet(1, table(FIRST, None)), sheet(2, shifted(table(SECOND, None), 40))
    joined = join_continued(document(first, resized(second, 1.5)))
    assert joined.pages[0].tables[0].rows == 4


def test_pages_scanned_upside_down_are_compared_as_they_are_read() -> None:
    def turned(original: Page) -> Page:
        (found,) = original.tables

        def around(polygon: Polygon) -> Polygon:
            return polygon.map(lambda p: (original.width - p[0], original.height - p[1]))

        cells = tuple(replace(cell, polygon=around(cell.polygon)) for cell in found.cells)
        new = replace(found, cells=cells, polygon=around(found.polygon))
        return replace(original, items=(new,))

    content = document(sheet(1, table(FIRST)), turned(sheet(2, table(SECOND))))
    assert rows_of(join_continued(content).pages[0].tables[0]) == [HEAD, *FIRST, *SECOND]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables(texts()))
def test_any_table_and_itself_lose_nothing_but_a_header(one: Table) -> None:
    joined = join_continued(document(page([one], 1), page([one], 2)))
    assume(len(joined.pages) == 1)
    (found,) = joined.pages[0].tables
    dropped = 2 * one.rows - found.rows
    assert 0 <= dropped < one.rows
    mine = [cell for cell in found.cells if cell.page == 2]
    assert [(c.row - one.rows + dropped, c.column, c.row_span, c.text) for c in mine] == [
        (c.row, c.column, c.row_span, c.text) for c in one.cells if c.row >= dropped
    ]


def statement() -> Document:
    return document(sheet(1, table(FIRST)), sheet(2, table(SECOND)), sheet(3, table(THIRD)))


def test_a_joined_table_is_one_sheet_that_names_its_pages() -> None:
    book = load_workbook(BytesIO(render(join_continued(statement()), "xlsx")))
    assert book.sheetnames == ["Table 1 (p. 1-3)", "Text"]
    values = [cell.value for cell in book["Table 1 (p. 1-3)"]["C"]]
    assert values == ["Amount", 1250, 3480.17, 96.4, 0.12, 41.03]


def test_a_joined_table_is_one_table_in_word() -> None:
    word = docx.Document(BytesIO(render(join_continued(statement()), "docx")))
    (found,) = word.tables
    assert len(found.rows) == 6
