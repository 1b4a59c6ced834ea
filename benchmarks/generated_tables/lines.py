"""Lines as a detector may see them."""

from __future__ import annotations

from collections.abc import Iterable

from table_restore.document import Line
from table_restore.geometry import Box


def join_neighbours(lines: Iterable[Line], max_gap: float) -> tuple[Line, ...]:
    """Join lines side by side with less than `max_gap` line heights between them.

    Text detectors do this to neighbouring cells, over gutters and rulings alike; meant for
    pages without damage, where boxes are upright.
    """
    joined: list[Line] = []
    for line in sorted(lines, key=lambda item: item.polygon.box.left):
        box = line.polygon.box
        for i, other in enumerate(joined):
            before = other.polygon.box
            overlap = min(box.bottom, before.bottom) - max(box.top, before.top)
            height = max(box.height, before.height)
            if overlap > 0.5 * height and 0 <= box.left - before.right < max_gap * height:
                around = Box.around((before, box)).polygon()
                joined[i] = Line(other.words + line.words, around)
                break
        else:
            joined.append(line)
    return tuple(sorted(joined, key=lambda item: (item.polygon.box.top, item.polygon.box.left)))
