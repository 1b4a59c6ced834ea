"""What to do to a picture so that its page is flat and upright, and doing it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import torch

from scanner.images import Step
from scanner.options import Options
from scanner.preprocess.flatten import Box, find_flattening
from scanner.preprocess.look import Look
from scanner.preprocess.orientation import Turn, find_turn
from scanner.preprocess.page_edges import find_page_edges
from scanner.preprocess.sheet import Sheet
from scanner.preprocess.skew import WIDEST, estimate_skew
from scanner.preprocess.vote import Witness
from scanner.rectification import Rectification, Warp, project
from scanner.resampling import paper_colour
from table_restore.geometry import Point

Pixels = npt.NDArray[np.uint8]
Array = npt.NDArray[np.float64]

SMALLEST_SKEW = 0.25
"""Degrees; turning a page by less costs more sharpness than it wins."""

RIM, WHITE, ALL_BUT = 0.01, 250, 0.98
"""The width of a picture's rim, as a share of its longer side; the grey level from which it is
white, and the share of each side's pixels that must be, specks and print excepted."""

FOUND = 0.3
"""The confidence from which a sheet in a photograph is believed."""

LEVEL, MANY_ROWS = 0.1, 12
"""Degrees, and so many rows of letters: where most of them lean by no more, the page is level, and
its skew need not be measured."""

CONVINCED = 0.5
"""The confidence from which a skew is believed."""

NODES = 32
"""Pixels between the nodes of a warp."""


@dataclass(frozen=True, slots=True, eq=False)
class Geometry:
    """The way from the source to a page of `size` (height, width), and how sure each step is."""

    rectification: Rectification
    size: tuple[int, int]
    steps: tuple[Step, ...]


def find_geometry(
    small: Pixels, size: tuple[int, int], options: Options, witness: Witness | None = None
) -> Geometry:
    """How to make the page in a picture of a size (height, width) flat and upright.

    `small` is the picture, RGB or grey, or a smaller copy. `witness` finds and reads lines, to
    tell which way up the page is; without one a page is at most taken to lean.
    """
    look = Look.at(small, size)
    steps: tuple[Step, ...] = ()
    edges = None
    if options.find_page and not _has_white_rim(look.grey):
        edges = find_page_edges(look.pixels, look.letters)
    if options.find_page:
        confidence = edges.confidence if edges else 0.0
        if confidence < FOUND:
            edges = None
        steps += (Step("find_page", confidence, edges is not None),)
    if edges is not None:
        look = look.within(edges.contour)
    turn = find_turn(look, witness if options.orient else None)
    if turn.step is not None:
        steps += (turn.step,)
    if edges is not None or options.flatten:
        found = find_flattening(look, turn, edges, options)
        steps += found.steps
        if found.sheet is not None:
            flat = _flat(found.sheet, found.box, look, steps)
            if flat is not None:
                return flat
    return _turned(look, turn, options, steps)


def _has_white_rim(grey: Pixels) -> bool:
    """Whether a picture ends in white on all sides, as scanners make it: it shows no ground."""
    wide = max(1, round(RIM * max(grey.shape)))
    sides = (grey[:wide], grey[-wide:], grey[:, :wide], grey[:, -wide:])
    return all(np.count_nonzero(side >= WHITE) >= ALL_BUT * side.size for side in sides)


def _flat(sheet: Sheet, box: Box, look: Look, steps: tuple[Step, ...]) -> Geometry | None:
    """The way to the flat sheet, as large as the picture shows it; None where it is absurd."""
    left, top, right, bottom = box
    inner = _grid(9, 9) * (right - left, bottom - top) + (left, top)
    longest = max(look.size)
    step = 1e-3
    seen = sheet.to_picture(inner)
    over, down = (sheet.to_picture(inner + move) - seen for move in ((step, 0), (0, step)))
    area = (over[:, 0] * down[:, 1] - over[:, 1] * down[:, 0]) / step**2
    if area.min() <= 0:
        return None
    scale = longest * float(np.sqrt(np.percentile(area, 75)))
    width, height = round((right - left) * scale), round((bottom - top) * scale)
    if not (0.1 < width * height / (look.size[0] * look.size[1]) < 4 and min(width, height) > 32):
        return None

    def to_source(points: Array) -> Array:
        return sheet.to_picture(points / scale + (left, top)) * longest + look.centre

    corners = _grid(9, 9) * (width, height)
    matrix = np.asarray(cv2.findHomography(to_source(corners), corners)[0], dtype=np.float64)
    if sheet.is_flat:
        return Geometry(Rectification(matrix), (height, width), steps)
    rows, columns = (-(-side // NODES) + 1 for side in (height, width))
    nodes = _grid(rows, columns) * ((columns - 1) * NODES, (rows - 1) * NODES)
    shifts = (project(matrix, to_source(nodes)) - nodes).reshape(rows, columns, 2)
    try:
        warp = Warp(shifts, float(NODES))
    except ValueError:
        return None
    return Geometry(Rectification(matrix, warp), (height, width), steps)


def _turned(look: Look, turn: Turn, options: Options, steps: tuple[Step, ...]) -> Geometry:
    """Quarter turns, and the skew that is left turned away."""
    quarters = round(turn.degrees / 90) % 4
    matrix, size = _rotation(look.size, 90.0 * quarters)
    left_over = turn.degrees - 90 * round(turn.degrees / 90)
    if abs(left_over) <= LEVEL and len(turn.marks.rows) >= MANY_ROWS:
        left_over = 0.0
        steps = (*steps, Step("deskew", 1.0, False)) if options.deskew else steps
    elif options.deskew and abs(left_over) <= WIDEST:
        skew = estimate_skew(np.ascontiguousarray(np.rot90(look.seen, quarters)))
        taken = abs(skew.angle) >= SMALLEST_SKEW and skew.confidence >= CONVINCED
        steps = (*steps, Step("deskew", min(1.0, skew.confidence), taken))
        left_over = skew.angle if taken else 0.0
    elif not options.deskew:
        left_over = 0.0
    if left_over:
        more, size = _rotation(size, left_over)
        matrix = more @ matrix
    if not quarters and not left_over:
        return Geometry(Rectification.identity(), size, steps)
    return Geometry(Rectification(matrix), size, steps)


def cut_out(pixels: torch.Tensor, outline: Sequence[Point]) -> tuple[torch.Tensor, Point]:
    """The part of a picture, RGB, within an outline, on paper, and where its top left corner is."""
    picture, corners = pixels.numpy(), np.array(outline)
    height, width = picture.shape[:2]
    left, top = np.clip(np.floor(corners.min(axis=0)), 0, (width - 1, height - 1)).astype(int)
    right, bottom = np.clip(np.ceil(corners.max(axis=0)), (left + 1, top + 1), (width, height))
    part = picture[top : int(bottom), left : int(right)]
    mask = np.zeros(part.shape[:2], dtype=np.uint8)
    cv2.fillPoly(mask, [np.rint(corners - (left, top)).astype(np.int32)], 255)
    paper = np.full_like(part, np.array(paper_colour(part), dtype=np.uint8))
    return torch.from_numpy(cv2.copyTo(part, mask, paper)), (float(left), float(top))


def _rotation(size: tuple[int, int], angle: float) -> tuple[Array, tuple[int, int]]:
    """Turns a page by `angle` degrees counter-clockwise; the canvas grows to keep its corners."""
    height, width = size
    matrix = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0), (0, 0, 1)])
    corners = project(matrix, [(0, 0), (width, 0), (width, height), (0, height)])
    low = corners.min(axis=0)
    wide, high = np.ceil(corners.max(axis=0) - low - 1e-6)
    matrix[:2, 2] -= low
    return matrix, (int(high), int(wide))


def _grid(rows: int, columns: int) -> Array:
    """Points (x, y) spread over the unit square, row by row."""
    x, y = np.meshgrid(np.linspace(0, 1, columns), np.linspace(0, 1, rows))
    return np.stack([x, y], axis=2).reshape(-1, 2)
