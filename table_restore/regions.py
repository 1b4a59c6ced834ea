"""Where on a page tables may be: drawn frames, stacks of rules, and runs of tabular text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from table_restore.geometry import Box
from table_restore.graph import RulingGraph
from table_restore.phrases import Phrase, find_phrases, find_prose
from table_restore.rulings import Ruling
from table_restore.tokens import Token

_LEADING = 1.8  # the widest gap between rows of one table, in text heights


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
    phrases = find_phrases(tokens, text_height)
    prose = find_prose(phrases, text_height)
    frames = [box for group in graph.groups if (box := _frame(graph, group, text_height))]
    texts = [phrases[i].box for i in sorted(prose)]
    frames = _largest([f for f in frames if not _page_frame(f, frames, texts)])
    free = [
        p
        for i, p in enumerate(phrases)
        if i not in prose and not any(f.contains(p.box.center) for f in frames)
    ]
    rules = [r for r in graph.rulings if r.horizontal and not _inside(r, frames)]
    runs = _runs(free, texts, frames, text_height)
    boxes = [_with_rules(run, rules, texts, text_height) for run in runs]
    boxes = _merged(boxes, frames)
    return _candidates(boxes, tokens, graph, text_height)


def _frame(graph: RulingGraph, group: frozenset[int], text_height: float) -> Box | None:
    """The box of crossing rulings that part it into cells, or None."""
    rulings = [graph.rulings[i] for i in group]
    across = [r for r in rulings if r.horizontal]
    down = [r for r in rulings if not r.horizontal]
    if len(across) < 2 or not down or len(across) + len(down) < 5:
        return None
    top, bottom = min(r.position for r in across), max(r.position for r in across)
    left, right = min(r.position for r in down), max(r.position for r in down)
    start = float(np.median([r.start for r in across]))
    end = float(np.median([r.end for r in across]))
    # Open sides: most lines run on past the outermost upright one.
    left = start if start < left - text_height else left
    right = end if end > right + text_height else right
    # Uprights that stick out of the lines across belong to an open top or bottom.
    head = float(np.median([r.start for r in down]))
    foot = float(np.median([r.end for r in down]))
    top = head if head < top - text_height else top
    bottom = foot if foot > bottom + text_height else bottom
    return Box(left, top, right, bottom) if left < right and top < bottom else None


def _page_frame(frame: Box, frames: Sequence[Box], prose: Sequence[Box]) -> bool:
    """Whether a frame goes around a page, or a figure, and not around one table.

    It holds another frame and lines of running text beside that.
    """
    inner = [f for f in frames if f.area < 0.9 * frame.area and frame.contains(f.center)]
    return bool(inner) and any(
        frame.contains(b.center) and not any(f.contains(b.center) for f in inner) for b in prose
    )


def _largest(frames: Sequence[Box]) -> list[Box]:
    """Frames that are not within another one."""
    return [
        f
        for i, f in enumerate(frames)
        if not any(g.contains(f.center) and g.area > f.area for j, g in enumerate(frames) if i != j)
    ]


def _inside(ruling: Ruling, frames: Iterable[Box]) -> bool:
    return any(f.grow(2).contains(ruling.box.center) for f in frames)


@dataclass(frozen=True, slots=True)
class _Row:
    """Phrases beside one another that are not running text."""

    phrases: tuple[Phrase, ...]
    box: Box

    @property
    def tabular(self) -> bool:
        return len(self.phrases) >= 2


def _runs(
    phrases: Sequence[Phrase], barriers: Sequence[Box], frames: Sequence[Box], text_height: float
) -> list[Box]:
    """Runs of rows of several phrases each, one below the other."""
    rows: dict[int, list[Phrase]] = {}
    for phrase in phrases:
        rows.setdefault(phrase.row, []).append(phrase)
    runs: list[Box] = []
    current: list[_Row] = []
    pending: list[_Row] = []

    def close() -> None:
        if sum(r.tabular for r in current) >= 2:
            runs.append(Box.around(r.box for r in current))
        current.clear()
        pending.clear()

    for number in sorted(rows):
        row = _Row(tuple(rows[number]), Box.around(p.box for p in rows[number]))
        if current:
            last = (pending or current)[-1].box
            run = Box.around(r.box for r in current)
            if (
                row.box.top - last.bottom > _LEADING * text_height
                or min(run.right, row.box.right) - max(run.left, row.box.left) <= 0
                or _blocked(run, row.box, [*barriers, *frames])
                or len(pending) > 2
            ):
                close()
        if row.tabular:
            current.extend([*pending, row] if current else [row])
            pending.clear()
        elif current:
            pending.append(row)
    close()
    return runs


def _blocked(above: Box, below: Box, barriers: Iterable[Box]) -> bool:
    """Whether something lies between two boxes, one above the other."""
    left, right = max(above.left, below.left), min(above.right, below.right)
    return any(
        above.bottom - 2 < b.center[1] < below.top + 2 and b.left < right and b.right > left
        for b in barriers
    )


def _with_rules(
    run: Box, rules: Sequence[Ruling], barriers: Sequence[Box], text_height: float
) -> Box:
    """The run grown to the rules that go with it, and to what stands between those."""
    box = run
    grown = True
    while grown:
        grown = False
        for rule in rules:
            common = min(rule.end, box.right) - max(rule.start, box.left)
            near = box.top - 3.0 * text_height <= rule.position <= box.bottom + 1.5 * text_height
            wide = common >= 0.6 * min(box.width, rule.length) and rule.length >= 0.5 * box.width
            union = box.union(rule.box)
            if (
                near
                and wide
                and union != box
                and rule.length < 1.5 * box.width + 4 * text_height
                and not any(
                    union.contains(b.center) and not box.contains(b.center) for b in barriers
                )
            ):
                box, grown = union, True
    return box


def _merged(boxes: Sequence[Box], frames: Sequence[Box]) -> list[Box]:
    """Runs that overlap made one; frames stay as they are."""
    merged: list[Box] = []
    for box in boxes:
        for index, other in enumerate(merged):
            if box.intersection(other):
                merged[index] = other.union(box)
                break
        else:
            merged.append(box)
    merged = [b for b in merged if not any(b.intersection(f) for f in frames)]
    return [*frames, *merged]


def _candidates(
    boxes: Sequence[Box], tokens: Sequence[Token], graph: RulingGraph, text_height: float
) -> list[Candidate]:
    found = []
    free = list(tokens)
    for box in sorted(boxes, key=lambda b: b.area):
        inside = [t for t in free if box.contains(t.box.center)]
        if len(inside) < 2:
            continue
        reach = box.grow(0.5 * text_height)
        rulings = tuple(
            r
            for r in graph.rulings
            if reach.contains(r.box.center)
            or ((cut := reach.intersection(r.box)) and max(cut.width, cut.height) > 0.5 * r.length)
        )
        found.append(Candidate(box, rulings, tuple(inside)))
        taken = {id(t) for t in inside}
        free = [t for t in free if id(t) not in taken]
    return sorted(found, key=lambda c: (c.box.top, c.box.left))
