"""Where on a page tables may be: drawn frames, and runs of tabular text with their rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from table_restore.frames import find_boxes, find_frames, open_sides
from table_restore.geometry import Box
from table_restore.graph import RulingGraph
from table_restore.gutters import in_ruled_rows, page_columns, row_rules, ruled_apart
from table_restore.phrases import Phrase, find_captions, find_phrases, find_prose, in_aligned_rows
from table_restore.ruling import Ruling
from table_restore.runs import find_runs, nearest, with_rules
from table_restore.sections import section_boxes
from table_restore.titled import titled_parts
from table_restore.tokens import Token, is_year

_BELOW = 2.0  # a body begins at most so many text heights below its boxed head
_HEADED = 0.7  # and is at least so wide beside it
_OVER = 0.5  # a head over the right columns is at least so wide beside the body
_HEADINGS = 3  # so many phrases at most stand between a head and its body


@dataclass(frozen=True, slots=True)
class Candidate:
    """A part of a page that may be a table, with the rulings and tokens in it."""

    box: Box
    rulings: tuple[Ruling, ...]
    tokens: tuple[Token, ...]


def find_regions(
    tokens: Sequence[Token], graph: RulingGraph, space: float, text_height: float
) -> list[Candidate]:
    """Candidates in page order; no token is in two of them.

    `space` is the page's gap that is as likely between words as between columns.
    """
    phrases = find_phrases(tokens, text_height)
    level = [r for r in graph.rulings if r.horizontal]
    prose = find_prose(phrases, text_height)
    prose -= in_ruled_rows(phrases, prose, level, text_height)
    if prose:
        prose -= in_aligned_rows(phrases, text_height)
    texts = [p.box for p in phrases]
    captions = find_captions(phrases) - prose
    running = [texts[i] for i in sorted(prose)]
    barriers = [*running, *(texts[i] for i in sorted(captions))]
    frames = [  # creases and the sheet's edges cross, too
        f
        for f in find_frames(graph, texts, running, text_height)
        if sum(f.contains(t.center) for t in texts) > 1
    ]
    rules = [r for r in level if not _inside(r, frames)]
    frames = [
        with_rules(f, rules, texts, barriers, text_height, True, open_sides(f, graph, text_height))
        for f in frames
    ]
    rules = [r for r in rules if not _inside(r, frames)]
    free = [
        p
        for i, p in enumerate(phrases)
        if i not in prose | captions
        and not p.stands
        and not any(f.contains(p.box.center) for f in frames)
    ]
    parting = row_rules(rules, text_height)
    across = [
        *rules,
        *(Ruling(True, y, f.left, f.right) for f in frames for y in (f.top, f.bottom)),
    ]
    runs = [
        run
        for held in _by_box(free, find_boxes(graph, text_height))
        for column in page_columns(held, running, across)
        for part in ruled_apart(column, rules, text_height)
        for run in find_runs(part, barriers, frames, parting, text_height)
    ]
    boxes = [
        with_rules(run, [r for r in rules if nearest(r, runs) == i], texts, barriers, text_height)
        for i, run in enumerate(runs)
    ]
    bodies = set(boxes)
    boxes = [_with_boxed_head(box, frames, phrases, barriers, text_height) for box in boxes]
    headed = set(boxes) - bodies  # of one table, whatever their heads' columns are
    tables = [
        part
        for box in _merged(boxes, frames)
        for part in titled_parts(box, phrases, running, level)
    ]
    whole = _candidates(tables, tokens, graph, text_height)
    parts = [
        part
        for c in whole
        for part in (
            [c.box]
            if c.box in headed
            else section_boxes(c.box, c.tokens, c.rulings, space, text_height)
        )
    ]
    return _candidates(parts, tokens, graph, text_height)


def _with_boxed_head(
    run: Box,
    frames: Sequence[Box],
    phrases: Sequence[Phrase],
    barriers: Sequence[Box],
    text_height: float,
) -> Box:
    """A run with the frame above it that is as wide, or over its right columns, and all names.

    Between the two may be headings of the body's first rows, but nothing of `barriers`.
    """
    for frame in frames:
        ends = max(abs(frame.left - run.left), abs(frame.right - run.right))
        # The body's texts may end before the head's lines do.
        inside = frame.left - text_height < run.left and run.right < frame.right + text_height
        wide = ends < text_height or (inside and run.width > _HEADED * frame.width)
        over = run.left < frame.left and abs(frame.right - run.right) < text_height
        wide |= over and frame.width > _OVER * run.width
        if wide and frame.height < run.height and _follows(run, frame, phrases, text_height):
            between = _between(frame, run)
            held = [p for p in phrases if frame.contains(p.box.center)]
            values = sum(p.numeric and not all(is_year(t.text) for t in p.tokens) for p in held)
            named = values <= 0.2 * len(held)
            if named and not any(between.contains(b.center) for b in barriers):
                return frame.union(run)
    return run


def _between(frame: Box, run: Box) -> Box:
    """The place between a frame and a run below it, empty where the two overlap."""
    return Box(run.left, frame.bottom, run.right, max(run.top, frame.bottom))


def _follows(run: Box, frame: Box, phrases: Sequence[Phrase], text_height: float) -> bool:
    """Whether a run begins right below a frame, or below headings that stand right below it."""
    if run.top - frame.bottom <= -text_height:
        return False
    gap = _between(frame, run)
    headings = sorted((p for p in phrases if gap.contains(p.box.center)), key=lambda p: p.box.top)
    tops = [*(p.box.top for p in headings), run.top]
    bottoms = [frame.bottom, *(p.box.bottom for p in headings)]
    steps = [top - bottom for top, bottom in zip(tops, bottoms, strict=True)]
    return len(headings) <= _HEADINGS and max(steps) < _BELOW * text_height


def _by_box(phrases: Sequence[Phrase], boxes: Sequence[Box]) -> list[list[Phrase]]:
    """Phrases by the innermost drawn box that they stand in: no table reaches out of one."""
    order = sorted(boxes, key=lambda b: b.area)
    parts: dict[int, list[Phrase]] = {}
    for phrase in phrases:
        center = phrase.box.center
        inner = next((i for i, box in enumerate(order) if box.contains(center)), -1)
        parts.setdefault(inner, []).append(phrase)
    return list(parts.values())


def _inside(ruling: Ruling, frames: Iterable[Box]) -> bool:
    return any(f.grow(2).contains(ruling.box.center) for f in frames)


def _merged(boxes: Sequence[Box], frames: Sequence[Box]) -> list[Box]:
    """Runs that overlap made one; a frame goes before the runs that reach into it."""
    merged: list[Box] = []
    for box in boxes:
        for index, other in enumerate(merged):
            if box.intersection(other):
                merged[index] = other.union(box)
                break
        else:
            merged.append(box)
    # Rows that go on at its sides show that a frame is only a part of their table.
    frames = [
        f for f in frames if not any(b.area > 1.1 * f.area and _within(f, b) > 0.8 for b in merged)
    ]
    merged = [b for b in merged if not any(b.intersection(f) for f in frames)]
    return [*frames, *merged]


def _within(inner: Box, outer: Box) -> float:
    """The share of one box that lies in another."""
    common = inner.intersection(outer)
    return common.area / inner.area if common and inner.area else 0.0


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
