"""Gutters between the columns of a page, so that tables side by side stay apart."""

from __future__ import annotations

from collections.abc import Sequence

from table_restore.geometry import Box
from table_restore.phrases import Phrase
from table_restore.rulings import Ruling

_LINES = 4  # lines of running text that make a column of a page


def page_columns(
    phrases: Sequence[Phrase], prose: Sequence[Box], rules: Sequence[Ruling]
) -> list[list[Phrase]]:
    """Phrases parted by the page's gutter, where it has one: together, or left and right.

    Where something runs across the gutter, the phrases between two rules across it are of one
    table as wide as the page, others of the column they stand in.
    """
    gutter = find_gutter(prose)
    if gutter is None:
        return [list(phrases)]
    rows = [r for r in rules if r.start < gutter < r.end]
    crossing = sorted(
        [(r.position, True) for r in rows]
        + [(p.box.center[1], False) for p in phrases if p.box.left < gutter < p.box.right]
    )
    parts: dict[tuple[int, int], list[Phrase]] = {}
    for phrase in phrases:
        y = phrase.box.center[1]
        zone = sum(place < y for place, _ in crossing)
        above = crossing[zone - 1][1] if zone else False
        below = crossing[zone][1] if zone < len(crossing) else False
        across = phrase.box.left < gutter < phrase.box.right
        if across or (above and below):
            parts.setdefault((-1, 0), []).append(phrase)
        else:
            side = int(phrase.box.center[0] > gutter)
            parts.setdefault((zone, side), []).append(phrase)
    return list(parts.values())


def find_gutter(prose: Sequence[Box]) -> float | None:
    """The x between two columns of running text, if the page has them side by side."""
    best: tuple[int, float] | None = None
    for x in {b.right for b in prose}:
        left = [b for b in prose if b.right <= x]
        right = [b for b in prose if b.left > x]
        crossing = len(prose) - len(left) - len(right)
        fewer = min(len(left), len(right))
        if fewer < _LINES or crossing > 0.1 * len(prose):
            continue
        place = (max(b.right for b in left) + min(b.left for b in right)) / 2
        if best is None or fewer > best[0]:
            best = (fewer, place)
    return best[1] if best else None
