from __future__ import annotations

from dataclasses import replace

import pytest

from table_restore.document import BlockKind
from table_restore.export.paragraphs import column_edge, join_lines
from tests.factories.documents import block


def joined(*texts: str) -> str:
    return join_lines(block(BlockKind.PARAGRAPH, texts).lines)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["a line of words", "and another one"], "a line of words and another one"),
        (["they give infor-", "mation about it"], "they give information about it"),
        (["they give infor\u00ad", "mation about it"], "they give information about it"),
        (["this is state-", "of-the-art work"], "this is state-of-the-art work"),
        (["this is state-of-", "the-art work"], "this is state-of-the-art work"),
        (["the Anglo-", "Saxon kings"], "the Anglo-Saxon kings"),
        (["the years 2019-", "2021 were so"], "the years 2019-2021 were so"),
        (["Ein- und Aus-", "gang"], "Ein- und Ausgang"),
        (["der Nord-", "und Ostsee"], "der Nord- und Ostsee"),
        (["a dash -", "so it stays"], "a dash - so it stays"),
        (["公司有权解除劳动合", "同。"], "公司有权解除劳动合同。"),
        (["中文 and English", "words mixed"], "中文 and English words mixed"),
        (["only one"], "only one"),
        (["• the first thing", "• the second thing"], "• the first thing\n• the second thing"),
        (
            ["1. Do this and that.", "2. Then do more here."],
            "1. Do this and that.\n2. Then do more here.",
        ),
        (["on the day of the", "12. March it was done"], "on the day of the 12. March it was done"),
        (["一、本表一式两份。", "二、设备如有损坏"], "一、本表一式两份。\n二、设备如有损坏"),
    ],
)
def test_lines_become_running_text(texts: list[str], expected: str) -> None:
    assert joined(*texts) == expected


def test_a_line_that_ends_early_ends_on_purpose() -> None:
    assert joined(
        "the first of the lines is long enough",
        "as is the second, which goes on for so",
        "long; then it ends.",
        "A new thought begins here and goes on",
        "to its own end.",
    ) == (
        "the first of the lines is long enough as is the second, which goes on for so long; "
        "then it ends.\nA new thought begins here and goes on to its own end."
    )


def test_the_lines_of_an_address_stay_apart() -> None:
    address = ["Ms Ada Quill", "12 Harbour Street", "Port Ellen"]
    assert joined(*address) == "\n".join(address)


def test_short_blocks_are_measured_by_the_column_they_stand_in() -> None:
    address = block(BlockKind.PARAGRAPH, ["12 Harbour Street", "Port Ellen"])
    body = block(BlockKind.PARAGRAPH, ["a paragraph as wide as the paper has room for it"])
    elsewhere = block(BlockKind.PARAGRAPH, ["as wide as the rest of the paper has room"], 900)
    assert join_lines(address.lines, column_edge(address, [address, elsewhere])) == (
        "12 Harbour Street Port Ellen"
    )
    assert join_lines(address.lines, column_edge(address, [address, body])) == (
        "12 Harbour Street\nPort Ellen"
    )


def test_lines_that_run_up_the_page_are_joined_alike() -> None:
    upright = block(BlockKind.PARAGRAPH, ["they give infor-", "mation and other", "facts"])
    turned = [
        replace(line, polygon=line.polygon.map(lambda p: (p[1], -p[0]))) for line in upright.lines
    ]
    assert join_lines(turned) == join_lines(upright.lines)


def test_no_lines_make_no_text() -> None:
    assert join_lines([]) == ""
