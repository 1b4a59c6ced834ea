"""Generated photographs with known truth: where every point lands, and the table's structure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.generated_tables import Damage, Rulings, generate_page
from benchmarks.generated_warps import Shape, photograph
from benchmarks.rectify.metrics import distances
from benchmarks.rectify.pages import rectified
from scanner.options import Options
from scanner.pipeline import Models, read_text
from table_restore import restore_tables
from table_restore.document import Table


def measure(models: Models, count: int) -> dict[str, Any]:
    """`count` photographs of pages with ruled tables, a page and a photograph for each seed.

    `p95` is the 95th percentile over all points of all photographs of the distance from where
    they belong, in per cent of the page's diagonal; `good` the share of photographs whose own
    95th percentile is below 1; `exact` the share whose tables have all cells and spans right.
    """
    kinds = list(Shape)
    off: dict[str, list[np.ndarray]] = {}
    exact: dict[str, list[bool]] = {}
    worst = []
    for seed in range(count):
        page = generate_page(seed, rulings=Rulings.FULL, damage=Damage.NONE)
        photo = photograph(page.pixels, seed, kinds[seed % len(kinds)])
        image = rectified(photo.pixels, models, Options())
        found = distances(
            image.rectification.to_page(photo.photo_points), photo.page_points, photo.page_size
        )
        off.setdefault(photo.shape, []).append(found)
        worst.append((float(np.percentile(found, 95)), seed))
        pixels = image.pixels.numpy()
        text = read_text(models.plate(pixels), Options())
        tables = restore_tables(pixels, text.lines, text.outlines).tables
        exact.setdefault(photo.shape, []).append(structure(tables) == structure(page.tables))
    off["all"] = [found for kind in kinds for found in off.get(kind, [])]
    exact["all"] = [right for kind in kinds for right in exact.get(kind, [])]
    return {
        "photographs": count,
        "shapes": {
            kind: {
                "mean": float(np.concatenate(found).mean()),
                "p95": float(np.percentile(np.concatenate(found), 95)),
                "good": float(np.mean([np.percentile(each, 95) < 1 for each in found])),
                "exact": float(np.mean(exact[kind])),
            }
            for kind, found in off.items()
        },
        "worst": [{"seed": seed, "p95": p95} for p95, seed in sorted(worst, reverse=True)[:6]],
    }


def structure(tables: Sequence[Table]) -> list[list[tuple[int, int, int, int]]]:
    """The places and spans of all cells, a list for each table from top to bottom."""
    ordered = sorted(tables, key=lambda table: table.polygon.box.top)
    return [
        sorted((cell.row, cell.column, cell.row_span, cell.column_span) for cell in table.cells)
        for table in ordered
    ]
