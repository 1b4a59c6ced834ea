"""Which lines share a block, and what the block is."""

from __future__ import annotations

from scanner.layout import arrange
from table_restore.document import Block, BlockKind, Item, Line, Word
from table_restore.geometry import Box
from tests.scanner.layout_pages import HEIGHT, PITCH, WIDTH, column_of_text, line, stack, words_of


def blocks_of(lines: list[Line]) -> list[Block]:
    return [item for item in arrange(lines, [], WIDTH, HEIGHT) if isinstance(item, Block)]


def sizes(items: list[Block]) -> list[int]:
    return [len(item.lines) for item in items]


def texts(item: Item) -> list[str]:
    assert isinstance(item, Block)
    return [each.text for each in item.lines]


def test_paragraphs_parted_by_white() -> None:
    lines = column_of_text(1, 100, 200, 900, 5) + column_of_text(2, 100, 200 + 6 * PITCH, 900, 4)
    assert sizes(blocks_of(lines)) == [5, 4]


def test_paragraphs_that_begin_with_an_indent() -> None:
    lines = []
    for i in range(3):
        paragraph = column_of_text(i, 100, 200 + 4 * i * PITCH, 900, 4)
        first = paragraph[0].words
        text = " ".join(word.text for word in first[:-1])
        lines += [line(text, 140, paragraph[0].polygon.box.top), *paragraph[1:]]
    assert sizes(blocks_of(lines)) == [4, 4, 4]


def test_references_whose_lines_hang_are_paragraphs() -> None:
    lines = []
    for i in range(3):
        first, *others = column_of_text(i, 100, 200 + 4 * i * PITCH, 900, 3)
        lines.append(first)
        for row in others:
            text = " ".join(word.text for word in row.words[:-1])
            lines.append(line(text, 160, row.polygon.box.top))
    assert sizes(blocks_of(lines)) == [3, 3, 3]


def test_a_raised_number_that_heightens_a_row_ends_no_paragraph() -> None:
    lines = column_of_text(1, 100, 200, 900, 6)
    box = lines[2].polygon.box
    high = Box(box.left, box.top - 14, box.right, box.bottom).polygon()
    lines[2] = Line(lines[2].words, high)
    assert sizes(blocks_of(lines)) == [6]


def test_a_paragraph_ends_with_its_short_last_line() -> None:
    lines = column_of_text(1, 100, 200, 900, 4)
    lines.append(line("the end.", 100, 200 + 4 * PITCH))
    lines += column_of_text(2, 100, 200 + 5 * PITCH, 900, 4)
    assert sizes(blocks_of(lines)) == [5, 4]


def test_lines_of_an_address_stay_lines() -> None:
    address = stack(["Ada Miller", "12 Long Lane, Building B", "Springfield 12345"], 100, 200)
    letter = column_of_text(1, 100, 400, 900, 6)
    assert sizes(blocks_of(address + letter)) == [1, 1, 1, 6]


def test_a_sender_whose_lines_are_of_like_length_stays_lines() -> None:
    sender = stack(
        ["The Binders of Long Lane", "Books bound since 1870", "Tell us of yours"], 600, 200
    )
    letter = column_of_text(1, 100, 400, 900, 6)
    assert sizes(blocks_of(sender + letter)) == [1, 1, 1, 6]


def test_chinese_items_stay_apart() -> None:
    items = stack(["一、" + "本" * 30, "二、" + "设" * 31, "三、" + "超" * 30], 100, 200)
    assert sizes(blocks_of(items)) == [1, 1, 1]


def test_items_of_a_list_stay_apart_and_keep_their_second_lines() -> None:
    text = column_of_text(1, 130, 200, 870, 4)
    lines = []
    for i in range(2):
        lines += [line(f"{i + 1}. {text[2 * i].text}", 100, 200 + 2 * i * PITCH)]
        lines += [line("and the rest of it", 130, 200 + (2 * i + 1) * PITCH)]
    assert sizes(blocks_of(lines)) == [2, 2]


def test_short_items_are_blocks_of_their_own() -> None:
    items = stack(["- bread", "- butter and milk", "- eggs"], 140, 500)
    assert sizes(blocks_of(column_of_text(1, 100, 200, 900, 6) + items))[1:] == [1, 1, 1]


def test_numbered_lines_of_a_deposition_stay_lines() -> None:
    text = column_of_text(1, 150, 200, 850, 8)
    lines = [line(f"{i + 1} {each.text}", 126, 200 + i * PITCH) for i, each in enumerate(text)]
    assert sizes(blocks_of(lines)) == [1] * 8


def test_rows_of_a_form_are_blocks_of_their_own() -> None:
    rows = []
    for i, (label, value) in enumerate([("Name:", "Ada Miller"), ("City:", "Springfield")]):
        rows += [line(label, 100, 200 + i * PITCH), line(value, 400, 200 + i * PITCH)]
    found = blocks_of(rows)
    assert [texts(block) for block in found] == [["Name:", "Ada Miller"], ["City:", "Springfield"]]


def test_pieces_of_one_line_are_joined() -> None:
    whole = column_of_text(1, 100, 200, 900, 3)
    words = whole[1].words
    parts = [
        Line(part, Box.around(word.polygon.box for word in part).polygon())
        for part in (words[:4], words[4:])
    ]
    (block,) = blocks_of([whole[2], parts[1], whole[0], parts[0]])
    assert texts(block) == [each.text for each in whole]
    assert block.lines[1].polygon.box == whole[1].polygon.box


def test_a_chinese_paragraph_whose_lines_have_no_blanks() -> None:
    lines = stack(["汉" * 40, "字" * 40, "文" * 12], 100, 200)
    below = stack(["另" * 40, "段" * 20], 100, 200 + 5 * PITCH)
    assert sizes(blocks_of(lines + below)) == [3, 2]


def test_a_large_line_is_a_heading() -> None:
    found = blocks_of([line("Some heading", 100, 200, 34), *column_of_text(1, 100, 270, 900, 6)])
    assert [block.kind for block in found] == [BlockKind.HEADING, BlockKind.PARAGRAPH]


def test_a_numbered_line_of_its_own_is_a_heading() -> None:
    lines = column_of_text(1, 100, 200, 900, 4)
    lines += [line("2.1 Methods and means", 100, 200 + 5 * PITCH)]
    lines += column_of_text(2, 100, 200 + 7 * PITCH, 900, 4)
    kinds = [block.kind for block in blocks_of(lines)]
    assert kinds == [BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.PARAGRAPH]


def test_a_numbered_line_close_above_its_paragraph_is_a_heading() -> None:
    lines = column_of_text(1, 100, 200, 900, 4)
    lines += [line("3. Results", 100, 200 + 5.2 * PITCH)]
    lines += column_of_text(2, 100, 200 + 6.3 * PITCH, 900, 4)
    kinds = [block.kind for block in blocks_of(lines)]
    assert kinds == [BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.PARAGRAPH]


def test_a_numbered_title_on_top_is_no_running_head() -> None:
    lines = [line("4.2 The clocks of the town", 100, 60), *column_of_text(1, 100, 140, 1000, 40)]
    assert blocks_of(lines)[0].kind is BlockKind.HEADING


def test_a_last_line_of_low_letters_belongs_to_its_paragraph() -> None:
    lines = column_of_text(1, 100, 200, 900, 6)
    widest = max(each.polygon.box.right for each in lines)
    lines[5] = line(lines[5].text + " in a", 100, 200 + 5 * PITCH)
    assert widest - lines[5].polygon.box.right < 80
    low = Box(100, 200 + 6 * PITCH + 9, 180, 200 + 6 * PITCH + 20).polygon()
    lines.append(Line((Word("cocoon.", low, 0.9),), low))
    assert sizes(blocks_of(lines)) == [7]


def test_capitals_are_a_heading_only_where_the_text_has_none() -> None:
    heading = [line("THE LAST WILL", 400, 100)]
    assert blocks_of(heading + column_of_text(1, 100, 160, 900, 5))[0].kind is BlockKind.HEADING
    body = stack([each.text.upper() for each in column_of_text(1, 100, 0, 900, 5)], 100, 160)
    assert blocks_of(heading + body)[0].kind is BlockKind.PARAGRAPH


def test_running_head_and_page_number() -> None:
    lines = [line("A History of Clocks", 100, 60), line("117", 1060, 60)]
    lines += column_of_text(1, 100, 160, 1000, 40)
    lines += [line("Draft of the second edition", 400, 1500)]
    found = blocks_of(lines[::-1])
    assert [(block.kind, texts(block)[0]) for block in (found[0], found[1], found[-1])] == [
        (BlockKind.HEADER, "A History of Clocks"),
        (BlockKind.PAGE_NUMBER, "117"),
        (BlockKind.FOOTER, "Draft of the second edition"),
    ]


def test_an_address_under_a_large_name_is_no_running_head() -> None:
    lines = [line("Joiners of Thorn", 100, 50, size=40), line("4 Lark Road, Thorn", 100, 96)]
    lines += column_of_text(1, 100, 300, 1000, 30)
    found = blocks_of(lines[::-1])
    assert texts(found[0]) == ["Joiners of Thorn"]
    assert texts(found[1]) == ["4 Lark Road, Thorn"]
    assert found[1].kind is not BlockKind.HEADER


def test_a_page_number_below_the_text() -> None:
    lines = [*column_of_text(1, 100, 160, 1000, 40), line("- 12 -", 560, 1500)]
    assert blocks_of(lines)[-1].kind is BlockKind.PAGE_NUMBER


def test_the_last_line_of_the_text_is_no_footer() -> None:
    lines = column_of_text(1, 100, 160, 1000, 46)
    assert {block.kind for block in blocks_of(lines)} == {BlockKind.PARAGRAPH}
    assert words_of([each for block in blocks_of(lines) for each in block.lines]) == words_of(lines)
