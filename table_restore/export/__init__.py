"""Documents to files: one module a format, each a pure function from `Document` to bytes.

`render` has the formats of one file a document or page; `render_parquet` gives two files.
"""

from __future__ import annotations

from table_restore.document import Document
from table_restore.export.document_json import parse_json, render_json
from table_restore.export.docx import render_docx
from table_restore.export.page_xml import render_page_xml
from table_restore.export.parquet import render_parquet
from table_restore.export.snippets import Place, Snippet, Snippets, cut_snippets
from table_restore.export.text import render_text
from table_restore.export.xlsx import render_xlsx
from table_restore.formats import FORMATS

__all__ = [
    "Place",
    "Snippet",
    "Snippets",
    "cut_snippets",
    "parse_json",
    "render",
    "render_page_xml",
    "render_parquet",
]


def render(document: Document, form: str, snippets: Snippets | None = None) -> bytes:
    """The bytes of the document's file in a format of `FORMATS`; the same each time.

    `snippets` are pictures of doubtful cells and lines for the review in Excel; the other
    formats have no place for them.

    Raises `ValueError` for an unknown format, and for a format of `PAGED_FORMATS` where the
    document has not exactly one page.
    """
    match form:
        case "xlsx":
            return render_xlsx(document, snippets)
        case "docx":
            return render_docx(document)
        case "xml":
            if len(document.pages) != 1:
                raise ValueError(f"PAGE-XML holds one page a file, not {len(document.pages)}")
            return render_page_xml(document, document.pages[0])
        case "json":
            return render_json(document)
        case "txt":
            return render_text(document)
    raise ValueError(f"{form!r} is not one of the formats {', '.join(FORMATS)}")
