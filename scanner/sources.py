"""Opening what the user named, and reading pages of pixels from it."""

from __future__ import annotations

from pathlib import Path

import torch

from scanner.images import EncodedPage, SourcePage
from scanner.inputs import read_head, source_error
from scanner.options import Options
from scanner.readers.picture import PictureReader
from scanner.readers.reader import DecodeError, Reader
from scanner.readers.sniff import Kind, describe, sniff
from scanner.readers.tiff import TiffReader


class Source:
    """An open file; a context manager, for one thread at a time. `open_source` makes them."""

    def __init__(self, path: Path, reader: Reader) -> None:
        self.path = path
        self.page_count = reader.page_count
        self._reader = reader

    def read(self, number: int, *, encoded: bool = False) -> SourcePage:
        """Decode page `number`, 1 to `page_count`.

        With `encoded`, one that another decoder can be trusted with comes as an `EncodedPage`.
        Raises `SourceError` (of this page alone: others may be good) or `TooLargeError`.
        """
        if not 1 <= number <= self.page_count:
            raise ValueError(f"there is no page {number} of {self.page_count}")
        try:
            if encoded and isinstance(self._reader, PictureReader):
                file = self._reader.read_encoded()
                if file is not None:
                    data, dpi = file
                    return EncodedPage(
                        self.path, number, dpi, data, lambda: self.read(number).pixels
                    )
            pixels, dpi = self._reader.read(number)
        except (DecodeError, OSError) as error:
            raise source_error(self.path, error, number if self.page_count > 1 else None) from error
        return SourcePage(self.path, number, torch.from_numpy(pixels), dpi)

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        self._reader.close()

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_source(path: Path, options: Options) -> Source:
    """Open a picture, TIFF or PDF, told by its content; no page is decoded yet.

    Raises `SourceError` with a sentence that names the file.
    """
    max_pixels = options.max_megapixels * 1e6
    try:
        head = read_head(path)
        kind = sniff(head)
        reader: Reader
        if not head:
            raise DecodeError("the file is empty")
        if kind is None:
            raise DecodeError(f"this is {describe(head)}, not a picture or a PDF")
        if kind is Kind.PDF:
            from scanner.readers.pdf import PdfReader  # only PDFs pay for its import

            reader = PdfReader(path, options.pdf_max_dpi, max_pixels)
        elif kind is Kind.TIFF:
            reader = TiffReader(path, max_pixels)
        else:
            reader = PictureReader(path, kind, max_pixels)
    except (DecodeError, OSError) as error:
        raise source_error(path, error) from error
    return Source(path, reader)
