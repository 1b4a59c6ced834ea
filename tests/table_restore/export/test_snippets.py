"""Pictures of doubtful cells: what they show, and that they stand beside their entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO

import cv2
import numpy as np
import numpy.typing as npt
from openpyxl import load_workbook
from openpyxl.drawing.image import Image

from table_restore.continued import join_continued
from table_restore.document import BlockKind, Cell, Page, Table
from table_restore.export import Snippet, cut_snippets, render
from table_restore.geometry import Box, Polygon
from tests.factories.documents import (
    PAGE_HEIGHT,
    PAGE_WIDTH,
    block,
    cell,
    document,
    grid,
    line,
    page,
)

Pixels = npt.NDArray[np.uint8]
COLOURS = ((250, 20, 20), (20, 180, 40), (30, 60, 240), (200, 30, 200))


def doubtful_table(*names: str, conf: float = 0.5, top: float = 400) -> Table:
    """A table of one row whose cells were all read badly."""
    plain = grid([names], header_rows=0, top=top)
    cells = [cell(0, n, one.text, one.polygon.box, conf=conf) for n, one in enumerate(plain.cells)]
    return replace(plain, cells=tuple(cells))


def painted(cells: Sequence[Cell]) -> Pixels:
    """A white page on which every cell has a colour of its own."""
    pixels = np.full((PAGE_HEIGHT, PAGE_WIDTH, 3), 255, np.uint8)
    for one, colour in zip(cells, COLOURS, strict=False):
        box = one.polygon.box
        pixels[round(box.top) : round(box.bottom), round(box.left) : round(box.right)] = colour
    return pixels


def decoded(snippet: Snippet) -> Pixels:
    """The picture as RGB; it is as large as the snippet says."""
    picture = cv2.imdecode(np.frombuffer(snippet.png, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.shape == (snippet.height, snippet.width, 3)
    return np.asarray(picture[:, :, ::-1], np.uint8)


def in_the_middle(picture: Pixels) -> tuple[int, ...]:
    return tuple(int(v) for v in picture[picture.shape[0] // 2, picture.shape[1] // 2])


def test_each_doubtful_cell_is_cut_with_a_margin() -> None:
    table = doubtful_table("abc", "def")
    found = cut_snippets(painted(table.cells), page([table], number=3), most=9)
    assert list(found) == [(3, one.polygon) for one in table.cells]
    for (_, outline), colour in zip(found, COLOURS, strict=False):
        picture = decoded(found[3, outline])
        assert in_the_middle(picture) == colour
        assert outline.box.width < picture.shape[1] < outline.box.width + 48
        assert tuple(picture[0, picture.shape[1] // 2]) == (255, 255, 255)


def test_lines_of_text_are_cut_too_and_certain_ones_are_not() -> None:
    sure, unsure = doubtful_table("sure", conf=0.99), block(BlockKind.PARAGRAPH, ["x"], conf=0.2)
    one = page([unsure, sure])
    assert list(cut_snippets(painted(()), one, most=9)) == [(1, unsure.lines[0].polygon)]


def test_no_more_are_cut_than_asked_for() -> None:
    table = doubtful_table("a", "b", "c")
    assert len(cut_snippets(painted(()), page([table]), most=2)) == 2
    assert cut_snippets(painted(()), page([table]), most=0) == {}


def test_a_large_cell_is_shown_around_its_doubtful_word_and_not_larger_than_fits() -> None:
    box = Box(50, 50, 1600, 2200)
    words = line("word", 1300, 1900, height=100, conf=0.3)
    large = Cell(0, 0, box.polygon(), (words,))
    table = Table(1, 1, (large,), box.polygon())
    pixels = painted(())
    ink = words.polygon.box
    pixels[round(ink.top) : round(ink.bottom), round(ink.left) : round(ink.right)] = 0
    (snippet,) = cut_snippets(pixels, page([table]), most=9).values()
    picture = decoded(snippet)
    assert picture.shape[0] <= 400
    assert picture.shape[1] <= 600
    share = (picture < 128).mean() / (ink.area / (box.width * box.height))
    assert share > 1.5
    # All the ink is there: none of it lies at the picture's edge.
    edge = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    assert (edge > 128).all()


def test_text_that_runs_down_the_scan_is_shown_upright() -> None:
    """The first edge of a word's outline runs along its top: here downwards, letters turned."""
    turned = Polygon(((240, 300), (240, 420), (200, 420), (200, 300)))
    word = replace(line("ab").words[0], polygon=turned, confidence=0.1)
    text = replace(line("ab"), words=(word,), polygon=turned)
    pixels = painted(())
    pixels[300:360, 200:240] = COLOURS[0]  # the first letter
    pixels[360:420, 200:240] = COLOURS[1]
    item = replace(block(BlockKind.PARAGRAPH, ["ab"]), lines=(text,))
    (snippet,) = cut_snippets(pixels, page([item]), most=9).values()
    picture = decoded(snippet)
    assert picture.shape[1] > picture.shape[0]
    middle = picture[picture.shape[0] // 2]
    assert tuple(middle[picture.shape[1] // 3]) == COLOURS[0]
    assert tuple(middle[2 * picture.shape[1] // 3]) == COLOURS[1]


def test_outlines_beyond_the_page_do_no_harm() -> None:
    table = doubtful_table("a", top=PAGE_HEIGHT + 500)
    (snippet,) = cut_snippets(painted(()), page([table]), most=9).values()
    assert min(decoded(snippet).shape[:2]) >= 1


def pictures_of(one: Page) -> dict[tuple[int, Polygon], Snippet]:
    return cut_snippets(painted(one.tables[0].cells), one, most=9)


def review_pictures(data: bytes) -> dict[str, tuple[int, ...]]:
    """The colour of the picture beside each entry of the review, by the entry's text."""
    sheet = load_workbook(BytesIO(data))["Review"]
    assert [one.value for one in sheet[1]][4:] == ["Picture", "Text"]
    found = {}
    images: list[Image] = sheet._images  # type: ignore[attr-defined]
    for image in images:
        start, end = image.anchor._from, image.anchor.to
        # Within its row and column.
        assert start.row == end.row
        assert (start.col, end.col) == (4, 4)
        data = np.frombuffer(image._data(), np.uint8)
        picture = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[:, :, ::-1], np.uint8)
        height = sheet.row_dimensions[start.row + 1].height
        assert height * 4 / 3 > min(picture.shape[0], 120)
        found[str(sheet.cell(start.row + 1, 6).value)] = in_the_middle(picture)
    return found


def test_the_review_has_the_picture_beside_each_entry() -> None:
    table = doubtful_table("abc", "def", "ghi")
    text = block(BlockKind.PARAGRAPH, ["sure enough"])
    one = page([text, table])
    data = render(document(one), "xlsx", pictures_of(one))
    assert review_pictures(data) == dict(zip(["abc", "def", "ghi"], COLOURS, strict=False))
    assert data == render(document(one), "xlsx", pictures_of(one))


def test_entries_without_a_picture_are_listed_all_the_same() -> None:
    table = doubtful_table("abc", "def")
    one = page([table])
    only = dict(list(pictures_of(one).items())[1:])
    data = render(document(one), "xlsx", only)
    assert review_pictures(data) == {"def": COLOURS[1]}
    sheet = load_workbook(BytesIO(data))["Review"]
    assert [row[5].value for row in sheet.iter_rows(min_row=2)] == ["abc", "def"]


def test_a_high_entry_shows_all_its_lines() -> None:
    table = doubtful_table("a\nb\nc\nd\ne\nf\ng\nh")
    data = render(document(page([table])), "xlsx", pictures_of(page([table])))
    assert load_workbook(BytesIO(data))["Review"].row_dimensions[2].height >= 8 * 15


def test_cells_of_a_joined_table_have_the_pictures_of_their_own_page() -> None:
    first, second = page([doubtful_table("abc")], 1), page([doubtful_table("def")], 2)
    (place, snippet), (other_place, other) = (
        *pictures_of(first).items(),
        *cut_snippets(np.full((PAGE_HEIGHT, PAGE_WIDTH, 3), 77, np.uint8), second, 9).items(),
    )
    joined = join_continued(document(first, second))
    assert len(joined.pages) == 1
    data = render(joined, "xlsx", {place: snippet, other_place: other})
    assert review_pictures(data) == {"abc": COLOURS[0], "def": (77, 77, 77)}
    sheet = load_workbook(BytesIO(data))["Review"]
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == [1, 2]
