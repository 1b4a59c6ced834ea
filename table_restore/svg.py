"""Outlines and text as a picture that notebooks and browsers show without help."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree

from table_restore.geometry import Point, Polygon

ShapeKind = Literal["block", "table", "cell", "line"]

_STYLE = """
svg { background: white }
polygon { fill: none; vector-effect: non-scaling-stroke }
.block { stroke: #2a9d3a }
.table { stroke: #7b2cbf; stroke-width: 2 }
.cell { stroke: #c1121f }
text { font-family: sans-serif; fill: #111 }
"""
# What XML 1.0 cannot carry, escaped or not.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Shape:
    """One outline; a line's text is set along its first edge, other kinds show none."""

    kind: ShapeKind
    polygon: Polygon
    text: str = ""


def draw_svg(width: int, height: int, shapes: Iterable[Shape]) -> str:
    """Draw shapes, in order, on a page of `width` x `height` pixels; returns SVG markup."""
    root = ElementTree.Element(
        "svg",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        style=f"max-width: 100%; width: {min(width, 900)}px",
    )
    ElementTree.SubElement(root, "style").text = _STYLE
    for shape in shapes:
        if shape.kind == "line":
            _add_text(root, shape)
        else:
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shape.polygon.points)
            ElementTree.SubElement(root, "polygon", {"class": shape.kind, "points": points})
    return ElementTree.tostring(root, encoding="unicode")


def _add_text(root: ElementTree.Element, shape: Shape) -> None:
    """Set the text so that it fills the outline, turned with its first edge."""
    start, end, below = shape.polygon.points[0], shape.polygon.points[1], shape.polygon.points[-1]
    length, height = _distance(start, end), _distance(start, below)
    angle = math.degrees(math.atan2(end[1] - start[1], end[0] - start[0]))
    text = ElementTree.SubElement(
        root,
        "text",
        {
            "transform": f"translate({start[0]:.1f} {start[1]:.1f}) rotate({angle:.2f})",
            "y": f"{0.8 * height:.1f}",
            "font-size": f"{0.85 * height:.1f}",
            "textLength": f"{length:.1f}",
            "lengthAdjust": "spacingAndGlyphs",
        },
    )
    text.text = _NOT_XML.sub("\ufffd", shape.text)


def _distance(a: Point, b: Point) -> float:
    return math.hypot(b[0] - a[0], b[1] - a[1])
