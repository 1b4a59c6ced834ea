"""The results of one file on disk: documents in their formats, pictures of the pages."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from pathlib import Path, PurePath

from scanner.cleaning import page_picture
from scanner.errors import UsageError
from scanner.files import open_atomically, write_atomically
from scanner.formats import PICTURES, output_name
from scanner.images import SourcePage
from scanner.options import Options
from scanner.pictures import PagePicture, pack_jpeg, pack_png
from scanner.pipeline import ScannedPage
from scanner.source_space import to_page
from scanner.spool import pack, unpack
from table_restore import export, formats
from table_restore.continued import join_continued
from table_restore.document import Document, Page
from table_restore.overlay import draw_overlay

# Of a file of thousands of bad pages the first ones must do: each picture takes some 20 KB.
MOST_SNIPPETS = 500


def save(document: Document, path: str | Path, *, join_tables: bool = False) -> None:
    """Write a document to one file, in the format that its suffix names.

    `join_tables` makes tables that continue on the next page one table, in xlsx and docx. A
    document of several pages has no single PAGE-XML file. Raises `UsageError` for other
    suffixes than those of `table_restore.formats.FORMATS`, `OutputError` where the file cannot
    be written.
    """
    target = Path(path)
    form = target.suffix.removeprefix(".").lower()
    if form not in formats.FORMATS:
        raise UsageError(f"{target}: choose one of the suffixes {', '.join(formats.FORMATS)}")
    if form in formats.PAGED_FORMATS and len(document.pages) > 1:
        raise UsageError(f"{target}: {form} holds one page; this document has more")
    if join_tables and form in formats.FLOWING_FORMATS:
        document = join_continued(document)
    write_atomically(target, export.render(document, form))


class ResultWriter:
    """Writes the results of one file: pictures page by page, documents when all pages are read.

    `folder` is the output folder, `stem` the file's place in it without suffix, `source` its
    name in documents. What a format needs of a page when the document is written, maybe by
    another process, waits in the folder `spool`, which is this file's alone. Half-written files
    lie in `temporary`.
    """

    def __init__(
        self,
        folder: Path,
        stem: str,
        source: str,
        options: Options,
        *,
        spool: Path,
        temporary: Path | None = None,
    ) -> None:
        self._folder = folder
        self._stem = stem
        self._source = source
        self._options = options
        self._spool = spool
        self._temporary = temporary

    def page(
        self, source: SourcePage, scanned: ScannedPage, forms: tuple[str, ...], page_count: int
    ) -> Mapping[str, str]:
        """Write what there is one of a page, of a file of `page_count` pages.

        Gives the name of the file for each of the formats that was written. The page of a PDF is
        kept until the document is written.
        """
        page, written = scanned.page, {}
        number = page.number if page_count > 1 else None
        if not set(forms).isdisjoint({"png", "jpg", "pdf"}):
            picture = page_picture(scanned.image, source, self._options)
            if "png" in forms:
                written["png"] = self._write("png", number, pack_png(picture))
            if "jpg" in forms:
                data = pack_jpeg(picture, self._options.jpeg_quality)
                written["jpg"] = self._write("jpg", number, data)
            if "pdf" in forms:
                self._keep_pdf_page(picture, scanned)
        if "overlay" in forms:
            pixels = source.pixels.numpy(force=True)
            drawn = PagePicture(draw_overlay(pixels, page), source.dpi)
            written["overlay"] = self._write("overlay", number, pack_png(drawn))
        for form in formats.PAGED_FORMATS if number is not None else ():
            if form in forms:
                data = export.render_page_xml(Document(self._source, (page,)), page)
                written[form] = self._write(form, number, data)
        return written

    def keep_snippets(self, source: SourcePage, scanned: ScannedPage, most: int) -> int:
        """Keep at most so many pictures of doubtful places for the review; gives their number."""
        pixels = source.pixels.numpy(force=True)
        snippets = export.cut_snippets(pixels, scanned.page, most)
        if snippets:
            path = self._spool / f"{scanned.page.number:06}.snippets"
            write_atomically(path, pack(snippets), durable=False)
        return len(snippets)

    def document(self, document: Document, form: str, page_count: int) -> tuple[str, ...]:
        """Write the document of a file of `page_count` pages.

        Gives the names of the files written; none for formats that were written page by page.
        """
        if form in PICTURES or (form in formats.PAGED_FORMATS and page_count > 1):
            return ()
        if form == "pdf":
            return (self._join_pdf(document),)
        if form == "parquet":
            return tuple(
                self._save(output_name(f"{table}/{self._stem}", form), data)
                for table, data in export.render_parquet(document).items()
            )
        if self._options.join_tables and form in formats.FLOWING_FORMATS:
            document = join_continued(document)
        snippets = self._read_snippets() if form == "xlsx" else None
        return (self._write(form, None, export.render(document, form, snippets)),)

    def _keep_pdf_page(self, picture: PagePicture, scanned: ScannedPage) -> None:
        from scanner import searchable_pdf  # only PDFs pay for its import

        lines = to_page(scanned.page.lines, scanned.image.rectification)
        data = searchable_pdf.render_page(picture, lines, self._options.jpeg_quality)
        write_atomically(self._pdf_page(scanned.page), data, durable=False)

    def _join_pdf(self, document: Document) -> str:
        from scanner import searchable_pdf

        name = output_name(self._stem, "pdf")
        title = PurePath(document.source).stem
        pages = [path for page in document.pages if (path := self._pdf_page(page)).exists()]
        with open_atomically(self._folder / name, temporary=self._temporary) as file:
            searchable_pdf.join_pages(pages, self._spool, file, title)
        return name

    def _read_snippets(self) -> export.Snippets:
        """The first pictures of the file, whatever more there are."""
        found: dict[export.Place, export.Snippet] = {}
        for path in sorted(self._spool.glob("*.snippets")):
            found |= unpack(path.read_bytes())
            if len(found) >= MOST_SNIPPETS:
                break
        return dict(islice(found.items(), MOST_SNIPPETS))

    def _pdf_page(self, page: Page) -> Path:
        return self._spool / f"{page.number:06}.pdf"

    def _write(self, form: str, page: int | None, data: bytes) -> str:
        return self._save(output_name(self._stem, form, page), data)

    def _save(self, name: str, data: bytes) -> str:
        write_atomically(self._folder / name, data, temporary=self._temporary)
        return name
