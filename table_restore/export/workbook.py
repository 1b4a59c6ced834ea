"""An Excel workbook in memory that keeps Excel's rules, whatever text it is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from table_restore.export.characters import utf16_length, xml_text

# https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MAX_CHARACTERS = 32_767
MAX_NUMBER_FORMATS = 200
MAX_LINKS = 65_000

# Any fixed date does; it keeps the bytes of a repeated run the same.
_CREATED = datetime(2000, 1, 1)
_OPTIONS = {
    "in_memory": True,
    "strings_to_urls": False,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
}
_ALL_CELLS = f"A1:{xl_rowcol_to_cell(MAX_ROWS - 1, MAX_COLUMNS - 1)}"


@dataclass(frozen=True, slots=True)
class LongText:
    """A text too long for one cell, and the cell that holds its beginning."""

    sheet: str
    cell: str
    text: str


class Sheet:
    """A worksheet; text goes in as text, whatever it looks like."""

    def __init__(self, book: Book, name: str) -> None:
        self.name = name
        self.raw: Worksheet = book.raw.add_worksheet(name)
        self.raw.ignore_errors({"number_stored_as_text": _ALL_CELLS})
        self._book = book
        self._links = 0

    def write_text(self, row: int, column: int, text: str, style: Format | None = None) -> None:
        """Write the text; where Excel cannot hold it, its beginning, and the book keeps it all."""
        text = xml_text(text)
        if utf16_length(text) > MAX_CHARACTERS:
            cell = xl_rowcol_to_cell(row, column)
            self._book.long_texts.append(LongText(self.name, cell, text))
            text = _cut(text, MAX_CHARACTERS - 1) + "…"
        self.raw.write_string(row, column, text, style)

    def write_number(
        self, row: int, column: int, value: float, style: Format | None = None
    ) -> None:
        self.raw.write_number(row, column, value, style)

    def write_link(
        self,
        row: int,
        column: int,
        sheet: str,
        cell: str | None = None,
        style: Format | None = None,
    ) -> None:
        """A link to a sheet or a cell of it; plain text beyond Excel's number of links."""
        label = f"{sheet} {cell}" if cell else sheet
        if self._links < MAX_LINKS:
            place = f"internal:'{sheet}'!{cell or 'A1'}"
            self.raw.write_url(row, column, place, style, label)
            self._links += 1
        else:
            self.raw.write_string(row, column, label, style)

    def picture(
        self, row: int, column: int, png: bytes, scale: float, *, margin: int, name: str
    ) -> None:
        """Place a PNG file `margin` pixels inside the cell; it is hidden with its row."""
        self.raw.insert_image(
            row,
            column,
            "snippet.png",
            {
                "image_data": BytesIO(png),
                "x_offset": margin,
                "y_offset": margin,
                "x_scale": scale,
                "y_scale": scale,
                "object_position": 1,  # moves and is sized with its cell
                "description": xml_text(name),
            },
        )

    def note(self, row: int, column: int, text: str) -> None:
        """Attach a note to the cell."""
        self.raw.write_comment(row, column, xml_text(text), {"x_scale": 1.2, "y_scale": 0.6})


class Book:
    """The workbook: its sheets, its cell formats (each one kept once), its overlong texts."""

    def __init__(self, title: str) -> None:
        self._buffer = BytesIO()
        self.raw = Workbook(self._buffer, _OPTIONS)
        self.raw.set_properties({"title": _cut(xml_text(title), 255), "created": _CREATED})
        self.long_texts: list[LongText] = []
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._number_formats: set[str] = set()

    def sheet(self, name: str) -> Sheet:
        """Add a sheet; the name is one of ours, not recognised text."""
        return Sheet(self, name)

    def style(self, **properties: Any) -> Format:
        """The cell format with these XlsxWriter properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.raw.add_format(properties)
        return self._formats[key]

    def accepts_number_format(self, number_format: str) -> bool:
        """Whether the format is among those that Excel can hold; the first 200 are."""
        if len(self._number_formats) < MAX_NUMBER_FORMATS:
            self._number_formats.add(number_format)
        return number_format in self._number_formats

    def close(self) -> bytes:
        """Finish the workbook; its bytes."""
        self.raw.close()
        return self._buffer.getvalue()


def chunks(text: str, length: int) -> list[str]:
    """The text in pieces of at most `length` UTF-16 code units."""
    pieces = []
    while text:
        pieces.append(_cut(text, length))
        text = text[len(pieces[-1]) :]
    return pieces


def _cut(text: str, length: int) -> str:
    """The beginning of the text, at most `length` UTF-16 code units; no pair is split."""
    return text[:length].encode("utf-16-le")[: 2 * length].decode("utf-16-le", errors="ignore")
