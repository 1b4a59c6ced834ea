"""Numbers and dates are typed where that is safe, and everything else stays text."""

from __future__ import annotations

import string
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from table_restore.export.number_formats import display
from table_restore.export.values import TypedValue, readings, typed_values
from tests.factories.documents import column, grid


def typed(*texts: str, header: str = "") -> list[float | None]:
    """The values that a column of these texts gets, None for text."""
    (values,) = typed_values([column(texts, header)])
    first = 1 if header else 0
    found = [values.get((row + first, 0)) for row in range(len(texts))]
    return [value.value if value else None for value in found]


def only(text: str) -> TypedValue | None:
    (values,) = typed_values([column([text])])
    return values.get((0, 0))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("2021", 2021),
        ("1234567", 1234567),
        ("12.5", 12.5),
        (".325", 0.325),
        ("0.50", 0.5),
        ("1,234.56", 1234.56),
        ("1.234,56", 1234.56),
        ("1 234,56", 1234.56),
        ("1'234.56", 1234.56),
        ("12,5", 12.5),
        ("0,123", 0.123),
        ("1,234", 1234),
        ("1,234,567", 1234567),
        ("1.234.567", 1234567),
        ("12 345", 12345),
        ("$1,234.50", 1234.5),
        ("$ 5", 5),
        ("US$ 12.00", 12),
        ("1.234,50 €", 1234.5),
        ("CHF 1'000.00", 1000),
        ("¥1,200", 1200),
        ("5 元", 5),
        ("12.5%", 0.125),
        ("12,5 %", 0.125),
        ("-5%", -0.05),
        ("-5", -5),
        ("−5", -5),
        ("-$5.00", -5),
        ("$-5.00", -5),
        ("1 234,56 руб.", 1234.56),
        ("(5.00)", -5),
        ("($1,234.00)", -1234),
        ("$(5.00)", -5),
        ("(3.1%)", -0.031),
        ("5.00-", -5),
        ("1.250,00-", -1250),
        ("+3.2%", 0.032),
        ("123456789012345", 123456789012345),
        ("2024-01-31", 45322),
        ("31.01.2024", 45322),
        ("1.2.2024", 45323),
        ("31/01/2024", 45322),
        ("01/31/2024", 45322),
        ("01/31/24", 45322),
        ("05/05/2021", 44321),
        ("31 Jan 2024", 45322),
        ("31-Jan-24", 45322),
        ("January 31, 2024", 45322),
        ("31. Januar 2024", 45322),
        ("31 janvier 2024", 45322),
        ("2024年1月31日", 45322),
    ],
)
def test_a_number_or_date_alone_gets_its_value_and_shows_as_printed(
    text: str, value: float
) -> None:
    found = only(text)
    assert found is not None
    assert found.value == value
    assert found.as_printed
    assert display(found.value, found.number_format) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1’234.56", 1234.56),
        ("1 234.56", 1234.56),
        ("31-JAN-2024", 45322),
        ("1，234.00", 1234),
        ("（5.00）", -5),
        ("5％", 0.05),
    ],
)
def test_what_a_format_cannot_show_exactly_is_marked(text: str, value: float) -> None:
    found = only(text)
    assert found is not None
    assert found.value == value
    assert not found.as_printed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "n/a",
        "007",
        "00.5",
        "0012.50",
        "1234567890123456",
        "0.1234567890123456",
        "555-1234",
        "1-800-555-0199",
        "+44 20 7946 0958",
        "(020) 7946 0958",
        "912 345 678",
        "12A4",
        "A-1204",
        "=1+1",
        "@SUM(A1)",
        "1.5 kg",
        "10-12",
        "1/2",
        "12:30",
        "1e5",
        "3.2.1",
        "192.168.1.1",
        "1,23,456",
        "1.234,567.8",
        "1234.",
        "12 34",
        "１２",
        "٣",
        "-0",
        "(0.00)",
        "(1)",
        "5-",
        "- 5",
        "1.234",  # thousand, or a fraction
        "03/04/2021",  # March, or April
        "15/01/24",  # January 2024, or 2015
        "31.02.2024",
        "13/13/2020",
        "1899-12-31",
        "31 Foo 2024",
        "1.2.10",
        "5" * 5000,
    ],
)
def test_everything_else_stays_text(text: str) -> None:
    assert only(text) is None


def test_a_column_decides_what_its_marks_mean() -> None:
    assert typed("1.234", "2.000,50") == [1234, 2000.5]
    assert typed("1.234", "0.123") == [1.234, 0.123]
    assert typed("1,234", "0,5") == [1.234, 0.5]
    assert typed("1,234", "0.5") == [1234, 0.5]
    assert typed("03/04/2021", "31/12/2021") == [44289, 44561]
    assert typed("03/04/2021", "12/31/2021") == [44259, 44561]


def test_whole_numbers_below_a_thousand_tell_what_groups() -> None:
    assert typed("813", "92", "1.178") == [813, 92, 1178]
    assert typed("813", "92", "1.178", "2.5") == [813, 92, 1.178, 2.5]
    assert typed("8130", "92", "1.178") == [8130, 92, None]


def test_a_misread_mark_in_a_column_stays_text() -> None:
    assert typed("1.50", "2.25", "3.75", "4.10", "5,20") == [1.5, 2.25, 3.75, 4.1, None]


def test_a_column_at_odds_with_itself_stays_text() -> None:
    assert typed("1.50", "2,50", "1.234") == [None, None, None]
    assert typed("31/12/2021", "12/31/2021", "03/04/2021") == [None, None, None]


def test_other_columns_decide_where_a_column_says_nothing() -> None:
    (values,) = typed_values([grid([["1.234", "7,5"], ["5.678", "8,5"]], header_rows=0)])
    assert {place: value.value for place, value in values.items()} == {
        (0, 0): 1234,
        (1, 0): 5678,
        (0, 1): 7.5,
        (1, 1): 8.5,
    }


def test_other_tables_decide_where_a_table_says_nothing() -> None:
    first, second = typed_values([column(["1.234"]), column(["7,50"])])
    assert first[(0, 0)].value == 1234
    assert second[(0, 0)].value == 7.5


def test_codes_beside_numbers_make_codes_of_them() -> None:
    assert typed("01234", "90210") == [None, None]
    assert typed("01234", "1.5") == [None, 1.5]


@pytest.mark.parametrize("header", ["Phone", "ZIP code", "Part No.", "Tel.", "PLZ", "邮编"])
def test_columns_named_as_codes_stay_text(header: str) -> None:
    assert typed("5551234", "90210", header=header) == [None, None]


def test_the_first_row_names_its_columns_even_if_no_header_was_found() -> None:
    (values,) = typed_values([grid([["Reference", "Sum"], ["9554", "7"]], header_rows=0)])
    assert set(values) == {(1, 1)}


def test_cells_labelled_as_codes_stay_text() -> None:
    (values,) = typed_values([grid([["Phone", "5551234"], ["Sum", "7"]], header_rows=0)])
    assert set(values) == {(1, 1)}


def test_wide_marks_are_decimal_marks_only_beside_numbers() -> None:
    assert typed("97. 76", "12.50", "279, 168. 00") == [97.76, 12.5, 279168]
    assert typed("97. 76", "Table 7. 5") == [None, None]
    assert typed("1, 5", "2.50", "3.50") == [None, 2.5, 3.5]


def test_brackets_are_negative_only_beside_numbers() -> None:
    assert typed("(1)", "(2)", "(3)") == [None, None, None]
    assert typed("10", "(2)") == [10, -2]


def test_headers_and_cells_of_several_lines_stay_text() -> None:
    (values,) = typed_values([grid([["2020", "2021"], ["1\n2", "3"]])])
    assert set(values) == {(1, 1)}


@given(
    amount=st.decimals(-(10**11), 10**11, places=2).filter(bool),
    marks=st.sampled_from([",.", ".,", " ,", "'."]),
    head=st.sampled_from(["", "$", "€ ", "CHF "]),
)
def test_any_amount_in_any_convention_comes_back(amount: Decimal, marks: str, head: str) -> None:
    plain = f"{abs(amount):,.2f}"
    text = head + plain.translate(str.maketrans(",.", marks)) + ("-" if amount < 0 else "")
    found = only(text)
    assert found is not None
    assert found.value == float(amount)
    assert display(found.value, found.number_format) == text


@given(st.text(string.digits + string.punctuation + " €éJan’−", max_size=20))
def test_every_reading_shows_the_text_up_to_spaces_and_marks(text: str) -> None:
    for reading in readings(text):
        shown = display(reading.value, reading.number_format)
        assert [c for c in shown.casefold() if c.isalnum()] == [
            c for c in text.casefold() if c.isalnum()
        ]
