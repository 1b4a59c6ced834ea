"""Greedy decoding against cases worked out by hand."""

from __future__ import annotations

import pytest
import torch

from gpu_ops.ctc import collapse
from scanner.ctc import Glyph, spell, split_lines

CHARACTERS = ("", "a", "b", " ")


def decode(ids: list[int], probability: list[float]) -> list[Glyph]:
    steps = torch.tensor([len(ids)], dtype=torch.int32)
    found = collapse(torch.tensor([ids]).int(), torch.tensor([probability]), steps)
    (line,) = split_lines(found)
    return spell(line, CHARACTERS)


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
    assert "".join(glyph.text for glyph in decode(ids, [0.9] * len(ids))) == text


def test_places_and_confidence_of_a_character() -> None:
    first, second = decode([0, 1, 1, 1, 0, 2], [0.9, 0.4, 0.8, 0.6, 0.9, 0.5])
    assert (first.begin, first.end, first.center) == (1, 4, 2.5)
    assert first.confidence == pytest.approx(0.8)
    assert (second.begin, second.end) == (5, 6)
