"""The names of the formats that documents are written in, apart from what writes them."""

from __future__ import annotations

FORMATS: tuple[str, ...] = ("xlsx", "docx", "xml", "json", "txt")

PAGED_FORMATS: tuple[str, ...] = ("xml",)
"""Formats that hold one page a file: `render_page_xml` writes a page of a longer document."""

FLOWING_FORMATS: tuple[str, ...] = ("xlsx", "docx")
"""Formats whose text flows, so that a table may go on over the ends of pages."""
