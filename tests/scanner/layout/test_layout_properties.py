"""What holds for any page, however its lines lie."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.layout import arrange
from table_restore.document import Block, Item, Line
from table_restore.geometry import Box
from tests.scanner.layout_pages import (
    HEIGHT,
    WIDTH,
    column_of_text,
    line,
    moved,
    words_of,
    words_read,
)

TEXTS = st.sampled_from(
    [
        "Name:",
        "12. Address",
        "a few words of text",
        "goes on, and on",
        "1,234.56",
        "7",
        "- 3 -",
        "日本語の文章",
        "TITLE",
    ]
)


@st.composite
def scattered(draw: st.DrawFn) -> list[Line]:
    """Lines anywhere, also on top of each other."""
    count = draw(st.integers(1, 25))
    coordinate = st.integers(0, 1000)
    return [
        line(draw(TEXTS), draw(coordinate), draw(coordinate), draw(st.integers(8, 60)))
        for _ in range(count)
    ]


@st.composite
def pages(draw: st.DrawFn) -> list[Line]:
    """Columns of text and rows of cells, one below the other."""
    lines: list[Line] = []
    y = 60.0
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["one", "two", "rows"]))
        count = draw(st.integers(3, 10))
        seed = draw(st.integers(0, 50))
        if kind == "one":
            lines += column_of_text(seed, 100, y, 1000, count)
        elif kind == "two":
            lines += column_of_text(seed, 100, y, 470, count)
            lines += column_of_text(seed + 1, 620, y + draw(st.integers(0, 15)), 470, count)
        else:
            for i in range(count):
                lines += [line(f"Part no {i}", 100, y + i * 30), line(f"{i}.50", 700, y + i * 30)]
        y = max(each.polygon.box.bottom for each in lines) + 50
    return lines


def outline(items: tuple[Item, ...]) -> list[tuple[str, list[str]]]:
    blocks = [item for item in items if isinstance(item, Block)]
    return [(block.kind.value, [each.text for each in block.lines]) for block in blocks]


@settings(deadline=None, max_examples=20)
@given(scattered())
def test_every_word_comes_back_once(lines: list[Line]) -> None:
    items = arrange(lines, [], WIDTH, HEIGHT)
    assert Counter(words_read(items)) == Counter(words_of(lines))


@settings(deadline=None, max_examples=20)
@given(scattered())
def test_a_line_is_returned_as_it_was_or_joined_to_others(lines: list[Line]) -> None:
    words = {id(word): each for each in lines for word in each.words}
    for item in arrange(lines, [], WIDTH, HEIGHT):
        assert isinstance(item, Block)
        for each in item.lines:
            sources = {id(words[id(word)]): words[id(word)] for word in each.words}
            assert words_of([*sources.values()]) == words_of([each])
            if len(sources) == 1:
                assert each in lines


@settings(deadline=None, max_examples=20)
@given(pages(), st.integers(0, 1000))
def test_the_order_in_which_lines_are_given_does_not_matter(lines: list[Line], seed: int) -> None:
    shuffled = random.Random(seed).sample(lines, len(lines))
    assert arrange(shuffled, [], WIDTH, HEIGHT) == arrange(lines, [], WIDTH, HEIGHT)


@settings(deadline=None, max_examples=20)
@given(pages(), st.sampled_from([0.25, 0.5, 2.0, 4.0]))
def test_a_page_scanned_at_another_resolution_reads_the_same(
    lines: list[Line], scale: float
) -> None:
    other = moved(lines, scale, 0, 0)
    size = round(WIDTH * scale), round(HEIGHT * scale)
    assert outline(arrange(other, [], *size)) == outline(arrange(lines, [], WIDTH, HEIGHT))


@settings(deadline=None, max_examples=20)
@given(pages(), st.integers(-40, 400))
def test_text_further_to_the_right_reads_the_same(lines: list[Line], dx: int) -> None:
    other = moved(lines, 1, dx, 0)
    assert outline(arrange(other, [], WIDTH, HEIGHT)) == outline(arrange(lines, [], WIDTH, HEIGHT))


@settings(deadline=None, max_examples=20)
@given(scattered())
def test_a_block_covers_its_lines(lines: list[Line]) -> None:
    for item in arrange(lines, [], WIDTH, HEIGHT):
        assert isinstance(item, Block)
        inside = Box.around(each.polygon.box for each in item.lines)
        outside = item.polygon.box.grow(0.5)
        assert outside.left <= inside.left
        assert outside.right >= inside.right
        assert outside.top <= inside.top
        assert outside.bottom >= inside.bottom
