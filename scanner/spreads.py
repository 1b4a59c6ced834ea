"""Files whose pictures show two pages each, as open books do, read page by page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from scanner.errors import SourceError
from scanner.images import Part, SourcePage
from scanner.options import Options
from scanner.preprocess.gutter import find_gutter
from scanner.sources import Source, open_source


class SplitSource(Source):
    """A source whose pages are the halves of its pictures, or whole pictures of one page.

    Every picture is looked at when the file is opened, since only then the pages can be counted.
    """

    def __init__(self, pictures: Source) -> None:
        self._pictures = pictures
        self._last: SourcePage | None = None
        self._parts = [
            part for number in range(1, pictures.page_count + 1) for part in self._look(number)
        ]
        self.path = pictures.path
        self.page_count = len(self._parts)

    def read(self, number: int, *, encoded: bool = False) -> SourcePage:
        """Decode page `number`, 1 to `page_count`: the left page of two has the lower number.

        Its pixels are those of the whole picture, decoded whatever is asked for. Raises as
        `Source.read` does.
        """
        if not 1 <= number <= self.page_count:
            raise ValueError(f"there is no page {number} of {self.page_count}")
        part = self._parts[number - 1]
        return replace(self._picture(part.picture), number=number, part=part)

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        self._last = None
        self._pictures.close()

    def _look(self, picture: int) -> list[Part]:
        try:
            pixels = self._picture(picture).pixels
        except SourceError:
            return [Part(picture)]  # whoever reads it is told what is wrong
        gutter = find_gutter(pixels.numpy())
        if gutter is None:
            return [Part(picture)]
        height, width = pixels.shape[:2]
        top, bottom = (gutter.top, 0.0), (gutter.bottom, float(height))
        left = (0.0, 0.0), top, bottom, (0.0, float(height))
        right = top, (float(width), 0.0), (float(width), float(height)), bottom
        return [Part(picture, left), Part(picture, right)]

    def _picture(self, number: int) -> SourcePage:
        """A picture; the last one is kept, since mostly its other half is wanted next."""
        if self._last is None or self._last.number != number:
            self._last = self._pictures.read(number)
        return self._last


def open_pages(path: Path, options: Options) -> Source:
    """Open a file, its pages parted from each other if the options ask for it.

    Raises as `open_source` does.
    """
    source = open_source(path, options)
    return SplitSource(source) if options.split_spreads else source
