"""`manifest.jsonl` in the output folder: one line a file, written as soon as the file is done.

It is made from the journal and can be made again from it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from scanner.files import append_lines, write_lines
from scanner.results import FileResult
from table_restore.document import PageFailure

NAME = "manifest.jsonl"


def write_manifest(folder: Path, results: Iterable[FileResult]) -> None:
    """Write the manifest anew; raises `OutputError`."""
    write_lines(folder / NAME, (_line(result) for result in results))


def add_to_manifest(folder: Path, results: Sequence[FileResult]) -> int:
    """Add files that are done; gives the manifest's size before. Raises `OutputError`."""
    return append_lines(folder / NAME, [_line(result) for result in results])


def cut_manifest(folder: Path, size: int) -> None:
    """Take away again what was added, as far as that can be done."""
    with suppress(OSError):
        os.truncate(folder / NAME, size)


def manifest_entry(result: FileResult) -> dict[str, Any]:
    """The manifest's object of a file."""
    outputs = {
        form: names[0] if len(names) == 1 else list(names)
        for form, names in result.outputs.items()
        if names
    }
    return {
        "source": result.source,
        "status": str(result.status),
        "pages": result.pages,
        "outputs": outputs,
        "error": _error_entry(result.failures),
        "seconds": round(result.seconds, 3),
    }


def _error_entry(failures: Sequence[PageFailure]) -> dict[str, Any] | None:
    """The first failure; the pages of the others are named in its message."""
    if not failures:
        return None
    first, *others = failures
    message = first.message
    if others:
        places = ", ".join(
            failure.stage if failure.page is None else f"page {failure.page}" for failure in others
        )
        message = f"{message} (failed too: {places})"
    return {
        "stage": first.stage,
        "type": first.error,
        "message": message,
        "page": first.page,
    }


def _line(result: FileResult) -> str:
    return json.dumps(manifest_entry(result), ensure_ascii=False)
