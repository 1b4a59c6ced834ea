"""The invisible text of a page: every word stretched over the place where it is printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import numpy.typing as npt

from scanner.searchable_pdf.font import ADVANCE, DESCENT, EM
from table_restore.document import Line

Vector = npt.NDArray[np.float64]

_FLAT = 1e-3
"""Points; what is smaller has no width to stretch text over."""


def draw_text(
    lines: Iterable[Line], codes: Mapping[str, int], height: float, scale: float
) -> bytes:
    """The operators that set the lines in their order, invisible, in the font `/F`.

    `lines` are in pixels of a page `height` pixels high; `scale` is the size of a pixel in
    points; `codes` has the font's code of every character. A word is as wide as on the page; it
    is as high as its line, so that a line is selected as a whole. Spaces part the words.
    """
    operators = ["BT", "3 Tr"]
    for line in lines:
        operators += _line(line, codes, height, scale)
    return "\n".join([*operators, "ET"]).encode("ascii")


def _line(line: Line, codes: Mapping[str, int], height: float, scale: float) -> Iterator[str]:
    corners = _in_points(line.polygon.points, height, scale)
    if len(corners) != 4:
        corners = _in_points(line.polygon.box.polygon().points, height, scale)
    along = corners[2] - corners[3]  # the lower edge, from where the text begins
    up = (corners[0] + corners[1] - corners[2] - corners[3]) / 2
    size = float(np.linalg.norm(up))
    length = float(np.linalg.norm(along))
    if size < _FLAT or length < _FLAT:
        return
    along /= length
    origin = (corners[3] + corners[2] - along * length) / 2 - up * (DESCENT / EM)
    yield f"/F {size:.3f} Tf"
    for number, word in enumerate(line.words, start=1):
        start, end = _extent(word.polygon.points, corners[3], along, height, scale)
        if not word.text or end - start < _FLAT:
            continue
        # PDFium takes a space of its own for the start of a line; one behind a word it does not.
        text = word.text if number == len(line.words) else f"{word.text} "
        x, y = origin + along * start
        cosine, sine = along
        yield f"{100 * (end - start) / (len(word.text) * size * ADVANCE / EM):.3f} Tz"
        yield f"{cosine:.5f} {sine:.5f} {-sine:.5f} {cosine:.5f} {x:.3f} {y:.3f} Tm"
        yield "<" + "".join(f"{codes[character]:04X}" for character in text) + "> Tj"


def _extent(
    points: npt.ArrayLike, start: Vector, along: Vector, height: float, scale: float
) -> tuple[float, float]:
    """From where to where a word reaches along its line, in points from the line's start."""
    reach = (_in_points(points, height, scale) - start) @ along
    return float(reach.min()), float(reach.max())


def _in_points(points: npt.ArrayLike, height: float, scale: float) -> Vector:
    """Pixels with the origin at the top left as points with the origin at the bottom left."""
    pixels = np.asarray(points, dtype=np.float64)
    return np.column_stack([pixels[:, 0], height - pixels[:, 1]]) * scale
