"""Names of the results, and writing them so that none is ever half there."""

from __future__ import annotations

import errno
import os
import re
import unicodedata
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from scanner.errors import OutputError, StageError

# Errors that say that one name is bad; any other one while writing concerns every file.
_BAD_NAME = {errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOTEMPTY, errno.ENAMETOOLONG}

# Endings that results of several pages and overlays get, so names of their own shun them.
_NUMBERED = re.compile(r"(?:\.overlay|(?:\.overlay)?-\d{4,})$")

# Room for what is added to a name, within the 255 bytes that file systems allow.
_LONGEST_NAME = 200


def printable(name: str) -> str:
    """The name with what no document can carry (control characters, bad bytes) as U+FFFD."""
    return "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cs") else c for c in name)


def output_stems(names: Sequence[str]) -> list[str]:
    """Where the results of each input go, relative to the output folder, less the suffix.

    `names` are relative paths with forward slashes. A result is called as its input is, without
    the suffix; where that would make two inputs share a name, each of them keeps its suffix
    (`a.jpg` and `a.png` give `a.jpg.xlsx` and `a.png.xlsx`), and is numbered where that does not
    help either. Names that differ only in case count as one, as some file systems hold.
    """
    short = [usual_stem(name) for name in names]
    counts = Counter(_key(stem) for stem in short)
    used = set(counts)
    stems = []
    for name, stem in zip(names, short, strict=True):
        if counts[_key(stem)] > 1 or _looks_like_a_page_of(stem, used):
            stem = _first_free(_shorten(name), used)
            used.add(_key(stem))
        stems.append(stem)
    return stems


def usual_stem(name: str) -> str:
    """A relative path less its suffix, its last part short enough for suffixes to be added."""
    path = PurePosixPath(name)
    return _shorten(str(path.with_name(path.stem)))


def prepare_folder(folder: Path) -> None:
    """Make the folder and see that it can be written to; raises `OutputError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = _temporary(folder)
        probe.touch(exist_ok=False)
        probe.unlink()
    except FileExistsError as error:
        raise OutputError(f"{folder}: is a file; results need a folder") from error
    except OSError as error:
        raise _output_error(folder, error) from error


def write_atomically(
    path: Path, data: bytes, *, temporary: Path | None = None, durable: bool = True
) -> None:
    """Write a whole file or none; raises as `open_atomically` does."""
    with open_atomically(path, temporary=temporary, durable=durable) as file:
        file.write(data)


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write a text file of any length whole or not at all; raises as `open_atomically` does."""
    with open_atomically(path) as file:
        file.writelines(f"{line}\n".encode() for line in lines)


@contextmanager
def open_atomically(
    path: Path, *, temporary: Path | None = None, durable: bool = True
) -> Iterator[BinaryIO]:
    """A file to write whole or not at all: a temporary one, renamed when it is done.

    It lies in the folder `temporary`, by default beside the file. Unless `durable`, a power cut
    (no other end of the program) may leave the file damaged.

    Raises `OutputError` where nothing more can be written (disk full, folder read-only) and
    `StageError` where only this name is impossible. Where the writing fails, nothing is left.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = _temporary(temporary or path.parent)
        try:
            with draft.open("xb") as file:
                yield file
                if durable:
                    file.flush()
                    os.fsync(file.fileno())
            _move(draft, path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        if error.errno in _BAD_NAME:
            raise StageError("write", f"{path}: {error.strerror}") from error
        raise _output_error(path, error) from error


def _move(draft: Path, path: Path) -> None:
    """Rename, by way of a copy where a link in the output folder leads to another disk."""
    try:
        draft.replace(path)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        write_atomically(path, draft.read_bytes())


def append_lines(path: Path, lines: Sequence[str]) -> int:
    """Add lines to a text file, all or none; gives its size before. Raises `OutputError`."""
    data = "".join(f"{line}\n" for line in lines).encode()
    try:
        with path.open("ab", buffering=0) as file:
            before = file.tell()
            try:
                if file.write(data) != len(data):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            except OSError:
                with suppress(OSError):
                    file.truncate(before)
                raise
            return before
    except OSError as error:
        raise _output_error(path, error) from error


def _shorten(name: str) -> str:
    path = PurePosixPath(name)
    last = path.name.encode()[:_LONGEST_NAME].decode(errors="ignore")
    return str(path.with_name(last))


def _key(stem: str) -> str:
    return unicodedata.normalize("NFC", stem).casefold()


def _looks_like_a_page_of(stem: str, used: set[str]) -> bool:
    """Whether the results of another input with several pages could get this name."""
    other = _NUMBERED.sub("", stem)
    return other != stem and _key(other) in used


def _first_free(name: str, used: set[str]) -> str:
    stem, number = name, 1
    while _key(stem) in used:
        number += 1
        stem = f"{name}-{number}"
    return stem


def _temporary(folder: Path) -> Path:
    return folder / f".scanner-{uuid.uuid4().hex}.tmp"


def _output_error(path: Path, error: OSError) -> OutputError:
    return OutputError(f"{path}: cannot be written: {error.strerror or error}")
