"""`manifest.jsonl` in the output folder: one line a file, written as soon as the file is done."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from scanner.files import append_line, write_atomically
from table_restore.document import PageFailure

NAME = "manifest.jsonl"


class Status(StrEnum):
    """How a file came out: whole, with pages or formats missing, or not at all."""

    OK = "ok"
    PARTIAL = "partial"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one input file.

    `pages` and `tables` count what was read; `outputs` has the files written for each format,
    relative to the output folder.
    """

    source: str
    status: Status
    pages: int
    tables: int
    outputs: Mapping[str, Sequence[str]]
    failures: tuple[PageFailure, ...]
    seconds: float


def start_manifest(folder: Path, kept: Iterable[str] = ()) -> None:
    """Begin a new manifest with the lines kept of an older one; raises `OutputError`."""
    write_atomically(folder / NAME, "".join(f"{line}\n" for line in kept).encode())


def add_to_manifest(folder: Path, result: FileResult) -> None:
    """Add a file that is done; raises `OutputError`."""
    append_line(folder / NAME, json.dumps(manifest_entry(result), ensure_ascii=False))


def finished_lines(folder: Path, forms: Iterable[str]) -> dict[str, str]:
    """The manifest's lines of files that need no second run, by source.

    Those are the files that came out whole, in all the formats, and whose results still exist.
    """
    path, wanted = folder / NAME, set(forms)
    finished: dict[str, str] = {}
    if not path.is_file():
        return finished
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(line)
            outputs: dict[str, str | list[str]] = entry["outputs"]
            written = [name for names in outputs.values() for name in _as_list(names)]
            whole = entry["status"] == Status.OK and wanted <= outputs.keys()
            if whole and all((folder / name).is_file() for name in written):
                finished[str(entry["source"])] = line
        except (ValueError, LookupError, TypeError, AttributeError):
            continue  # not a line of ours: the file is simply scanned again
    return finished


def manifest_entry(result: FileResult) -> dict[str, object]:
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


def _error_entry(failures: Sequence[PageFailure]) -> dict[str, object] | None:
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


def _as_list(names: str | list[str]) -> list[str]:
    return [names] if isinstance(names, str) else names
