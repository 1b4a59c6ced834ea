"""Where blocks stand on the paper: indents, hanging lines, middles, pieces of a row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from table_restore.document import Alignment, Block, BlockKind, Line, Page
from table_restore.export.placing import Place, place_items
from table_restore.geometry import Box
from tests.factories.documents import line

SIZE = 30.0


def text_line(left: float, top: float, right: float, text: str = "some words of a line") -> Line:
    made = line(text, left, top)
    return replace(made, polygon=Box(left, top, right, top + SIZE).polygon())


def paragraph(*edges: tuple[float, float, float]) -> Block:
    lines = tuple(text_line(*edge) for edge in edges)
    outline = Box.around(one.polygon.box for one in lines).polygon()
    return Block(BlockKind.PARAGRAPH, lines, outline)


BODY = paragraph((100, 500, 900), (100, 540, 890), (100, 580, 700))


def places(*blocks: Block) -> tuple[Place, ...]:
    return place_items(Page(1, 1000, 1400, 100.0, blocks), SIZE)


def test_a_paragraph_at_the_edge_has_no_indent() -> None:
    (only,) = places(BODY)
    assert only == Place(above=None, pitch=40.0)


@pytest.mark.parametrize(
    ("edges", "left", "first"),
    [
        ([(160, 700, 890), (100, 740, 880), (100, 780, 400)], 0, 60),  # set in
        ([(100, 700, 890), (160, 740, 880), (160, 780, 400)], 60, -60),  # hangs
        ([(180, 700, 890), (180, 740, 880), (180, 780, 400)], 80, 0),  # a quotation
        ([(110, 700, 890), (100, 740, 880)], 0, 0),  # the scan's own unevenness
    ],
)
def test_indents_are_those_of_the_paper(
    edges: list[tuple[float, float, float]], left: float, first: float
) -> None:
    found = places(BODY, paragraph(*edges))[1]
    assert (found.alignment, found.left, found.first) == (Alignment.LEFT, left, first)


@pytest.mark.parametrize(
    ("edge", "alignment"),
    [
        ((350, 900, 650), Alignment.CENTER),
        ((700, 900, 895), Alignment.RIGHT),
        ((500, 900, 720), Alignment.LEFT),
    ],
)
def test_a_line_stands_where_it_stood(
    edge: tuple[float, float, float], alignment: Alignment
) -> None:
    assert places(BODY, paragraph(edge))[1].alignment is alignment


def test_a_line_in_the_middle_by_chance_stands_at_its_neighbours_indent() -> None:
    item = paragraph((300, 700, 500))
    by_chance = paragraph((300, 740, 700))
    assert [p.alignment for p in places(BODY, item, by_chance)] == [Alignment.LEFT] * 3


def test_the_lines_of_a_title_are_centred_on_one_another() -> None:
    (title,) = places(paragraph((100, 100, 900), (300, 140, 700)))
    assert title.alignment is Alignment.CENTER


def test_the_pieces_of_a_row_begin_where_they_stood() -> None:
    row = paragraph((150, 700, 250), (400, 702, 500), (800, 699, 880))
    found = places(BODY, row)[1]
    assert (found.left, found.stops) == (50, (300, 700))


def test_white_above_is_what_lines_of_text_do_not_leave_anyway() -> None:
    near, far = paragraph((100, 619, 900)), paragraph((100, 749, 900))
    assert [p.above for p in places(BODY, near, far)] == [None, 0.0, 100 - 0.3 * SIZE]


def test_the_second_column_has_its_own_edge() -> None:
    left = [paragraph((100, y, 480)) for y in (100, 200, 300, 400)]
    right = [paragraph((540, y, 900)) for y in (100, 200, 300)]
    inset = paragraph((600, 400, 900), (600, 440, 880))
    found = places(*left, *right, inset)
    assert [p.left for p in found] == [0] * 7 + [60]
    assert found[4].above is None


def test_a_page_scanned_sideways_measures_alike() -> None:
    blocks = BODY, paragraph((160, 700, 890), (100, 740, 880))

    def turn(block: Block) -> Block:
        lines = tuple(
            replace(one, polygon=one.polygon.map(lambda p: (1400 - p[1], p[0])))
            for one in block.lines
        )
        return replace(block, lines=lines)

    sideways = Page(1, 1400, 1000, 100.0, tuple(turn(block) for block in blocks))
    assert place_items(sideways, SIZE) == places(*blocks)
