"""Random pages with tables whose structure, and every character's place, is known.

    page = generate_page(7)                                        # anything
    page = generate_page(7, rulings=Rulings.FULL, damage=Damage.NONE)  # the rest at random
    page = generate_report(7)                                      # of a statistical report

The same seed and choices give the same page on one machine; fonts are those installed.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from benchmarks.generated_tables.damage import damaged
from benchmarks.generated_tables.drawing import draw_page
from benchmarks.generated_tables.grid import random_grid
from benchmarks.generated_tables.lines import join_neighbours
from benchmarks.generated_tables.page import GeneratedPage
from benchmarks.generated_tables.report_pages import generate_report
from benchmarks.generated_tables.style import (
    Damage,
    Rulings,
    Script,
    Shading,
    Stroke,
    Style,
    random_style,
)
from benchmarks.generated_tables.texts import font_for

__all__ = [
    "Damage",
    "GeneratedPage",
    "Rulings",
    "Script",
    "Shading",
    "Stroke",
    "Style",
    "generate_page",
    "generate_report",
    "join_neighbours",
    "random_style",
]


def generate_page(seed: int, **choices: Any) -> GeneratedPage:
    """The page of that seed; `choices` fix fields of `Style` that would be random otherwise."""
    random = Random(seed)
    style = replace(random_style(random), **choices)
    font = font_for(style.script, style.font, style.em)
    if font is None:
        style = replace(style, script=Script.LATIN)
        font = font_for(style.script, style.font, style.em)
        assert font is not None, "Pillow brings a Latin font"
    grids = [random_grid(random, style) for _ in range(style.tables)]
    page = damaged(random, draw_page(random, style, grids, font), style.damage)
    lines = sorted(page.lines, key=lambda line: (line.polygon.box.top, line.polygon.box.left))
    return GeneratedPage(page.pixels, page.tables, tuple(lines), style)
