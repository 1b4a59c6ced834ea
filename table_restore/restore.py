"""A page's tables, from its pixels and its lines of text, the stages in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from table_restore.alignment import usual_space
from table_restore.cells import build_table
from table_restore.creases import letter_joints, of_one_pen, without_creases, without_rim
from table_restore.dark_grounds import bright_channel
from table_restore.document import Line, Table
from table_restore.geometry import Box, Polygon
from table_restore.graph import RulingGraph, build_graph
from table_restore.grid import Grid, find_grid
from table_restore.marks import read_marks
from table_restore.misread import hiding_boxes, is_ruling, without_crossing
from table_restore.prose import cuts_prose, is_prose, usual_gap
from table_restore.regions import Candidate, find_regions
from table_restore.ruling import Ruling
from table_restore.rulings import find_rulings, ink_channel
from table_restore.tokens import Token, assemble, cut_tokens
from table_restore.unread import unread_lines
from table_restore.upright import Upright, find_upright, quarter_turns
from table_restore.verify import is_table

_SIDEWAYS = 4  # fewer lines that run up or down the page are names of columns or axes
_WHITE = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Restoration:
    """What a page's lines became: tables in page order, and the lines left as running text.

    Polygons are in page pixels. A line that is partly in a table is cut by its characters.
    `rules` are the level lines drawn outside the tables, thin polygons.
    """

    tables: tuple[Table, ...]
    lines: tuple[Line, ...]
    rules: tuple[Polygon, ...] = ()


@dataclass(frozen=True, slots=True)
class Region:
    """A table on its way: where it is, and its grid."""

    box: Box
    tokens: tuple[Token, ...]
    grid: Grid


@dataclass(frozen=True, slots=True)
class Steps:
    """All that was found on the way, for pictures that explain a result."""

    upright: Upright
    rulings: tuple[Ruling, ...]
    graph: RulingGraph
    regions: tuple[Region, ...]
    restoration: Restoration


def restore_tables(
    pixels: npt.NDArray[np.uint8], lines: Sequence[Line], outlines: Sequence[Polygon] = ()
) -> Restoration:
    """Restore the tables of a page.

    `pixels` is the page [h, w, 3] in RGB; `lines` are its recognised lines in the same pixels,
    their words with characters where lines may have to be cut. `outlines` tell where a detector
    saw lines, read or not: ink in them is text, though nothing is known of what it says. The
    page may be skewed by some degrees, of any resolution.
    """
    passes = restore_passes(pixels, lines, outlines)
    tables = tuple(table for steps in passes for table in steps.restoration.tables)
    return replace(passes[-1].restoration, tables=tables)


def restore_passes(
    pixels: npt.NDArray[np.uint8], lines: Sequence[Line], outlines: Sequence[Polygon] = ()
) -> tuple[Steps, ...]:
    """What `restore_steps` found, for every direction in which a page's text runs.

    Arguments as for `restore_tables`.
    Tables that stand on their side come first: what they claim is no part of a level one.
    """
    height, width = pixels.shape[:2]
    passes = []
    for turns in (1, 3):
        running = [line for line in lines if quarter_turns(line) == turns]
        if len(running) < _SIDEWAYS:
            continue
        others = [line for line in lines if quarter_turns(line) != turns]
        upright = find_upright(running, width, height, turns)
        steps = restore_steps(pixels, running, upright, others)
        if steps.regions:
            passes.append(steps)
            lines = [*others, *steps.restoration.lines]
            pixels = _blanked(pixels, steps.restoration.tables)
    level = restore_steps(pixels, lines, find_upright(lines, width, height), (), outlines)
    return (*passes, level)


def restore_steps(
    pixels: npt.NDArray[np.uint8],
    lines: Sequence[Line],
    upright: Upright,
    others: Sequence[Line] = (),
    outlines: Sequence[Polygon] = (),
) -> Steps:
    """Restore the tables whose text is level in `upright`, and keep what every step found.

    What holds more text of `others`, lines that run another way, than of `lines` is no table.
    """
    height = pixels.shape[0]
    grey = upright.picture(ink_channel(pixels))
    words = [word for line in lines for word in line.words]
    boxes = upright.boxes([word.polygon for word in words])
    read = [(box, word.confidence) for box, word in zip(boxes, words, strict=True)]
    unread = unread_lines(grey, upright.boxes(outlines), read, upright)
    lines, crossing = without_crossing(lines, upright)
    if unread or crossing:
        lines = [*lines, *unread]
        words = [word for line in lines for word in line.words]
        boxes = upright.boxes([word.polygon for word in words])
    text_height = usual_text_height(upright.boxes([line.polygon for line in lines]), height)
    letters = upright.edges([c.polygon for word in words for c in word.characters])
    joints = letter_joints(words, letters)
    hiding = hiding_boxes(words, boxes, upright)
    rulings = find_rulings(
        grey, hiding, letters, text_height, lambda: upright.picture(bright_channel(pixels))
    )
    rulings = without_rim(rulings, hiding, grey.shape, text_height)
    rulings = of_one_pen(without_creases(rulings, letters, joints))
    graph = build_graph(rulings, hiding, text_height)
    tokens = cut_tokens(lines, upright, graph.rulings, text_height)
    tokens = [t for t in tokens if not is_ruling(t.text, t.box, graph.rulings)]
    gap = usual_gap(tokens)
    space = usual_space(tokens, text_height)
    regions = []
    everything = list(lines)
    for found in find_regions(tokens, graph, space, text_height):
        if cuts_prose(found.tokens, tokens, gap) or _foreign(found, others, upright):
            continue
        grid = find_grid(found.tokens, found.rulings, found.box, space, text_height)
        if not is_table(grid, found.tokens) or is_prose(grid, found.tokens, gap):
            continue
        marks = read_marks(grey, grid, found.tokens, upright, text_height)
        more = cut_tokens(marks, upright, (), text_height, first=len(everything))
        everything += marks
        regions.append(Region(found.box, (*found.tokens, *more), grid))
    tables = tuple(build_table(r.grid, r.tokens, everything, upright, pixels) for r in regions)
    outside = [c for c in crossing if not _held(c, regions, upright)]
    rest = (*_rest(tokens, regions, lines), *outside)
    rules = _rules(rulings, regions, upright)
    restoration = Restoration(tables, rest, rules)
    return Steps(upright, tuple(rulings), graph, tuple(regions), restoration)


def usual_text_height(lines: Sequence[Box], page_height: int) -> float:
    """The height, in pixels, of most of the text on a page."""
    if not lines:
        return max(8.0, page_height / 90)
    weights = np.array([max(line.width, line.height) for line in lines])
    heights = np.array([min(line.width, line.height) for line in lines])
    order = np.argsort(heights)
    total = np.cumsum(weights[order])
    return max(4.0, float(heights[order][int(np.searchsorted(total, total[-1] / 2))]))


def _foreign(found: Candidate, others: Sequence[Line], upright: Upright) -> bool:
    """Whether a candidate holds more text that runs another way than its own."""
    held = [o for o in others if found.box.contains(upright.box(o.polygon).center)]
    return sum(len(o.text) for o in held) > sum(len(t.text) for t in found.tokens)


def _blanked(pixels: npt.NDArray[np.uint8], tables: Sequence[Table]) -> npt.NDArray[np.uint8]:
    """The page with the places of tables painted white."""
    blank = pixels.copy()
    for table in tables:
        cv2.fillConvexPoly(blank, np.rint(table.polygon.points).astype(np.int32), _WHITE)
    return blank


def _rules(
    rulings: Sequence[Ruling], regions: Sequence[Region], upright: Upright
) -> tuple[Polygon, ...]:
    """The level lines drawn between a page's blocks, tables' own not among them."""
    level = [r.box for r in rulings if r.horizontal and r.drawn]
    return tuple(
        upright.polygon(box)
        for box in level
        if not any(region.box.contains(box.center) for region in regions)
    )


def _held(line: Line, regions: Sequence[Region], upright: Upright) -> bool:
    """Whether a line's middle lies in a table."""
    middle = upright.box(line.polygon).center
    return any(region.box.contains(middle) for region in regions)


def _rest(
    tokens: Sequence[Token], regions: Sequence[Region], lines: Sequence[Line]
) -> tuple[Line, ...]:
    """The lines outside all tables, cut where they run into one."""
    taken = {id(token) for region in regions for token in region.tokens}
    left: dict[int, list[Token]] = {}
    for token in tokens:
        if id(token) not in taken:
            left.setdefault(token.line, []).append(token)
    return tuple(line for number in sorted(left) for line in assemble(left[number], lines))
