"""What the user named by URL: a file, a folder with all below it, or a pattern."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from scanner.errors import SourceError, UsageError
from scanner.readers.sniff import HEAD_SIZE, SCAN_SUFFIXES, sniff
from scanner.remote import Remote, RemoteFile

_WEB = ("http://", "https://")
"""Addresses in which a question mark begins a query, not a pattern."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file, its place below what the user named, and whether it is a scan.

    `path` is bucket and key; `trouble` says why it could not be looked into.
    """

    path: PurePosixPath
    relative: PurePosixPath
    file: RemoteFile
    scan: bool
    trouble: SourceError | None = None


def find_remote(url: str, exclude: str | None) -> Iterator[Found]:
    """The files that a URL names; hidden ones and those below the URL `exclude` are passed over.

    Raises `UsageError` where there are none, or the storage cannot be asked.
    """
    top = Remote(url, UsageError)
    stamp = top.stamp()
    if stamp is not None:
        path = PurePosixPath(top.path)
        yield Found(path, PurePosixPath(path.name), RemoteFile(top.url, stamp), scan=True)
        return
    top, pattern = _parts(top)
    found = top.find(pattern)
    if not found:
        what = "no file matches this pattern" if pattern else "there is no such file or folder"
        raise UsageError(f"{url}: {what}")
    for relative, stamp in found.items():
        file = RemoteFile(f"{top.url.rstrip('/')}/{relative}", stamp)
        parts = PurePosixPath(relative).parts
        below = exclude is not None and file.url.startswith(f"{exclude.rstrip('/')}/")
        if not below and not any(part.startswith(".") or part == "__MACOSX" for part in parts):
            yield _look_into(PurePosixPath(top.path) / relative, PurePosixPath(relative), file)


def _parts(top: Remote) -> tuple[Remote, str | None]:
    """The folder that an address names, and the pattern in it, if there is one."""
    if top.url.startswith(_WEB):
        return top, None
    scheme, _, rest = top.url.partition("://")
    parts = rest.split("/")
    fixed = next((i for i, part in enumerate(parts) if any(c in part for c in "*?[")), None)
    if fixed is None:
        return top, None
    return Remote(f"{scheme}://{'/'.join(parts[:fixed])}", top.trouble), "/".join(parts[fixed:])


def _look_into(path: PurePosixPath, relative: PurePosixPath, file: RemoteFile) -> Found:
    """By its suffix or, failing that, by its content."""
    if path.suffix.lower() in SCAN_SUFFIXES:
        return Found(path, relative, file, scan=True)
    try:
        head = Remote(file.url, SourceError).read(HEAD_SIZE) if file.stamp.size else b""
    except SourceError as error:
        return Found(path, relative, file, scan=False, trouble=error)
    return Found(path, relative, file, scan=sniff(head) is not None)
