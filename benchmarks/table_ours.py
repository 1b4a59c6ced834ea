"""This project's table restoration, as a page of the pipeline gets it."""

from __future__ import annotations

import hashlib
import pickle
import time
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from scanner.detect import detect
from scanner.options import Options
from scanner.pipeline import Models, load_models
from scanner.preprocess import preprocess
from scanner.recognise import recognise
from scanner.rectification import Rectification
from scanner.sideways import reread_sideways
from scanner.source_space import to_source
from scanner.sources import open_source
from table_restore import restore_tables
from table_restore.document import Block, BlockKind, Line, Table
from table_restore.geometry import Box


@dataclass(frozen=True, slots=True, eq=False)
class ReadPage:
    """A rectified page `[height, width, 3]`, its lines, and the way back to the source.

    `seconds` is what recognising took, detection included, None where it was done before.
    """

    pixels: np.ndarray
    lines: tuple[Line, ...]
    rectification: Rectification
    seconds: float | None = None

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

    def read(self, image: Path) -> ReadPage:
        """Everything before the tables; the first page of a file."""
        if self._kept is None:
            return self._read(image)
        kept = self._kept / f"{hashlib.sha256(image.read_bytes()).hexdigest()}.pickle"
        if kept.exists():
            page: ReadPage = pickle.loads(kept.read_bytes())
            return replace(page, seconds=None)
        page = self._read(image)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(page))
        return page

    def restore(self, page: ReadPage) -> tuple[list[Table], float]:
        """The tables of a page, in the source picture's pixels, and the seconds it took."""
        started = time.perf_counter()
        tables = restore_tables(page.pixels, page.lines).tables
        seconds = time.perf_counter() - started
        moved = to_source(tuple(tables), page.rectification)
        return [item for item in moved if isinstance(item, Table)], seconds

    def _read(self, image: Path) -> ReadPage:
        with open_source(image, self._options) as source:
            page = preprocess(source.read(1), self._options, self._models.read)
        pixels = page.pixels.numpy()
        models = self._models
        started = time.perf_counter()
        outlines = detect(pixels, models.detector)
        lines = recognise(pixels, outlines, models.recogniser)
        lines = reread_sideways(pixels, lines, models.detector, models.recogniser)
        seconds = time.perf_counter() - started
        return ReadPage(pixels, tuple(lines), page.rectification, seconds)

    @cached_property
    def _models(self) -> Models:
        return load_models(self._options)
