"""The order in which kinds of pages are read, each drawn small."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from scanner.layout import arrange
from table_restore.document import Cell, Line, Table, Word
from table_restore.geometry import Box, Polygon
from tests.scanner.layout_pages import (
    HEIGHT,
    PITCH,
    WIDTH,
    column_of_text,
    line,
    stack,
    words_of,
    words_read,
)


def check(*parts: list[Line], rules: Sequence[Box] = ()) -> None:
    """The parts, given in the order in which a person reads them, are read in that order."""
    lines = [each for part in parts for each in part]
    expected = words_of(lines)
    drawn = [rule.polygon() for rule in rules]
    assert words_read(arrange(lines[::-1], [], WIDTH, HEIGHT, drawn)) == expected


def test_two_columns_below_a_spanning_title() -> None:
    check(
        [line("A title over both of the columns of the page", 200, 100, 30)],
        column_of_text(1, 100, 200, 480, 20),
        column_of_text(2, 620, 200, 480, 18),
    )


def test_two_columns_whose_lines_do_not_stand_level() -> None:
    check(column_of_text(1, 100, 200, 480, 20), column_of_text(2, 620, 213, 480, 20))


def test_a_spanning_headline_parts_two_stories() -> None:
    check(
        column_of_text(1, 100, 100, 480, 10),
        column_of_text(2, 620, 100, 480, 10),
        [line("The second story has a headline as wide as the page", 100, 440, 38)],
        column_of_text(3, 100, 520, 480, 10),
        column_of_text(4, 620, 520, 480, 10),
    )


def test_three_narrow_newspaper_columns() -> None:
    check(
        column_of_text(1, 60, 100, 340, 30),
        column_of_text(2, 424, 100, 340, 30),
        column_of_text(3, 788, 100, 340, 24),
    )


def test_lines_that_were_taken_for_one_across_the_gutter() -> None:
    left, right = column_of_text(1, 100, 100, 480, 20), column_of_text(2, 640, 100, 480, 20)
    merged = Line(
        left[7].words + right[7].words,
        left[7].polygon.box.union(right[7].polygon.box).polygon(),
    )
    lines = [*left[:7], *left[8:], *right[:7], *right[8:], merged]
    assert words_read(arrange(lines, [], WIDTH, HEIGHT)) == words_of([*left, *right])


def test_a_headline_over_two_of_three_columns() -> None:
    check(
        column_of_text(1, 60, 100, 340, 40),
        [line("A headline over two columns", 424, 100, 44)],
        column_of_text(2, 424, 180, 340, 30),
        column_of_text(3, 788, 180, 340, 30),
    )


def test_paragraph_gaps_at_one_height_do_not_part_columns() -> None:
    check(
        column_of_text(1, 100, 100, 480, 9),
        column_of_text(2, 100, 400, 480, 9),
        column_of_text(3, 620, 100, 480, 9),
        column_of_text(4, 620, 400, 480, 9),
    )


def test_a_rule_across_the_page_ends_its_columns() -> None:
    check(
        column_of_text(1, 100, 100, 480, 9),
        column_of_text(3, 620, 100, 480, 9),
        column_of_text(2, 100, 400, 480, 9),
        column_of_text(4, 620, 400, 480, 9),
        rules=[Box(100, 383, 1100, 386)],
    )


def test_a_rule_across_one_column_or_through_text_ends_none() -> None:
    check(
        column_of_text(1, 100, 100, 480, 9),
        column_of_text(2, 100, 400, 480, 9),
        column_of_text(3, 620, 100, 480, 9),
        column_of_text(4, 620, 400, 480, 9),
        rules=[Box(100, 383, 580, 386), Box(100, 411, 1100, 413)],
    )


def test_a_longer_column_is_read_to_its_end_before_the_next() -> None:
    check(column_of_text(1, 100, 100, 480, 30), column_of_text(2, 620, 100, 480, 12))


def test_rows_of_a_receipt() -> None:
    goods = ["Bread", "Milk whole 1 l", "Butter salted", "Eggs x 10", "TOTAL", "Cash", "Change"]
    prices = ["2.10", "1.05", "2.75", "3.20", "9.10", "10.00", "0.90"]
    rows = []
    for i, (good, price) in enumerate(zip(goods, prices, strict=True)):
        rows += [
            line(good, 100, 100 + i * PITCH),
            line(price, 700 - 10 * len(price), 100 + i * PITCH),
        ]
    check([line("GROCERY AND MORE", 250, 40)], rows)


def test_a_receipt_whose_prices_stand_below_their_goods() -> None:
    rows = []
    for i, good in enumerate(["Apples red", "Pears", "Plums yellow", "Cherries"]):
        y = 100 + 2 * i * PITCH
        rows += [line(good, 100, y), line(f"{i + 1} x 1.20", 140, y + PITCH)]
        rows += [line(f"{1.2 * (i + 1):.2f}", 650, y + PITCH)]
    check(rows)


def test_a_form_of_labels_and_values() -> None:
    labels = ["Name:", "Date of birth:", "Street and number:", "City:", "Telephone:"]
    values = ["Ada Miller", "1 March 1950", "12 Long Lane", "Springfield", "555 0199"]
    rows = []
    for i, (label, value) in enumerate(zip(labels, values, strict=True)):
        rows += [line(label, 100, 100 + i * 45), line(value, 400, 102 + i * 45)]
    check(rows)


def test_a_table_of_words_and_numbers_without_rulings() -> None:
    rows = []
    for i, name in enumerate(["Revenue", "Cost of goods sold", "Gross margin", "Interest paid"]):
        rows += [line(name, 100, 100 + i * PITCH)]
        rows += [line(f"{(i + 3) * 1234:,}", 500 + 200 * k, 100 + i * PITCH) for k in range(3)]
    check(rows)


def test_cells_of_wrapped_sentences_are_read_row_by_row() -> None:
    check(
        column_of_text(1, 100, 100, 400, 3),
        column_of_text(2, 620, 100, 400, 4),
        column_of_text(3, 100, 250, 400, 2),
        column_of_text(4, 620, 250, 400, 3),
        column_of_text(5, 100, 370, 400, 4),
        column_of_text(6, 620, 370, 400, 2),
    )


def test_rows_of_a_table_below_two_columns_with_the_same_gap() -> None:
    rows = []
    for i in range(5):
        rows += [line(f"Part {i}", 100, 800 + i * PITCH), line(f"Shelf {i}", 620, 800 + i * PITCH)]
    check(column_of_text(1, 100, 100, 480, 20), column_of_text(2, 620, 100, 480, 20), rows)


def test_terms_and_their_definitions() -> None:
    check(
        [line("Appeal", 100, 100)],
        column_of_text(1, 400, 100, 600, 3),
        [line("Brief", 100, 220)],
        column_of_text(2, 400, 220, 600, 4),
        [line("Counsel", 100, 370)],
        column_of_text(3, 400, 370, 600, 2),
    )


def test_line_numbers_of_a_deposition_belong_to_their_lines() -> None:
    text = column_of_text(1, 200, 100, 800, 25)
    rows = []
    for i, each in enumerate(text):
        rows += [line(str(i + 1), 110 if i < 9 else 100, 100 + i * PITCH), each]
    check(rows)


def test_two_deposition_pages_on_one_sheet() -> None:
    halves = []
    for half, x in enumerate((60, 640)):
        text = column_of_text(half, x + 50, 100, 420, 25)
        halves.append(
            [e for i, t in enumerate(text) for e in (line(str(i + 1), x, 100 + i * PITCH), t)]
        )
    check(*halves)


def test_line_numbers_of_a_tax_form_that_stand_before_the_amounts() -> None:
    rows = []
    for i in range(8):
        y = 100 + 40 * i
        rows += [line(f"{i + 1}", 100, y), line("Wages, salaries and tips", 200, y)]
        rows += [line(f"{i + 1}", 900, y), line(f"{1234 * (i + 1):,}", 1000, y)]
    check(rows)


def test_line_numbers_off_the_lines_are_a_column_of_their_own() -> None:
    numbers = [line(str(i + 1), 100, 100 + i * 48) for i in range(20)]
    check(numbers, column_of_text(1, 200, 110, 800, 30))


def test_a_letterhead_in_two_columns_that_do_not_stand_level() -> None:
    check(
        stack(["Miller and Sons", "Makers of clocks", "Since 1870"], 100, 60),
        stack(["12 Long Lane", "Springfield", "Telephone 555", "Fax 556"], 800, 70, 24),
        [line("Dear Madam,", 100, 300)],
        column_of_text(1, 100, 360, 900, 8),
    )


def test_an_address_with_a_date_at_its_right() -> None:
    check(
        stack(["Ada Miller", "12 Long Lane", "Springfield"], 100, 200),
        [line("August 23, 1993", 800, 200)],
        [line("Dear Madam,", 100, 400)],
        column_of_text(1, 100, 460, 900, 8),
    )


def test_a_large_initial_is_read_before_the_lines_beside_it() -> None:
    check(
        [line("T", 100, 102, 76)],
        column_of_text(1, 145, 100, 435, 3),
        column_of_text(2, 100, 190, 480, 12),
        column_of_text(3, 620, 100, 480, 15),
    )


def test_a_footnote_below_two_columns() -> None:
    check(
        column_of_text(1, 100, 100, 480, 20),
        column_of_text(2, 620, 100, 480, 20),
        column_of_text(3, 100, 740, 1000, 2, 14),
    )


def test_a_sidebar_beside_text() -> None:
    check(column_of_text(1, 60, 300, 240, 12, 16), column_of_text(2, 340, 100, 760, 40))


def test_a_table_between_stretches_of_text() -> None:
    above, below = column_of_text(1, 100, 100, 900, 5), column_of_text(2, 100, 600, 900, 5)
    inside = line("cell", 120, 320)
    box = Box(100, 300, 1000, 560).polygon()
    table = Table(1, 1, (Cell(0, 0, box, (inside,)),), box)
    read = words_read(arrange([*below, *above], [table], WIDTH, HEIGHT))
    assert read == [*words_of(above), "cell", *words_of(below)]


def test_a_table_in_one_of_two_columns() -> None:
    first, after = column_of_text(1, 100, 100, 480, 8), column_of_text(2, 100, 600, 480, 8)
    second = column_of_text(3, 620, 100, 480, 24)
    box = Box(100, 360, 580, 580).polygon()
    table = Table(1, 1, (Cell(0, 0, box, (line("cell", 120, 400),)),), box)
    read = words_read(arrange([*second, *after, *first], [table], WIDTH, HEIGHT))
    assert read == [*words_of(first), "cell", *words_of(after), *words_of(second)]


def vertical(text: str, x: float, y: float) -> Line:
    """A line of Japanese that runs down, `SIZE` wide; its top edge is the side it is read from."""
    bottom = y + 20 * len(text)
    polygon = Polygon(((x + 20, y), (x + 20, bottom), (x, bottom), (x, y)))
    return Line((Word(text, polygon, 0.9),), polygon)


def test_vertical_japanese_runs_from_right_to_left() -> None:
    texts = [
        "吾輩は猫である名前はまだ無い",
        "どこで生れたかとんと見当がつかぬ",
        "何でも薄暗いじめじめした所で",
    ]
    lines = [vertical(text, 700 - 32 * i, 100) for i, text in enumerate(texts)]
    assert words_read(arrange(lines[::-1], [], WIDTH, HEIGHT)) == texts


def test_vertical_japanese_in_two_storeys() -> None:
    upper = [
        vertical("吾輩は猫である名前はまだ" + "一二三四五"[i], 700 - 32 * i, 100) for i in range(5)
    ]
    lower = [
        vertical("どこで生れたかとんと見当" + "一二三四五"[i], 700 - 32 * i, 420) for i in range(5)
    ]
    read = words_read(arrange([*lower, *upper], [], WIDTH, HEIGHT))
    assert read == words_of([*upper, *lower])


@pytest.mark.parametrize("degrees", [-1.5, -0.5, 0.5, 1.5])
def test_columns_on_a_page_that_is_a_little_skewed(degrees: float) -> None:
    import math

    slope = math.tan(math.radians(degrees))
    parts = [column_of_text(1, 100, 200, 480, 25), column_of_text(2, 620, 200, 480, 25)]

    def skew(polygon: Polygon) -> Polygon:
        return polygon.map(lambda p: (p[0], p[1] + slope * p[0]))

    lines = [
        Line(tuple(Word(w.text, skew(w.polygon), 0.9) for w in each.words), skew(each.polygon))
        for part in parts
        for each in part
    ]
    assert words_read(arrange(lines[::-1], [], WIDTH, HEIGHT)) == words_of(lines)
