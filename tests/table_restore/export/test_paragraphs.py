from __future__ import annotations

import pytest

from table_restore.document import BlockKind
from table_restore.export.paragraphs import join_lines
from tests.factories.documents import block


def joined(*texts: str) -> str:
    return join_lines(block(BlockKind.PARAGRAPH, texts).lines)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["a line of words", "and another one"], "a line of words and another one"),
        (["they give infor-", "mation about it"], "they give information about it"),
        (["they give infor\u00ad", "mation about it"], "they give information about it"),
        (["the Anglo-", "Saxon kings"], "the Anglo-Saxon kings"),
        (["the years 2019-", "2021 were so"], "the years 2019-2021 were so"),
        (["Ein- und Aus-", "gang"], "Ein- und Ausgang"),
        (["der Nord-", "und Ostsee"], "der Nord- und Ostsee"),
        (["a dash -", "so it stays"], "a dash - so it stays"),
        (["公司有权解除劳动合", "同。"], "公司有权解除劳动合同。"),
        (["中文 and English", "words mixed"], "中文 and English words mixed"),
        (["only one"], "only one"),
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


def test_no_lines_make_no_text() -> None:
    assert join_lines([]) == ""
