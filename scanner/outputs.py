"""The results of one file on disk: documents in their formats, pictures of the pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from scanner.errors import StageError, UsageError
from scanner.files import write_atomically
from scanner.images import SourcePage
from scanner.pipeline import ScannedPage
from table_restore import export
from table_restore.continued import join_continued
from table_restore.document import Document
from table_restore.overlay import draw_overlay

# Pictures, one a page, are written while pages are read, since a document holds no pixels.
PICTURES = ("png", "overlay")
# Of a file of thousands of bad pages the first ones must do: each picture takes some 20 KB.
MOST_SNIPPETS = 500
FORMATS = (*export.FORMATS, *PICTURES)


def parse_formats(text: str) -> tuple[str, ...]:
    """Read "xlsx,docx" as ("xlsx", "docx"), each once; raises `UsageError`."""
    forms = tuple(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip()))
    unknown = [form for form in forms if form not in FORMATS]
    if unknown or not forms:
        wrong = ", ".join(unknown) or "no format"
        raise UsageError(f"{wrong}: choose from {', '.join(FORMATS)}")
    return forms


def output_name(stem: str, form: str, page: int | None = None) -> str:
    """The path of a result, relative to the output folder; `page` where there is one a page."""
    number = "" if page is None else f"-{page:04}"
    middle = ".overlay" if form == "overlay" else ""
    suffix = "png" if form in PICTURES else form
    return f"{stem}{middle}{number}.{suffix}"


def save(document: Document, path: str | Path, *, join_tables: bool = False) -> None:
    """Write a document to one file, in the format that its suffix names.

    `join_tables` makes tables that continue on the next page one table, in xlsx and docx. A
    document of several pages has no single PAGE-XML file. Raises `UsageError` for other
    suffixes than those of `table_restore.export.FORMATS`, `OutputError` where the file cannot
    be written.
    """
    target = Path(path)
    form = target.suffix.removeprefix(".").lower()
    if form not in export.FORMATS:
        raise UsageError(f"{target}: choose one of the suffixes {', '.join(export.FORMATS)}")
    if form in export.PAGED_FORMATS and len(document.pages) > 1:
        raise UsageError(f"{target}: {form} holds one page; this document has more")
    if join_tables and form in export.FLOWING_FORMATS:
        document = join_continued(document)
    write_atomically(target, export.render(document, form))


def pack_png(pixels: npt.NDArray[np.uint8]) -> bytes:
    """An RGB picture `[height, width, 3]` as the bytes of a PNG file."""
    # Level 3: a scan's noise hardly packs better at the default 6, which takes twice as long.
    packed, data = cv2.imencode(".png", pixels[:, :, ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 3])
    if not packed:
        raise StageError("export", "the picture cannot be packed as PNG")
    return data.tobytes()


class ResultWriter:
    """Writes the results of one file and remembers their names.

    `folder` is the output folder, `stem` the file's place in it without suffix.
    """

    def __init__(
        self, folder: Path, stem: str, forms: Sequence[str], *, join_tables: bool = False
    ) -> None:
        self.written: dict[str, list[str]] = {form: [] for form in forms}
        self._folder = folder
        self._stem = stem
        self._join_tables = join_tables
        self._snippets: dict[export.Place, export.Snippet] = {}

    def page(self, source: SourcePage, scanned: ScannedPage, page_count: int) -> None:
        """Write the pictures of a page of a file of `page_count` pages.

        Pictures of its doubtful cells are kept for the review in Excel.
        """
        number = scanned.page.number if page_count > 1 else None
        if "png" in self.written:
            self._write("png", number, pack_png(scanned.image.pixels.numpy(force=True)))
        if "overlay" in self.written:
            pixels = source.pixels.numpy(force=True)
            self._write("overlay", number, pack_png(draw_overlay(pixels, scanned.page)))
        if "xlsx" in self.written and (room := MOST_SNIPPETS - len(self._snippets)):
            pixels = source.pixels.numpy(force=True)
            self._snippets |= export.cut_snippets(pixels, scanned.page, room)

    def document(self, document: Document, form: str, page_count: int) -> None:
        """Write the document of a file of `page_count` pages in one format, not a picture."""
        if self._join_tables and form in export.FLOWING_FORMATS:
            document = join_continued(document)
        if form in export.PAGED_FORMATS and page_count > 1:
            for page in document.pages:
                self._write(form, page.number, export.render_page_xml(document, page))
        else:
            self._write(form, None, export.render(document, form, self._snippets))

    def _write(self, form: str, page: int | None, data: bytes) -> None:
        name = output_name(self._stem, form, page)
        write_atomically(self._folder / name, data)
        self.written[form].append(name)
