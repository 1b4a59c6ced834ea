"""A page's tables, from its pixels and its lines of text, the stages in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from table_restore.alignment import usual_space
from table_restore.cells import build_table
from table_restore.creases import of_one_pen, without_creases
from table_restore.document import Line, Table
from table_restore.geometry import Box
from table_restore.graph import RulingGraph, build_graph
from table_restore.grid import Grid, find_grid
from table_restore.marks import read_marks
from table_restore.prose import cuts_prose, is_prose, usual_gap
from table_restore.regions import find_regions
from table_restore.rulings import Ruling, darkest_channel, find_rulings
from table_restore.tokens import Token, assemble, cut_tokens
from table_restore.upright import Upright, find_upright
from table_restore.verify import is_table


@dataclass(frozen=True, slots=True)
class Restoration:
    """What a page's lines became: tables in page order, and the lines left as running text.

    Polygons are in page pixels. A line that is partly in a table is cut by its characters.
    """

    tables: tuple[Table, ...]
    lines: tuple[Line, ...]


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


def restore_tables(pixels: npt.NDArray[np.uint8], lines: Sequence[Line]) -> Restoration:
    """Restore the tables of a page.

    `pixels` is the page [h, w, 3] in RGB; `lines` are its recognised lines in the same pixels,
    their words with characters where lines may have to be cut. The page may be skewed by some
    degrees, of any resolution.
    """
    return restore_steps(pixels, lines).restoration


def restore_steps(pixels: npt.NDArray[np.uint8], lines: Sequence[Line]) -> Steps:
    """Restore the tables of a page and keep what every step found."""
    height, width = pixels.shape[:2]
    upright = find_upright(lines, width, height)
    boxes = [upright.box(word.polygon) for line in lines for word in line.words]
    text_height = usual_text_height([upright.box(line.polygon) for line in lines], height)
    grey = upright.picture(darkest_channel(pixels))
    letters = [
        upright.box(c.polygon) for line in lines for word in line.words for c in word.characters
    ]
    rulings = find_rulings(grey, boxes, letters, text_height)
    rulings = of_one_pen(without_creases(rulings, lines, upright))
    graph = build_graph(rulings, boxes, text_height)
    tokens = cut_tokens(lines, upright, graph.rulings, text_height)
    gap = usual_gap(tokens)
    space = usual_space(tokens, text_height)
    regions = []
    everything = list(lines)
    for found in find_regions(tokens, graph, text_height):
        if cuts_prose(found.tokens, tokens, gap):
            continue
        grid = find_grid(found.tokens, found.rulings, found.box, space, text_height)
        if not is_table(grid, found.tokens) or is_prose(grid, found.tokens, gap):
            continue
        marks = read_marks(grey, grid, found.tokens, upright, text_height)
        more = cut_tokens(marks, upright, (), text_height, first=len(everything))
        everything += marks
        regions.append(Region(found.box, (*found.tokens, *more), grid))
    tables = tuple(build_table(r.grid, r.tokens, everything, upright, pixels) for r in regions)
    rest = _rest(tokens, regions, lines)
    return Steps(upright, tuple(rulings), graph, tuple(regions), Restoration(tables, rest))


def usual_text_height(lines: Sequence[Box], page_height: int) -> float:
    """The height, in pixels, of most of the text on a page."""
    if not lines:
        return max(8.0, page_height / 90)
    weights = np.array([max(line.width, line.height) for line in lines])
    heights = np.array([min(line.width, line.height) for line in lines])
    order = np.argsort(heights)
    total = np.cumsum(weights[order])
    return max(4.0, float(heights[order][int(np.searchsorted(total, total[-1] / 2))]))


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
