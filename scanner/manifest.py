"""`manifest.jsonl` in the output folder: one line a file, written as soon as the file is done."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

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


def start_manifest(folder: Path, kept: Iterable[Mapping[str, Any]]) -> None:
    """Begin a new manifest with the entries kept of an older one; raises `OutputError`."""
    write_atomically(folder / NAME, "".join(f"{_line(entry)}\n" for entry in kept).encode())


def add_to_manifest(folder: Path, result: FileResult) -> None:
    """Add a file that is done; raises `OutputError`."""
    append_line(folder / NAME, _line(manifest_entry(result)))


def read_manifest(folder: Path) -> dict[str, dict[str, Any]]:
    """The entries of the folder's manifest by source, the last one of each; none without it."""
    path = folder / NAME
    entries: dict[str, dict[str, Any]] = {}
    if not path.is_file():
        return entries
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            entry = json.loads(line)
            entries[str(entry["source"])] = entry
        except (ValueError, LookupError, TypeError):
            continue  # not a line of ours
    return entries


def is_finished(entry: Mapping[str, Any], folder: Path, forms: Iterable[str]) -> bool:
    """Whether the file came out whole, in all the formats, and its results still exist."""
    try:
        outputs: Mapping[str, str | list[str]] = entry["outputs"]
        if entry["status"] != Status.OK or not set(forms) <= outputs.keys():
            return False
        return all((folder / name).is_file() for names in outputs.values() for name in _list(names))
    except (LookupError, TypeError, AttributeError):
        return False  # changed by hand: the file is simply scanned again


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


def _line(entry: Mapping[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False)


def _list(names: str | list[str]) -> list[str]:
    return [names] if isinstance(names, str) else names
