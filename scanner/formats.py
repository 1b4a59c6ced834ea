"""The formats of the results, and what their files are called."""

from __future__ import annotations

from importlib.util import find_spec

from scanner.errors import UsageError
from table_restore import formats

# Pictures, one a page, are written while pages are read, since a document holds no pixels.
PICTURES = ("png", "jpg", "overlay")
FORMATS = (*formats.FORMATS, "parquet", "pdf", *PICTURES)

# Formats that are read as well, so that a result could replace a scan of the same name.
READABLE_FORMATS = ("pdf", *PICTURES)


def parse_formats(text: str) -> tuple[str, ...]:
    """Read "xlsx,docx" as ("xlsx", "docx"), each once.

    Raises `UsageError` for an unknown format, and for one whose package is not installed.
    """
    forms = tuple(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip()))
    unknown = [form for form in forms if form not in FORMATS]
    if unknown or not forms:
        wrong = ", ".join(unknown) or "no format"
        raise UsageError(f"{wrong}: choose from {', '.join(FORMATS)}")
    if "parquet" in forms and find_spec("pyarrow") is None:
        raise UsageError("parquet needs PyArrow: pip install 'scanner-ocr[parquet]'")
    return forms


def output_name(stem: str, form: str, page: int | None = None) -> str:
    """The path of a result, relative to the output folder; `page` where there is one a page."""
    number = "" if page is None else f"-{page:04}"
    middle = ".overlay" if form == "overlay" else ""
    suffix = "png" if form == "overlay" else form
    return f"{stem}{middle}{number}.{suffix}"
