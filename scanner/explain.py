"""Why a page's tables came out as they did, as a picture of each step."""

from __future__ import annotations

from pathlib import Path

from scanner.errors import SourceError
from scanner.files import write_atomically
from scanner.inputs import display_name
from scanner.options import Options
from scanner.pictures import PagePicture, pack_png
from scanner.pipeline import Models, read_text
from scanner.preprocess.straighten import own_pixels
from scanner.spreads import open_pages
from scanner.turned_plate import upright
from table_restore.explain import explain_tables


def explain_page(
    path: Path, number: int, models: Models, options: Options, folder: Path
) -> list[Path]:
    """Restore the tables of page `number` of a file, and write a PNG of each step to `folder`.

    Returns the pictures in the order of the steps. Raises `SourceError` where there is no such
    page, `OutputError` where a picture cannot be written.
    """
    with open_pages(path, options) as source:
        if not 1 <= number <= source.page_count:
            raise SourceError(f"{display_name(path)}: its last page is {source.page_count}")
        page = source.read(number)
    plate, _, _ = upright(models.plate(own_pixels(page)[0]), options, models)
    text = read_text(plate, options)
    written = []
    for step, (name, picture) in enumerate(
        explain_tables(plate.pixels, text.lines, text.outlines), start=1
    ):
        written.append(folder / f"{path.stem}-{number:04}-{step}-{name}.png")
        write_atomically(written[-1], pack_png(PagePicture(picture, None)))
    return written
