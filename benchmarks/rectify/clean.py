"""Pages that are flat and upright already must stay so, and read as well as without any step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.datasets import load
from benchmarks.metrics import Score, score
from benchmarks.rectify.pages import first_page
from scanner.layout import arrange
from scanner.options import Options
from scanner.pipeline import Models, read_text
from scanner.plate import Plate
from scanner.turned_plate import upright
from table_restore.document import Block

SETS = ("unlv_reports", "unlv_letters", "icdar2013")


def measure(data: Path, models: Models, every: int) -> dict[str, Any]:
    """For each set: which pages are changed by more than their skew, and the text's error.

    The error is measured on the pages as they are, where a person typed their text: with all
    steps and with none. Pages that stay as they are read the same, and are not read twice.
    """
    return {name: _measure_set(name, data, models, every) for name in SETS}


def _measure_set(name: str, data: Path, models: Models, every: int) -> dict[str, Any]:
    rows = (data / name / "list.tsv").read_text(encoding="utf-8").splitlines()[::every]
    samples = load(name, data)[::every] if name != "icdar2013" else []
    changed, with_steps, without = [], [], []
    for index, row in enumerate(rows):
        pixels = first_page(data / name / row.split("\t")[0])
        picture = models.plate(pixels)
        page, way, steps = upright(picture, Options(), models)
        if any(step.taken and step.name != "deskew" for step in steps):
            changed.append(row.split("\t")[0])
        if samples:
            truth = samples[index].truth
            plain = score(truth, _text(picture))
            without.append(plain)
            with_steps.append(plain if way.is_identity else score(truth, _text(page)))
    result: dict[str, Any] = {
        "pages": len(rows),
        "changed_beyond_skew": changed,
    }
    if samples:
        result["cer_with"] = Score.sum_of(with_steps).cer
        result["cer_without"] = Score.sum_of(without).cer
    return result


def _text(page: Plate) -> str:
    """The text of a page in reading order."""
    height, width = page.size
    items = arrange(tuple(read_text(page, Options()).lines), (), width, height)
    return "\n".join(line.text for item in items if isinstance(item, Block) for line in item.lines)
