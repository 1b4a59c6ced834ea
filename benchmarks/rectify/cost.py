"""What preprocessing costs beside recognition, on clean scans, in one run."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from benchmarks.rectify.pages import first_page, rectified
from scanner.options import Options
from scanner.pipeline import Models, read_text

PAGES = 6


def measure(data: Path, models: Models) -> dict[str, Any]:
    """Seconds for pages of reports (A4, 300 dpi), and the share of preprocessing in recognising."""
    rows = (data / "unlv_reports" / "list.tsv").read_text(encoding="utf-8").splitlines()
    names = [row.split("\t")[0] for row in rows[:: len(rows) // PAGES][: PAGES + 1]]
    before, reading = [], []
    for name in names:
        pixels = first_page(data / "unlv_reports" / name)
        started = time.perf_counter()
        page = rectified(pixels, models, Options()).pixels.numpy()
        ready = time.perf_counter()
        read_text(models.plate(page), Options())
        before.append(ready - started)
        reading.append(time.perf_counter() - ready)
    # The first page warms the networks up.
    preprocessing, recognising = sum(before[1:]), sum(reading[1:])
    return {
        "pages": len(names) - 1,
        "preprocessing_seconds": preprocessing,
        "recognising_seconds": recognising,
        "ratio": preprocessing / recognising,
    }
