"""The results of one file on disk: documents in their formats, pictures of the pages."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path, PurePath

from scanner.errors import UsageError
from scanner.files import open_atomically, write_atomically
from scanner.images import SourcePage
from scanner.options import Options
from scanner.pictures import PagePicture, pack_jpeg, pack_png, page_picture
from scanner.pipeline import ScannedPage
from scanner.source_space import to_page
from table_restore import export
from table_restore.continued import join_continued
from table_restore.document import Document, Page
from table_restore.overlay import draw_overlay

# Pictures, one a page, are written while pages are read, since a document holds no pixels.
PICTURES = ("png", "jpg", "overlay")
# Of a file of thousands of bad pages the first ones must do: each picture takes some 20 KB.
MOST_SNIPPETS = 500
FORMATS = (*export.FORMATS, "pdf", *PICTURES)

# Formats that are read as well, so that a result could replace a scan of the same name.
READABLE_FORMATS = ("pdf", *PICTURES)


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
    suffix = "png" if form == "overlay" else form
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


class ResultWriter:
    """Writes the results of one file and remembers their names.

    `folder` is the output folder, `stem` the file's place in it without suffix.
    """

    def __init__(self, folder: Path, stem: str, forms: Sequence[str], options: Options) -> None:
        self.written: dict[str, list[str]] = {form: [] for form in forms}
        self._folder = folder
        self._stem = stem
        self._options = options
        self._snippets: dict[export.Place, export.Snippet] = {}
        pdf = folder / output_name(stem, "pdf")
        self._pdf_pages = pdf.with_name(f".{pdf.name}-pages")

    def page(self, source: SourcePage, scanned: ScannedPage, page_count: int) -> None:
        """Write the pictures of a page of a file of `page_count` pages.

        Its page of the PDF and the pictures of its doubtful cells, for the review in Excel, are
        kept until the document is written.
        """
        number = scanned.page.number if page_count > 1 else None
        if not self.written.keys().isdisjoint({"png", "jpg", "pdf"}):
            self._pictures(page_picture(scanned.image, source), scanned, number)
        if "overlay" in self.written:
            pixels = source.pixels.numpy(force=True)
            drawn = PagePicture(draw_overlay(pixels, scanned.page), source.dpi)
            self._write("overlay", number, pack_png(drawn))
        if "xlsx" in self.written and (room := MOST_SNIPPETS - len(self._snippets)):
            pixels = source.pixels.numpy(force=True)
            self._snippets |= export.cut_snippets(pixels, scanned.page, room)

    def document(self, document: Document, form: str, page_count: int) -> None:
        """Write the document of a file of `page_count` pages in one format, not a picture."""
        if form == "pdf":
            self._join_pdf(document)
            return
        if self._options.join_tables and form in export.FLOWING_FORMATS:
            document = join_continued(document)
        if form in export.PAGED_FORMATS and page_count > 1:
            for page in document.pages:
                self._write(form, page.number, export.render_page_xml(document, page))
        else:
            self._write(form, None, export.render(document, form, self._snippets))

    def _pictures(self, picture: PagePicture, scanned: ScannedPage, number: int | None) -> None:
        quality = self._options.jpeg_quality
        if "png" in self.written:
            self._write("png", number, pack_png(picture))
        if "jpg" in self.written:
            self._write("jpg", number, pack_jpeg(picture, quality))
        if "pdf" in self.written:
            from scanner import searchable_pdf  # only PDFs pay for its import

            lines = to_page(scanned.page.lines, scanned.image.rectification)
            page = searchable_pdf.render_page(picture, lines, quality)
            write_atomically(self._pdf_page(scanned.page), page)

    def _join_pdf(self, document: Document) -> None:
        from scanner import searchable_pdf

        name = output_name(self._stem, "pdf")
        title = PurePath(document.source).stem
        pages = [path for page in document.pages if (path := self._pdf_page(page)).exists()]
        try:
            with open_atomically(self._folder / name) as file:
                searchable_pdf.join_pages(pages, self._pdf_pages, file, title)
        finally:
            shutil.rmtree(self._pdf_pages, ignore_errors=True)
        self.written["pdf"].append(name)

    def _pdf_page(self, page: Page) -> Path:
        return self._pdf_pages / f"{page.number:06}.pdf"

    def _write(self, form: str, page: int | None, data: bytes) -> None:
        name = output_name(self._stem, form, page)
        write_atomically(self._folder / name, data)
        self.written[form].append(name)
