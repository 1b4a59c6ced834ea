"""Decode every file of a folder and write the table of docs/codecs.md.

    python -m benchmarks.codecs [--data ../shared/data] [--page docs/codecs.md]

The part of the page after its marker line is replaced; the rest is left as it is.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from scanner.errors import SourceError
from scanner.options import Options
from scanner.sources import Source, open_source

FOLDERS = ("codecs", "smoke/scanned_pdf")
MARKER = "<!-- The rest is written by benchmarks/codecs.py. -->"


def outcome(path: Path) -> str:
    """What becomes of a file: the sizes of its pages, or the message, less its name."""
    try:
        source = open_source(path, Options())
    except SourceError as error:
        return _less_name(error, path)
    with source:
        pages = [_page(source, number, path) for number in range(1, source.page_count + 1)]
    runs = [(text, len(list(group))) for text, group in groupby(pages)]
    return "; ".join(text if count == 1 else f"{count} pages of {text}" for text, count in runs)


def table(data: Path) -> Iterator[str]:
    """The lines of the table, a section a folder."""
    for folder in FOLDERS:
        files = sorted(path for path in (data / folder).rglob("*") if path.is_file())
        yield from (f"### {folder}", "", "| file | outcome |", "|---|---|")
        for path in files:
            if not path.name.startswith("."):
                name = path.relative_to(data / folder).as_posix()
                yield f"| {name} | {outcome(path).replace('|', '/')} |"
        yield ""


def _page(source: Source, number: int, path: Path) -> str:
    try:
        page = source.read(number)
    except SourceError as error:
        return _less_name(error, path)
    height, width, _ = page.pixels.shape
    return f"{width} x {height}" + (f" at {page.dpi:g} dpi" if page.dpi else "")


def _less_name(error: SourceError, path: Path) -> str:
    return str(error).removeprefix(str(path)).lstrip(":, ")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--page", type=Path, default=Path("docs/codecs.md"))
    arguments = parser.parse_args()
    written = arguments.page.read_text(encoding="utf-8").partition(MARKER)[0]
    lines = [MARKER, "", *table(arguments.data)]
    arguments.page.write_text(written + "\n".join(lines).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
