"""The sheet in a photograph, from its edges and from all that ought to be straight on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from scanner.images import Step
from scanner.options import Options
from scanner.preprocess.look import Look
from scanner.preprocess.orientation import Turn
from scanner.preprocess.page_edges import PageEdges
from scanner.preprocess.sheet import Sheet, fit_sheet, misfit
from scanner.rectification import project

Array = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in a sheet's own coordinates."""

TOLERANCE = 0.15
"""Letter heights by which a point may be off: the unit of every misfit."""

STRAIGHT = 0.5
"""A misfit up to this is the noise of finding the points: the page needs no more."""

WINS = 0.7
"""A better model must bring the misfit below this share of the simpler one's."""

CONVINCES = 0.55
"""The same where no edge of the sheet is seen, and a stray stamp or seal may mislead."""

WAVY = 1.0
"""The misfit from which a sheet whose edges are not seen is not flat for certain."""

TILT = 0.012
"""Of the diagonal of all marks: a perspective that moves points by less is left alone."""

STRAY = 3.0
"""The misfit from which a single trace is none of the sheet's."""

FEWEST_ROWS = 8
"""Without its edges, fewer traces do not say how a sheet lies."""

POINTS = 24
"""So many points of a trace tell as much as all of them."""

MOST_TRACES = 150


@dataclass(frozen=True, slots=True, eq=False)
class Flattening:
    """The sheet as it was found, None where the picture is flat already.

    `box` is what to keep of it.
    """

    sheet: Sheet | None
    box: Box
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Evidence:
    rows: list[Array]
    columns: list[Array]
    tolerance: float


def find_flattening(
    look: Look, turn: Turn, edges: PageEdges | None, options: Options
) -> Flattening:
    """How the sheet in a picture lies before the camera, if it is not just turned.

    `edges` are the sheet's, in the look's pixels, where they were found.
    """
    steps: list[Step] = []
    evidence = _gather(look, turn, edges)
    start = Sheet(turns=(0.0, 0.0, float(np.radians(turn.degrees))))
    if edges is None and (not options.flatten or len(evidence.rows) < FEWEST_ROWS):
        return Flattening(None, (0, 0, 0, 0), tuple(steps))

    if edges is None and _off_level(evidence, start) <= WAVY:
        return Flattening(None, (0, 0, 0, 0), (Step("flatten", 1.0, False),))
    sheet, off = _fit(evidence, start, bend=False)
    curled, after = sheet, off
    wins, straight = (CONVINCES, WAVY) if edges is None else (WINS, STRAIGHT)
    if options.flatten and off > straight:
        curled, after = _bend(evidence, sheet)
        kept = _without_strays(evidence, curled)
        if kept is not evidence:
            evidence = kept
            sheet, off = _fit(evidence, start, bend=False)
            curled, after = _bend(evidence, sheet) if off > straight else (sheet, off)
    turned = replace(start, turns=(0.0, 0.0, sheet.turns[2]))
    plain = misfit(evidence.rows, evidence.columns, turned, evidence.tolerance)
    tilted = edges is not None or (
        plain > straight and off < wins * plain and _foreshortening(evidence, sheet) > TILT
    )
    bent = False
    if options.flatten:
        before = off if tilted else plain
        if before > straight:
            bent = after < wins * before and not curled.is_flat
            steps.append(Step("flatten", _share_won(before, after), bent or tilted))
            sheet = curled if bent else sheet
        else:
            alone = tilted and edges is None
            steps.append(Step("flatten", _share_won(plain, off) if alone else 1.0, alone))
    if not (tilted or bent):
        return Flattening(None, (0, 0, 0, 0), tuple(steps))
    box = _content(sheet, look, turn, edges)
    return Flattening(sheet, box, tuple(steps))


def _off_level(evidence: _Evidence, start: Sheet) -> float:
    """The misfit of a sheet that is turned as most rows are: a quick look at most flat scans."""
    ends = np.array([row[-1] - row[0] for row in evidence.rows])
    slopes = np.arctan2(ends[:, 1], ends[:, 0]) - start.turns[2]
    slopes = (slopes + np.pi / 2) % np.pi - np.pi / 2  # rows have no beginning
    turned = replace(start, turns=(0.0, 0.0, start.turns[2] + float(np.median(slopes))))
    return misfit(evidence.rows, evidence.columns, turned, evidence.tolerance)


def _fit(evidence: _Evidence, start: Sheet, bend: bool) -> tuple[Sheet, float]:
    return fit_sheet(evidence.rows, evidence.columns, start, evidence.tolerance, bend)


def _without_strays(evidence: _Evidence, sheet: Sheet) -> _Evidence:
    """The evidence without traces that a sheet fitted to all of them does not explain at all.

    A shadow's edge passes for a side of the sheet, and a cut for a ruling.
    """

    def explained(trace: Array, level: bool) -> bool:
        rows, columns = ([trace], []) if level else ([], [trace])
        return misfit(rows, columns, sheet, evidence.tolerance) < STRAY

    rows = [trace for trace in evidence.rows if explained(trace, True)]
    columns = [trace for trace in evidence.columns if explained(trace, False)]
    if len(rows) + len(columns) == len(evidence.rows) + len(evidence.columns):
        return evidence
    return _Evidence(rows, columns, evidence.tolerance)


def _bend(evidence: _Evidence, flat: Sheet) -> tuple[Sheet, float]:
    """The better of two starts: a sheet that bends across its width and one along its height."""
    return min(
        (
            _fit(evidence, replace(flat, direction=direction), bend=True)
            for direction in (0.0, np.pi / 2)
        ),
        key=lambda found: found[1],
    )


def _foreshortening(evidence: _Evidence, sheet: Sheet) -> float:
    """How far perspective moves the marks, beyond a turn, a shift and a scale."""
    seen = np.concatenate([*evidence.rows, *evidence.columns]) @ np.array([1, 1j])
    flat = sheet.to_sheet(np.column_stack([seen.real, seen.imag])) @ np.array([1, 1j])
    seen, flat = seen - seen.mean(), flat - flat.mean()
    scale = np.vdot(seen, flat) / np.vdot(seen, seen)
    return float(np.abs(flat - scale * seen).max() / np.abs(scale * seen).max() / 2)


def _share_won(before: float, after: float) -> float:
    return float(np.clip(1 - after / max(before, 1e-9), 0, 1))


def _gather(look: Look, turn: Turn, edges: PageEdges | None) -> _Evidence:
    """All traces in the camera's coordinates; those beside the sheet are left out."""
    back = np.linalg.inv(turn.matrix)
    rows = [project(back, _thin(trace)) for trace in turn.marks.rows]
    columns = [project(back, _thin(trace)) for trace in turn.marks.columns]
    if edges is not None:
        outline = (edges.contour / look.scale).astype(np.float32).reshape(-1, 1, 2)
        rows = [trace for trace in rows if _on(outline, trace)]
        columns = [trace for trace in columns if _on(outline, trace)]
    rows = _some(rows)
    columns = _some(columns)
    if edges is not None:
        axis = np.array([np.cos(np.radians(turn.degrees)), np.sin(np.radians(turn.degrees))])
        for side in edges.sides:
            if len(side):
                along = side[-1] - side[0]
                level = abs(along @ axis) > 0.7 * float(np.hypot(*along))
                (rows if level else columns).append(_thin(side / look.scale, 2 * POINTS))
    longest = max(look.size)
    letter = turn.marks.letter / look.scale or 0.01 * longest
    return _Evidence(
        [(trace - look.centre) / longest for trace in rows],
        [(trace - look.centre) / longest for trace in columns],
        TOLERANCE * letter / longest,
    )


def _thin(trace: Array, points: int = POINTS) -> Array:
    if len(trace) <= points:
        return trace
    return np.asarray(trace[np.linspace(0, len(trace) - 1, points).astype(int)])


def _some(traces: Sequence[Array]) -> list[Array]:
    """The longest traces, where there are very many."""
    longest = sorted(traces, key=lambda trace: -float(np.ptp(trace, axis=0).max()))
    return longest[:MOST_TRACES]


def _on(outline: npt.NDArray[np.float32], trace: Array) -> bool:
    """Whether the first, middle and last point of a trace lie on the sheet."""
    return all(
        cv2.pointPolygonTest(outline, (float(x), float(y)), measureDist=False) >= 0
        for x, y in (trace[0], trace[len(trace) // 2], trace[-1])
    )


def _content(sheet: Sheet, look: Look, turn: Turn, edges: PageEdges | None) -> Box:
    """What to keep of the sheet: up to its edges, and elsewhere as far as the picture reaches.

    Far from any mark the shape of a sheet is a guess, so that without edges it ends a little
    beyond its letters.
    """
    longest = max(look.size)
    height, width = look.size
    if edges is not None:
        outline = sheet.to_sheet((edges.contour / look.scale - look.centre) / longest)
        box = [*outline.min(axis=0), *outline.max(axis=0)]
        for side in edges.sides:
            if len(side):
                x, y = sheet.to_sheet((side / look.scale - look.centre) / longest).T
                level = np.ptp(x) > np.ptp(y)
                place = float(np.median(y if level else x))
                middle = outline.mean(axis=0)[int(level)]
                box[int(level) + (2 if place > middle else 0)] = place
        return box[0], box[1], box[2], box[3]
    t = np.linspace(0, 1, 33)
    zero, one = np.zeros_like(t), np.ones_like(t)
    border = np.concatenate(
        [np.column_stack(pair) for pair in ((t, zero), (one, t), (t, one), (zero, t))]
    ) * (width, height)
    frame = sheet.to_sheet((border - look.centre) / longest)
    middles = (look.letters[:, :2] + look.letters[:, 2:]) / 2 / look.scale
    inked = sheet.to_sheet((middles - look.centre) / longest)
    margin = 0.25 * float(np.ptp(inked, axis=0).max())
    low = np.maximum(frame.min(axis=0), inked.min(axis=0) - margin)
    high = np.minimum(frame.max(axis=0), inked.max(axis=0) + margin)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])
