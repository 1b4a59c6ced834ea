"""Greedy decoding against cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from scanner.ctc import decode

CHARACTERS = ("", "a", "b", " ")


def decoded(ids: list[int], probability: list[float] | None = None) -> str:
    best = np.array(probability or [0.9] * len(ids), dtype=np.float32)
    return "".join(glyph.text for glyph in decode(np.array(ids), best, CHARACTERS))


@pytest.mark.parametrize(
    ("ids", "text"),
    [
        ([0, 1, 1, 0, 2], "ab"),
        ([1, 1, 1], "a"),
        ([1, 0, 1], "aa"),
        ([1, 2, 2, 1], "aba"),
        ([1, 3, 2], "a b"),
        ([0, 0, 0], ""),
    ],
)
def test_repeats_merge_and_blanks_vanish(ids: list[int], text: str) -> None:
    assert decoded(ids) == text


def test_places_and_confidence_of_a_character() -> None:
    ids = np.array([0, 1, 1, 1, 0, 2])
    probability = np.array([0.9, 0.4, 0.8, 0.6, 0.9, 0.5], dtype=np.float32)
    first, second = decode(ids, probability, CHARACTERS)
    assert (first.begin, first.end, first.center) == (1, 4, 2.5)
    assert first.confidence == pytest.approx(0.8)
    assert (second.begin, second.end) == (5, 6)
