"""Right ones, true ones, found ones: what precision, recall and F1 are made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of correct, true and found things; of nothing, all rates are 1."""

    correct: float = 0
    true: float = 0
    found: float = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.correct + other.correct, self.true + other.true, self.found + other.found
        )

    @property
    def precision(self) -> float:
        return self.correct / self.found if self.found else float(not self.true)

    @property
    def recall(self) -> float:
        return self.correct / self.true if self.true else float(not self.found)

    @property
    def f1(self) -> float:
        """The harmonic mean, computed as 2 x correct / (true + found)."""
        total = self.true + self.found
        return 2 * self.correct / total if total else 1.0
