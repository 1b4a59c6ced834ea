"""Rows of text: what stands side by side on one base line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from table_restore.geometry import Box
from table_restore.tokens import Token


@dataclass(frozen=True, slots=True)
class TextRow:
    """Tokens that stand side by side on one base line, left to right."""

    tokens: tuple[Token, ...]
    middle: float = field(init=False)
    """The usual height of the tokens' middles."""
    box: Box = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "middle", median([t.box.center[1] for t in self.tokens]))
        object.__setattr__(self, "box", Box.around(t.box for t in self.tokens))

    def gaps(self) -> list[tuple[float, float]]:
        """The free stretches between neighbouring tokens, left to right.

        There is none between the sign of a currency and its amount.
        """
        free, right, currency = [], self.tokens[0].box.right, self.tokens[0].currency
        for token in self.tokens[1:]:
            if token.box.left > right and not (currency and token.numeric):
                free.append((right, token.box.left))
            right = max(right, token.box.right)
            currency = token.currency
        return free

    def phrases(self, space: float) -> list[tuple[Token, ...]]:
        """Runs of tokens with gaps of at most `space` between them."""
        runs: list[list[Token]] = [[self.tokens[0]]]
        right = self.tokens[0].box.right
        for token in self.tokens[1:]:
            if token.box.left - right > space and not (runs[-1][-1].currency and token.numeric):
                runs.append([])
            runs[-1].append(token)
            right = max(right, token.box.right)
        return [tuple(run) for run in runs]


def text_rows(tokens: Sequence[Token], text_height: float) -> list[TextRow]:
    """Tokens gathered into rows by the height of their middles, top to bottom.

    Tokens of one recognised line stay together, so a raised footnote mark stays in its row.
    """
    lines: dict[int, list[Token]] = {}
    for token in tokens:
        lines.setdefault(token.line, []).append(token)
    middles = {number: median([t.box.center[1] for t in parts]) for number, parts in lines.items()}
    rows: list[tuple[float, int, list[Token]]] = []
    for number in sorted(lines, key=lambda n: middles[n]):
        if rows and middles[number] - rows[-1][0] <= 0.42 * text_height:
            middle, count, members = rows[-1]
            members += lines[number]
            rows[-1] = ((middle * count + middles[number]) / (count + 1), count + 1, members)
        else:
            rows.append((middles[number], 1, list(lines[number])))
    return [TextRow(tuple(sorted(members, key=lambda t: t.box.left))) for _, _, members in rows]
