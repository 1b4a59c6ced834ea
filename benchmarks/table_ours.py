"""This project's table restoration, as a page of the pipeline gets it."""

from __future__ import annotations

import hashlib
import pickle
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from benchmarks.generated_tables.damage import moved_line
from scanner.options import Options
from scanner.pipeline import Models, load_models, read_text
from scanner.preprocess.straighten import own_pixels, preprocess
from scanner.rectification import Rectification
from scanner.source_space import to_source
from scanner.sources import open_source
from scanner.turned_plate import upright
from table_restore import restore_tables
from table_restore.document import Block, BlockKind, Line, Table
from table_restore.geometry import Box, Point, Polygon


@dataclass(frozen=True, slots=True, eq=False)
class ReadPage:
    """A rectified page `[height, width, 3]`, its lines, and the way back to the source.

    `outlines` are all lines that the detector saw, read or not.
    """

    pixels: np.ndarray
    lines: tuple[Line, ...]
    rectification: Rectification
    outlines: tuple[Polygon, ...] = ()

    @property
    def source_lines(self) -> tuple[Line, ...]:
        """The lines in the source picture's pixels."""
        if not self.lines:
            return ()
        outline = Box.around(line.polygon.box for line in self.lines).polygon()
        block = Block(BlockKind.PARAGRAPH, self.lines, outline)
        (moved,) = to_source((block,), self.rectification)
        assert isinstance(moved, Block)
        return moved.lines


class Ours:
    """The pipeline's stages, with the lines kept between runs where a folder is given for them.

    What is kept is found again by the picture alone: empty the folder when reading changes.
    """

    name = "scanner"

    def __init__(self, threads: int, lines: Path | None = None) -> None:
        self._options = Options(threads=threads)
        self._kept = lines

    def given(self, image: Path, lines: Sequence[Line]) -> ReadPage:
        """The rectified page with lines that are known, in the picture's pixels, and not read."""
        with open_source(image, self._options) as source:
            page = preprocess(source.read(1), self._options)

        def move(point: Point) -> Point:
            ((x, y),) = page.rectification.to_page([point])
            return float(x), float(y)

        moved = tuple(moved_line(line, move) for line in lines)
        return ReadPage(page.pixels.numpy(), moved, page.rectification)

    def read(self, image: Path) -> ReadPage:
        """Everything before the tables; the first page of a file."""
        if self._kept is None:
            return self._read(image)
        kept = self._kept / f"{hashlib.sha256(image.read_bytes()).hexdigest()}.pickle"
        if kept.exists():
            page: ReadPage = pickle.loads(kept.read_bytes())
            return page
        page = self._read(image)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(page))
        return page

    def restore(self, page: ReadPage) -> list[Table]:
        """The tables of a page, in the source picture's pixels."""
        tables = restore_tables(page.pixels, page.lines, page.outlines).tables
        moved = to_source(tuple(tables), page.rectification)
        return [item for item in moved if isinstance(item, Table)]

    def time(self, page: ReadPage) -> tuple[float, float]:
        """The seconds of recognising a page, detection included, and of restoring its tables."""
        started = time.perf_counter()
        text = read_text(self._models.plate(page.pixels), self._options)
        recognised = time.perf_counter()
        restore_tables(page.pixels, text.lines, text.outlines)
        return recognised - started, time.perf_counter() - recognised

    def _read(self, image: Path) -> ReadPage:
        with open_source(image, self._options) as source:
            picture = self._models.plate(own_pixels(source.read(1))[0])
        page, way, _ = upright(picture, self._options, self._models)
        text = read_text(page, self._options)
        return ReadPage(page.pixels, tuple(text.lines), way, tuple(text.outlines))

    @cached_property
    def _models(self) -> Models:
        return load_models(self._options)
