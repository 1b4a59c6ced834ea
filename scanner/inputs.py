"""What the user named: the files to scan in files, folders and patterns; none is decoded here."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scanner.errors import SourceError, TooLargeError, UsageError
from scanner.readers.reader import DecodeError, TooManyPixelsError
from scanner.readers.sniff import HEAD_SIZE, SCAN_SUFFIXES, sniff
from scanner.remote import Remote, RemoteFile, as_place
from scanner.remote_inputs import find_remote


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to scan and its place below the input folder it was found in; outputs mirror it.

    The place is the name alone where the file itself was given. Of a `remote` file, at a URL,
    `path` is what its storage calls it: bucket and key.
    """

    path: Path
    relative: Path
    remote: RemoteFile | None = None


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the user's inputs come to.

    `files` stand in natural order (page 2 before page 10), none twice; `skipped` are the files
    in folders that are no scans; `unreadable` says of each folder or file that could not be
    looked into why.
    """

    files: tuple[InputFile, ...]
    skipped: tuple[Path, ...]
    unreadable: tuple[SourceError, ...] = ()


def find_inputs(inputs: Sequence[str | Path], exclude: Path | Remote | None = None) -> Inputs:
    """Find the files to scan in files, folders (walked to the bottom) and glob patterns.

    Each may be a path of this machine or a URL (see `scanner.remote`).

    A file given by name is always taken; one in a folder if it has the suffix or the content of
    a scan. Hidden files are passed over, and so is the folder `exclude` (the outputs') below a
    folder given. Raises `UsageError` for an input in which there is nothing to scan.
    """
    found: dict[Path, InputFile] = {}
    skipped: dict[Path, None] = {}
    unreadable: list[SourceError] = []
    for text in inputs:
        place = as_place(text)
        before, troubles = len(found), len(unreadable)
        if isinstance(place, Remote):
            known = _find_remote(place, exclude, found, skipped, unreadable)
        else:
            known = _find_local(place, exclude, found, skipped, unreadable)
        if len(found) == before and len(unreadable) == troubles and not known:
            name = place.url if isinstance(place, Remote) else display_name(place)
            raise UsageError(f"{name}: there is no picture or PDF in it")
    files = sorted(found.values(), key=lambda file: _natural(file.path))
    return Inputs(tuple(files), tuple(sorted(skipped, key=_natural)), tuple(unreadable))


def _find_local(
    place: Path,
    exclude: Path | Remote | None,
    found: dict[Path, InputFile],
    skipped: dict[Path, None],
    unreadable: list[SourceError],
) -> bool:
    """Add what a path names; gives whether any of it was found before."""
    known = False
    folder = exclude if isinstance(exclude, Path) else None
    for root, path in _candidates(place):
        for file in _walk(path, folder, unreadable) if path.is_dir() else [path]:
            try:
                wanted = file == root or _is_scan(file)
            except OSError as error:
                unreadable.append(source_error(file, error))
                continue
            if not wanted:
                skipped[file] = None
                continue
            relative = Path(file.name) if file == root else file.relative_to(root)
            known |= _real(file) in found
            found.setdefault(_real(file), InputFile(file, relative))
    return known


def _find_remote(
    place: Remote,
    exclude: Path | Remote | None,
    found: dict[Path, InputFile],
    skipped: dict[Path, None],
    unreadable: list[SourceError],
) -> bool:
    """Add what a URL names; gives whether any of it was found before."""
    known = False
    for one in find_remote(place.url, exclude.url if isinstance(exclude, Remote) else None):
        path, key = Path(one.path), Path(one.file.url)
        if one.trouble is not None:
            unreadable.append(one.trouble)
        elif not one.scan:
            skipped[path] = None
        else:
            known |= key in found
            found.setdefault(key, InputFile(path, Path(one.relative), one.file))
    return known


def display_name(path: Path) -> str:
    """The path as it can be printed: names that are not valid in the system's encoding too."""
    return os.fsencode(path).decode("utf-8", "replace")


def source_error(path: Path, error: Exception, page: int | None = None) -> SourceError:
    """What is wrong with a file, or with a page of it, as a sentence that names it."""
    place = display_name(path) + (f", page {page}" if page else "")
    if isinstance(error, FileNotFoundError):
        return SourceError(f"{place}: there is no such file")
    if isinstance(error, IsADirectoryError):
        return SourceError(f"{place}: this is a folder, not a file")
    if isinstance(error, OSError):
        reason = (error.strerror or str(error)).lower()
        return SourceError(f"{place}: cannot be read: {reason}")
    kind = TooLargeError if isinstance(error, TooManyPixelsError) else SourceError
    return kind(f"{place}: {error}")


def read_head(path: Path) -> bytes:
    """The first bytes of a file, for `sniff`; raises OSError, and `DecodeError` for a device."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise DecodeError("this is a device or a pipe, not a file")
    with path.open("rb") as file:
        return file.read(HEAD_SIZE)


def _is_scan(path: Path) -> bool:
    """By its suffix or, failing that, by its content."""
    if path.suffix.lower() in SCAN_SUFFIXES:
        return path.is_symlink() or path.is_file()  # a dead link is tried, and reported
    return path.is_file() and sniff(read_head(path)) is not None


def _candidates(path: Path) -> Iterator[tuple[Path, Path]]:
    """Files and folders that an input names, each with the folder that it is relative to.

    For a file given by itself that "folder" is the file. Raises `UsageError` if there are none.
    """
    if os.path.lexists(path):
        yield path, path
        return
    parts = path.parts
    fixed = next((i for i, part in enumerate(parts) if any(c in part for c in "*?[")), None)
    if fixed is None:
        raise UsageError(f"{display_name(path)}: there is no such file or folder")
    matches = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207 - knows `**` and absolute patterns
    if not matches:
        raise UsageError(f"{display_name(path)}: no file matches this pattern")
    root = Path(*parts[:fixed])
    for match in matches:
        yield root, Path(match)


def _walk(top: Path, exclude: Path | None, unreadable: list[SourceError]) -> Iterator[Path]:
    """All files below a folder but hidden ones, through links to folders without going round."""
    visited = {_identity(top)}
    if exclude is not None and exclude.exists():
        visited.add(_identity(exclude))
    folders = [top]
    while folders:
        folder = folders.pop()
        try:
            entries = sorted(folder.iterdir())
        except OSError as error:
            unreadable.append(source_error(folder, error))
            continue
        for entry in entries:
            if entry.name.startswith(".") or entry.name == "__MACOSX":
                continue
            if not entry.is_dir():
                yield entry
            elif _identity(entry) not in visited:
                visited.add(_identity(entry))
                folders.append(entry)


def _identity(folder: Path) -> tuple[int, int]:
    status = folder.stat()
    return status.st_dev, status.st_ino


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _natural(path: Path) -> list[list[tuple[int, int, str]]]:
    """A sort key by which page2 comes before page10, in every folder of a path."""
    return [
        [(0, int(piece), "") if piece.isdigit() else (1, 0, piece) for piece in pieces if piece]
        for pieces in (re.split(r"([0-9]+)", part.casefold()) for part in path.parts)
    ]
