from __future__ import annotations

from xml.etree import ElementTree

import numpy as np

from table_restore import overlay
from table_restore.document import Block, BlockKind, Cell, Line, Page, Table, Word
from table_restore.geometry import Box

SVG = "{http://www.w3.org/2000/svg}"


def line(text: str, box: Box, confidence: float = 1.0) -> Line:
    return Line((Word(text, box.polygon(), confidence),), box.polygon())


def page() -> Page:
    heading = Box(20, 60, 180, 80)
    cells = tuple(
        Cell(
            0,
            column,
            Box(20 + 80 * column, 120, 100 + 80 * column, 160).polygon(),
            (line("a", Box(30 + 80 * column, 130, 50 + 80 * column, 150), 0.5 + column / 2),),
        )
        for column in range(2)
    )
    return Page(
        number=1,
        width=200,
        height=200,
        dpi=None,
        items=(
            Block(BlockKind.HEADING, (line("<b> & \x07", heading),), heading.grow(4).polygon()),
            Table(1, 2, cells, Box(20, 120, 180, 160).polygon()),
        ),
    )


def test_overlay_draws_each_kind_in_its_colour_and_leaves_the_scan_alone() -> None:
    blank = np.full((200, 200, 3), 255, np.uint8)
    drawn = overlay.draw_overlay(blank, page())
    assert (blank == 255).all()
    assert tuple(drawn[60, 100]) == overlay.WORD
    assert tuple(drawn[84, 100]) == overlay.BLOCK
    assert tuple(drawn[140, 100]) == overlay.CELL
    assert tuple(drawn[160, 60]) == overlay.TABLE
    assert tuple(drawn[140, 30]) == overlay.UNCERTAIN
    assert tuple(drawn[140, 110]) == overlay.WORD
    assert tuple(drawn[190, 100]) == (255, 255, 255)


def test_overlay_of_shapes_beyond_the_picture_is_cut_off() -> None:
    small = np.full((50, 50, 3), 255, np.uint8)
    assert overlay.draw_overlay(small, page()).shape == (50, 50, 3)


def test_notebook_picture_is_valid_svg_with_the_text_as_text() -> None:
    root = ElementTree.fromstring(page()._repr_svg_())
    assert root.get("viewBox") == "0 0 200 200"
    assert [text.text for text in root.iter(f"{SVG}text")] == ["<b> & \ufffd", "a", "a"]
    kinds = [polygon.get("class") for polygon in root.iter(f"{SVG}polygon")]
    assert kinds == ["block", "cell", "cell", "table"]


def test_notebook_text_is_turned_with_its_line() -> None:
    # Text that runs upwards: its first edge goes from the bottom to the top.
    upright = Box(10, 10, 30, 110)
    turned = upright.polygon().points[-1:] + upright.polygon().points[:-1]
    word = Word("up", type(upright.polygon())(turned), 1.0)
    block = Block(BlockKind.PARAGRAPH, (Line((word,), word.polygon),), word.polygon)
    svg = Page(1, 200, 200, None, (block,))._repr_svg_()
    text = next(ElementTree.fromstring(svg).iter(f"{SVG}text"))
    assert text.get("transform") == "translate(10.0 110.0) rotate(-90.00)"
    assert text.get("textLength") == "100.0"
