"""What every generator of pages makes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.generated_tables.style import Style
from table_restore.document import Line, Table


@dataclass(frozen=True, slots=True, eq=False)
class GeneratedPage:
    """A page `[height, width, 3]` (RGB, uint8) and its truth.

    `lines` are all lines on the page, top to bottom, with exact words and characters; those of
    a cell are also in its `Cell`. Polygons are in the picture's pixels, damage included.
    """

    pixels: np.ndarray
    tables: tuple[Table, ...]
    lines: tuple[Line, ...]
    style: Style
