"""Upright pages turned at random by quarters of a turn, which must come back upright."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from benchmarks.rectify.clean import SETS
from benchmarks.rectify.pages import Pixels, first_page
from scanner.options import Options
from scanner.pipeline import Models
from scanner.preprocess.geometry import find_geometry


def measure(data: Path, models: Models, every: int) -> dict[str, Any]:
    """The share of all pages that come back upright, and for each set which ones do not.

    A quarter of the pages are left as they are: those that are turned then are `turned_upright`.
    """
    pages, wrong, harmed = 0, {}, []
    for name in SETS:
        random = Random(name)
        wrong[name] = []
        for row in (data / name / "list.tsv").read_text(encoding="utf-8").splitlines()[::every]:
            page = row.split("\t")[0]
            quarters = random.randrange(4)
            found = quarters_found(np.rot90(first_page(data / name / page), -quarters), models)
            pages += 1
            if found != quarters:
                wrong[name].append({"page": page, "turned": quarters, "found": found})
                if quarters == 0:
                    harmed.append(page)
    failures = sum(map(len, wrong.values()))
    return {
        "pages": pages,
        "upright": 1 - failures / max(pages, 1),
        "wrong": wrong,
        "turned_upright": harmed,
    }


def quarters_found(pixels: Pixels, models: Models) -> int:
    """By how many quarters of a turn, clockwise, a picture was found to be turned."""
    size = (pixels.shape[0], pixels.shape[1])
    geometry = find_geometry(np.ascontiguousarray(pixels), size, Options(), models)
    height, width = geometry.size
    ends = geometry.rectification.to_source([(0, height / 2), (width, height / 2)])
    x, y = ends[1] - ends[0]
    return round(float(np.degrees(np.arctan2(y, x))) / 90) % 4
