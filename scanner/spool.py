"""Pages that are read wait here, on the disk, until their whole file is."""

from __future__ import annotations

import io
import pickle
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from scanner.files import write_atomically
from scanner.results import Failure, PageResult
from table_restore.document import Block, Cell, Document, Item, Line, Page, PageFailure


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a page without its content: it was read (`result`) or it failed.

    `outputs` has the file written for each format that has one file a page; `snippets` counts
    the pictures kept of its doubtful places.
    """

    number: int
    result: PageResult | None = None
    failure: Failure | None = None
    outputs: Mapping[str, str] | None = None
    snippets: int = 0


_entries = TypeAdapter(tuple[int, Entry])


class Spool:
    """The pages of one file, each in a file of its own that is there whole or not at all.

    Formats may keep files of their own in `folder` beside them.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, entry: Entry, page: Page | None = None) -> Path:
        """Keep a page; gives its file. The characters of words are left out.

        Raises `OutputError`.
        """
        content = b"" if page is None else pack(_without_characters(page))
        header = _entries.dump_json((zlib.crc32(content), entry))
        # No wait for the disk: what a power cut leaves of it is told by its checksum.
        path = self._path(entry.number)
        write_atomically(path, header + b"\n" + content, durable=False)
        return path

    def entry(self, number: int) -> Entry | None:
        """What is known of a page; None if it is not here, or damaged."""
        found = self._read(number)
        return found[0] if found else None

    def page(self, number: int) -> Page | None:
        """A page that was read; None if it is not here, or failed."""
        found = self._read(number)
        if found is None or not found[1]:
            return None
        page: Page = unpack(found[1])
        return page

    def entries(self) -> Iterator[Entry]:
        """What is known of each page, by number."""
        if self.folder.is_dir():
            for path in sorted(self.folder.glob("*.page")):
                entry = self.entry(int(path.stem))
                if entry is not None:
                    yield entry

    def document(self, source: str) -> Document:
        """The document that all the pages make; `source` is what it calls its file."""
        pages: list[Page] = []
        failures: list[PageFailure] = []
        for entry in self.entries():
            page = self.page(entry.number)
            if page is not None:
                pages.append(page)
            elif entry.failure is not None:
                failures.append(entry.failure)
        return Document(source, tuple(pages), tuple(failures))

    def _read(self, number: int) -> tuple[Entry, bytes] | None:
        try:
            header, _, content = self._path(number).read_bytes().partition(b"\n")
            checksum, entry = _entries.validate_json(header)
        except (OSError, ValidationError):
            return None
        return (entry, content) if zlib.crc32(content) == checksum else None

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:06}.page"


def pack(content: object) -> bytes:
    """Parts of a document as bytes, without loss; NumPy's numbers become plain ones."""
    data = io.BytesIO()
    _PlainNumbers(data, pickle.HIGHEST_PROTOCOL).dump(content)
    return data.getvalue()


def unpack(data: bytes) -> Any:
    """What was packed; raises `pickle.UnpicklingError` for anything but parts of a document."""
    return _PartsOnly(io.BytesIO(data)).load()


class _PlainNumbers(pickle.Pickler):
    """A number that has come through with its array's type must not cost its page."""

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, np.generic):
            number = obj.item()
            return type(number), (number,)
        return NotImplemented


class _PartsOnly(pickle.Unpickler):
    """Refuses what could run code: a folder of results may come from somebody else."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "builtins" and name in ("int", "float", "bool"):
            return super().find_class(module, name)
        if module.startswith("table_restore.") and "." not in name and name[0].isupper():
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a document")


def _without_characters(page: Page) -> Page:
    """The page less what no format has: the places of single characters."""
    return replace(page, items=tuple(_bare_item(item) for item in page.items))


def _bare_item(item: Item) -> Item:
    if isinstance(item, Block):
        return replace(item, lines=_bare_lines(item.lines))
    return replace(item, cells=tuple(_bare_cell(cell) for cell in item.cells))


def _bare_cell(cell: Cell) -> Cell:
    return replace(cell, lines=_bare_lines(cell.lines))


def _bare_lines(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return tuple(
        replace(line, words=tuple(replace(word, characters=()) for word in line.words))
        for line in lines
    )
