"""Where on a page tables may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from table_restore.geometry import Box
from table_restore.graph import RulingGraph
from table_restore.rulings import Ruling
from table_restore.tokens import Token


@dataclass(frozen=True, slots=True)
class Candidate:
    """A part of a page that may be a table, with the rulings and tokens in it."""

    box: Box
    rulings: tuple[Ruling, ...]
    tokens: tuple[Token, ...]


def find_regions(
    tokens: Sequence[Token], graph: RulingGraph, text_height: float
) -> list[Candidate]:
    """Candidates in page order; no token is in two of them."""
    found: list[Candidate] = []
    free = list(tokens)
    for group in sorted(graph.groups, key=lambda g: graph.box(g).area):
        rulings = tuple(graph.rulings[i] for i in sorted(group))
        across = [r for r in rulings if r.horizontal]
        down = [r for r in rulings if not r.horizontal]
        if len(across) + len(down) < 5 or len(across) < 2 or len(down) < 2:
            continue
        box = Box(
            min(r.position for r in down),
            min(r.position for r in across),
            max(r.position for r in down),
            max(r.position for r in across),
        )
        inside = [t for t in free if box.contains(t.box.center)]
        if len(inside) < 2:
            continue
        found.append(Candidate(box, rulings, tuple(inside)))
        taken = {id(t) for t in inside}
        free = [t for t in free if id(t) not in taken]
    return sorted(found, key=lambda c: (c.box.top, c.box.left))
