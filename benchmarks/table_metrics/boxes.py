"""Which boxes of two lists correspond."""

from __future__ import annotations

from collections.abc import Sequence

from table_restore.geometry import Box


def matched(founds: Sequence[Box], truths: Sequence[Box], iou: float) -> dict[int, int]:
    """Indices of found boxes to those of true ones with at least that IoU (and more than 0).

    The best overlaps come first and each box is used once.
    """
    overlaps = sorted(
        (-found.iou(truth), i, j)
        for i, found in enumerate(founds)
        for j, truth in enumerate(truths)
        if found.left < truth.right
        and truth.left < found.right
        and found.top < truth.bottom
        and truth.top < found.bottom
    )
    pairs: dict[int, int] = {}
    used: set[int] = set()
    for overlap, i, j in overlaps:
        if -overlap >= iou and i not in pairs and j not in used:
            pairs[i] = j
            used.add(j)
    return pairs
