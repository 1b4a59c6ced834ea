"""A stand-in for the networks, and small pictures to read; they need no weights."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from scanner.errors import StageError
from scanner.images import PageImage, SourcePage
from scanner.pipeline import ScannedPage
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


def read_page(source: SourcePage) -> ScannedPage:
    """Reads a heading and a table of two cells on every page but red ones, which fail."""
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
