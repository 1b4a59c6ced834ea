"""Signs and codes of currencies are known beside amounts and alone, and not within words."""

from __future__ import annotations

import pytest

from table_restore.currencies import CURRENCY


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("$12.50", "$"),
        ("US$ 4", "US$"),
        ("7,00 €", "€"),
        ("1 200 zł", "zł"),
        ("EUR", "EUR"),
        ("CHF12", "CHF"),
        ("500円", "円"),
        ("Rs. 90", "Rs."),
    ],
)
def test_a_currency_is_found(text: str, currency: str) -> None:
    found = CURRENCY.search(text)
    assert found is not None
    assert found[0] == currency


@pytest.mark.parametrize("text", ["EUROPE", "FARM", "TRYING", "12.50", "Paris", "DMs"])
def test_letters_of_a_word_are_none(text: str) -> None:
    assert CURRENCY.search(text) is None
