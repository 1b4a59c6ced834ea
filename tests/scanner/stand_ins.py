"""A stand-in for the networks, and small pictures to read; they need no weights."""

from __future__ import annotations

import ctypes
import time
from pathlib import Path

from PIL import Image

from scanner.errors import StageError
from scanner.images import PageImage, SourcePage
from scanner.options import Options
from scanner.pipeline import PageReader, ScannedPage
from scanner.rectification import Rectification
from table_restore.document import Block, BlockKind, Cell, Line, Page, Table, Word
from table_restore.geometry import Box

WHITE, RED = (255, 255, 255), (255, 0, 0)


def picture(path: Path, *colours: tuple[int, int, int]) -> Path:
    """A file with a page of each colour, white if none is named; the suffix says which kind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    first, *others = [Image.new("RGB", (80, 60), colour) for colour in colours or (WHITE,)]
    if others:
        first.save(path, save_all=True, append_images=others)
    else:
        first.save(path)
    return path


def make_reader(options: Options) -> PageReader:
    """What a run takes instead of the networks."""
    return read_page


def misbehave(path: Path) -> None:
    """Do what the name of the file says."""
    name = path.stem
    if "slow" in name:
        time.sleep(1)
    if "gate" in name:
        path.with_name("reached").touch()
        while not path.with_name("open").exists():
            time.sleep(0.01)
    if "memory" in name:
        raise MemoryError("x")
    if "once" in name:
        mark = path.with_suffix(".seen")
        if mark.exists():
            return
        mark.touch()
    if "crash" in name:
        ctypes.string_at(0)
    if "hang" in name:
        time.sleep(600)
    if "greedy" in name:
        hoard = [b"x" * 2**20 for _ in range(1000)]
        time.sleep(len(hoard))


def read_page(source: SourcePage) -> ScannedPage:
    """Reads a heading and a table of two cells on every page but red ones, which fail.

    What the file's name says happens: "slow", "memory", "crash", "hang", "greedy", "gate" (wait
    for the file "open" beside it), and "once crash" the first time only.
    """
    misbehave(source.path)
    red, green, _ = (int(value) for value in source.pixels[0, 0])
    if red > 200 and green < 50:
        raise StageError("recognise", "the page is red")
    height, width = source.pixels.shape[:2]
    heading = Box(5, 5, 40, 15).polygon()
    line = Line((Word("Title", heading, 0.9),), heading)
    cells = tuple(Cell(0, n, Box(5 + 20 * n, 30, 25 + 20 * n, 50).polygon()) for n in (0, 1))
    table = Table(1, 2, cells, Box(5, 30, 45, 50).polygon())
    items = (Block(BlockKind.HEADING, (line,), heading), table)
    page = Page(source.number, width, height, source.dpi, items)
    return ScannedPage(page, PageImage(source.pixels, Rectification.identity()))
