"""The metrics of the accuracy benchmark, on cases worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.metrics import Score, common_words, edit_distance, fits, normalise, score


def textbook_distance(truth: str, output: str) -> int:
    """Levenshtein's matrix, cell by cell, with `~` in the truth matching any character."""
    above = list(range(len(output) + 1))
    for row, expected in enumerate(truth, 1):
        line = [row]
        for column, character in enumerate(output, 1):
            substitution = above[column - 1] + (expected not in ("~", character))
            line.append(min(substitution, above[column] + 1, line[-1] + 1))
        above = line
    return above[-1]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("  a\tb\n\n c\f", "a b c"),
        ("“don’t”", '"don\'t"'),
        ("1–2 — 3 −4", "1-2 - 3 -4"),
        ("rate--NRC", "rate-NRC"),
        ("ﬁrst oﬃce…", "first office..."),
        ("e\u0301", "é"),
        ("Sum ， É ~", "Sum ， É ~"),
    ],
)
def test_normalise(raw: str, expected: str) -> None:
    assert normalise(raw) == expected


@pytest.mark.parametrize(
    ("truth", "output", "expected"),
    [
        ("", "", 0),
        ("", "abc", 3),
        ("abc", "", 3),
        ("abc", "abc", 0),
        ("kitten", "sitting", 3),
        ("flaw", "lawn", 2),
        ("abcd", "cdab", 4),
        ("10~C", "10°C", 0),
        ("10~C", "10C", 1),
        ("10~C", "10oFC", 1),
        ("~~", "abc", 1),
        ("a", "~", 1),
    ],
)
def test_edit_distance_by_hand(truth: str, output: str, expected: int) -> None:
    assert edit_distance(truth, output) == expected


@given(st.text("ab~", max_size=90), st.text("abc~", max_size=90))
def test_edit_distance_is_the_textbook_one(truth: str, output: str) -> None:
    assert edit_distance(truth, output) == textbook_distance(truth, output)


def test_edit_distance_of_words() -> None:
    # "the" is missing, "5~C" fits, "rain" became "rains".
    assert edit_distance(["the", "rain", "at", "5~C"], ["rains", "at", "5°C"]) == 2


def test_fits() -> None:
    assert fits("5~C", "5°C")
    assert not fits("5~C", "5C")
    assert not fits("5°C", "5~C")


def test_common_words_count_each_word_read_once() -> None:
    assert common_words(["to", "be", "or", "not", "to", "be"], ["be", "to", "be", "be"]) == 3


def test_wildcards_leave_equal_words_to_their_owners() -> None:
    # "a~" must not take the only "ab", which "ab" needs; it takes "ac".
    assert common_words(["a~", "ab"], ["ab", "ac"]) == 2
    assert common_words(["a~", "ab"], ["ab", "abc"]) == 1


def test_score_of_a_page_by_hand() -> None:
    # Characters: one digit is wrong, and " now" is four too many. Words: one wrong, one too many.
    page = score("Total  12.50\nat once", "Total 12.60 at once now")
    assert page == Score(
        characters=19, character_errors=5, words=4, word_errors=2, words_read=5, words_found=3
    )
    assert page.cer == pytest.approx(5 / 19)
    assert page.wer == pytest.approx(2 / 4)
    assert page.word_f1 == pytest.approx(2 * 3 / (4 + 5))


def test_order_counts_for_errors_and_not_for_words() -> None:
    page = score("one two three four", "three four one two")
    assert page.word_f1 == 1.0
    assert page.wer == 1.0
    assert page.cer > 0.5


def test_case_counts_unless_folded() -> None:
    assert score("TOTAL 5", "Total 5").character_errors == 4
    assert score("TOTAL 5", "Total 5", fold_case=True).character_errors == 0


def test_long_pages_weigh_more() -> None:
    short = Score(10, 10, 2, 2, 0, 0)
    long = Score(90, 0, 18, 0, 18, 18)
    both = Score.sum_of([short, long])
    assert both.cer == pytest.approx(0.1)
    assert both.wer == pytest.approx(0.1)
    assert both.word_f1 == pytest.approx(2 * 18 / (20 + 18))


def test_nothing_to_read() -> None:
    assert score("", "").word_f1 == 1.0
    assert score("", "").cer == 0.0
    assert score("", "smudge").cer == 6.0
    assert score("text", "").word_f1 == 0.0
