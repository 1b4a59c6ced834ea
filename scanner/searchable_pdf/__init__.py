"""Searchable PDFs: the page's picture with its text, invisible, in the right places."""

from scanner.searchable_pdf.document import join_pages
from scanner.searchable_pdf.page import render_page

__all__ = ["join_pages", "render_page"]
