"""What the soak puts in the networks' place, and the accidents that it stages.

It stands outside the program: runs get it by the same door as any other reader of pages. A page
is poison by the name of its file, so that nothing but this reader knows of it.
"""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from scanner.options import Options

if TYPE_CHECKING:
    from scanner.images import SourcePage
    from scanner.pipeline import PageReader, ScannedPage


SECONDS = "SCANNER_BENCHMARK_PAGE_SECONDS"


def stand_in(options: Options) -> PageReader:
    """Reads every page as one line that says how dark it is."""
    return _with_accidents(_read)


def networks(options: Options) -> PageReader:
    """The program's own networks."""
    from scanner.pipeline import page_reader

    return _with_accidents(page_reader(options))


def sleeping(options: Options) -> PageReader:
    """Reads as the stand-in, and takes `SECONDS` of the environment for it, asleep."""
    seconds = float(os.environ[SECONDS])

    def read(source: SourcePage) -> ScannedPage:
        time.sleep(seconds)
        return _read(source)

    return read


READERS: dict[str, Callable[[Options], PageReader]] = {"stand-in": stand_in, "real": networks}


def _with_accidents(read_page: PageReader) -> PageReader:
    def read(source: SourcePage) -> ScannedPage:
        match source.path.stem.rpartition("-")[2]:
            case "hang":
                time.sleep(3600)
            case "crash":
                ctypes.string_at(0)
            case "eater":
                hoard = [b"x" * 2**24 for _ in range(100)]
                time.sleep(3600 + len(hoard))
        return read_page(source)

    return read


def _read(source: SourcePage) -> ScannedPage:
    from scanner.images import PageImage
    from scanner.pipeline import ScannedPage
    from scanner.rectification import Rectification
    from scanner.stages import stage
    from table_restore.document import Block, BlockKind, Line, Page, Word
    from table_restore.geometry import Box

    with stage("recognise"):
        height, width = source.pixels.shape[:2]
        darkness = int(source.pixels[:: max(1, height // 64)].float().mean())
        box = Box(0, 0, width, height).polygon()
        line = Line((Word("Page", box, 0.99), Word(str(darkness), box, 0.95)), box)
        page = Page(
            source.number, width, height, source.dpi, (Block(BlockKind.PARAGRAPH, (line,), box),)
        )
    return ScannedPage(page, PageImage(source.pixels, Rectification.identity()))
