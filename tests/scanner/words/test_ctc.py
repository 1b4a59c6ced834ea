"""Greedy decoding against cases worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch

from scanner.inference import decode
from scanner.words.ctc import Glyph, spell

CHARACTERS = ("", "a", "b", " ")


def read(
    ids: list[int],
    probability: list[float] | None = None,
    doubts: dict[int, tuple[int, float]] | None = None,
) -> list[Glyph]:
    """What a line says; `doubts` has the second class and its odds of some steps."""
    second = [(doubts or {}).get(step, (0, 0.0)) for step in range(len(ids))]
    outputs = [
        torch.tensor([ids]),
        torch.tensor([probability or [0.9] * len(ids)]),
        torch.tensor([[kind for kind, _ in second]]),
        torch.tensor([[odds for _, odds in second]]),
    ]
    (line,) = decode(outputs, torch.tensor([len(ids)], dtype=torch.int32))
    return spell(line, CHARACTERS)


def said(glyphs: Sequence[Glyph]) -> str:
    return "".join(glyph.text for glyph in glyphs)


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
    assert said(read(ids)) == text


def test_places_and_confidence_of_a_character() -> None:
    first, second = read([0, 1, 1, 1, 0, 2], [0.9, 0.4, 0.8, 0.6, 0.9, 0.5])
    assert (first.begin, first.end, first.center) == (1, 4, 2.5)
    assert first.confidence == pytest.approx(0.8)
    assert (second.begin, second.end) == (5, 6)


@pytest.mark.parametrize(
    ("ids", "doubts", "alternatives"),
    [
        # Another character, at one step or at all of them.
        ([1, 0, 2], {0: (2, 0.3)}, [[("b", 0.3)], []]),
        ([1, 1, 0], {0: (2, 0.3), 1: (2, 0.5)}, [[("b", 0.15)]]),
        ([1, 1, 0], {0: (2, 0.3), 1: (0, 0.5)}, [[("b", 0.15)]]),
        ([1, 1, 0], {0: (2, 0.3), 1: (3, 0.5)}, [[]]),
        ([1, 1, 0], {0: (2, 0.3)}, [[]]),
        # None: nothing was there, or what was there belongs to its neighbour.
        ([1, 0, 2], {2: (0, 0.2)}, [[], [("", 0.2)]]),
        ([1, 2, 0], {1: (1, 0.2)}, [[], [("", 0.2)]]),
        # One more, unless that is the one before or behind.
        ([1, 0, 0, 2], {1: (3, 0.1), 2: (3, 0.2)}, [[("a ", 0.1), ("a ", 0.2)], []]),
        ([1, 0, 0, 2], {1: (1, 0.1), 2: (2, 0.2)}, [[], []]),
        ([1, 0, 0, 0, 2], {2: (1, 0.1)}, [[("aa", 0.1)], []]),
        # At a word's beginning it belongs to the word.
        ([0, 1, 0, 2], {0: (2, 0.1)}, [[("ba", 0.1)], []]),
        ([3, 0, 2], {1: (1, 0.1)}, [[], [("ab", 0.1)]]),
        # What is hardly possible is no alternative.
        ([1, 0, 2], {0: (2, 1e-4)}, [[], []]),
        ([1, 1, 2], {0: (2, 1e-2), 1: (0, 1e-2)}, [[], []]),
        ([0, 0], {0: (1, 0.5)}, []),
    ],
)
def test_alternatives(
    ids: list[int],
    doubts: dict[int, tuple[int, float]],
    alternatives: list[list[tuple[str, float]]],
) -> None:
    glyphs = read(ids, doubts=doubts)
    found = [[(said(a.glyphs), a.odds) for a in glyph.alternatives] for glyph in glyphs]
    assert [[text for text, _ in of_one] for of_one in found] == [
        [text for text, _ in of_one] for of_one in alternatives
    ]
    for of_one, expected in zip(found, alternatives, strict=True):
        assert [odds for _, odds in of_one] == pytest.approx([odds for _, odds in expected])
