"""Files at URLs (s3://, gs://, ...): fsspec behind a few verbs whose errors are sentences.

Credentials and endpoints are fsspec's and the storage's own concern (its configuration files and
environment, FSSPEC_* included); nothing of the kind passes through this program.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scanner.errors import OutputError, ScannerError, SourceError, UsageError

_URL = re.compile(r"([A-Za-z][\w+.-]+)://")

_MAGIC = re.compile(r"[*?\[]")

_LOCAL = ("file", "local")
_ONE_PROCESS = "memory"

_TOGETHER = 64
"""Files that are read at a time."""

_WHOLE = {"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "memory"}
"""Storages in which an object is there whole or not at all; elsewhere files are renamed."""

_EXTRAS = {"s3": "s3", "s3a": "s3", "gs": "gs", "gcs": "gs"}

_IDENTITY = ("ETag", "etag", "md5Hash", "mtime", "LastModified", "last_modified", "created")
"""What storages call that by which another content of a file can be told."""

_REFUSED = ("NoCredentialsError", "PartialCredentialsError", "DefaultCredentialsError")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the file system says of a file; another stamp may mean another content."""

    size: int
    modified: int
    changed: int

    @staticmethod
    def of(path: Path) -> Stamp | None:
        """The file's stamp; None where it has none to see."""
        try:
            status = path.stat()
        except OSError:
            return None
        return Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns)


@dataclass(frozen=True, slots=True)
class Remote:
    """A file or folder at a URL.

    Whatever goes wrong is a `trouble`: an input that cannot be had costs one file, an output
    ends the run.
    """

    url: str
    trouble: type[ScannerError] = OutputError

    def __str__(self) -> str:
        return self.url

    def __truediv__(self, name: str) -> Remote:
        return Remote(f"{self.url.rstrip('/')}/{name}", self.trouble)

    @property
    def path(self) -> str:
        """What the storage calls it: bucket and key."""
        return str(self._open()[1])

    @property
    def one_process(self) -> bool:
        """Whether no other process can see it."""
        return _scheme(self.url) == _ONE_PROCESS

    def read(self, most: int | None = None) -> bytes:
        """The content, or its first bytes."""
        with self._troubles("read"):
            fs, path = self._open()
            return bytes(fs.cat_file(path, end=most) if most is not None else fs.cat_file(path))

    def read_all(self, names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """The content of files in the folder, in their order, some at a time."""
        for first in range(0, len(names), _TOGETHER):
            some = names[first : first + _TOGETHER]
            with self._troubles("read"):
                fs, path = self._open()
                paths = [f"{path.rstrip('/')}/{name}" for name in some]
                contents = fs.cat_ranges(paths, None, None, on_error="return")
                for content in contents:
                    if isinstance(content, Exception):
                        raise content
            yield from zip(some, contents, strict=True)

    def write(self, data: bytes) -> None:
        """Write a file whole or not at all."""
        self._send(lambda fs, path: fs.pipe_file(path, data))

    def put(self, source: Path) -> None:
        """Write a copy of a local file, whole or not at all."""
        self._send(lambda fs, path: fs.put_file(str(source), path))

    def get(self, target: Path) -> None:
        """Write a local copy, whole or not at all."""
        draft = target.with_name(f"{target.name[:100]}.{uuid.uuid4().hex}.tmp")
        try:
            with self._troubles("read"):
                fs, path = self._open()
                fs.get_file(path, str(draft))
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)

    def stamp(self) -> Stamp | None:
        """The stamp of a file; None where there is none, or a folder."""
        with self._troubles("read"):
            fs, path = self._open()
            fs.invalidate_cache()
            try:
                facts = fs.info(path)
            except FileNotFoundError:
                return None
            return _stamp(facts) if facts.get("type") == "file" else None

    def names(self) -> set[str]:
        """What lies directly in the folder; nothing where there is no such folder."""
        with self._troubles("read"):
            fs, path = self._open()
            fs.invalidate_cache()
            try:
                found = fs.ls(path, detail=False)
            except FileNotFoundError:
                return set()
            fs.invalidate_cache()  # a listing of millions is not to stay in memory
            return {str(name).rstrip("/").rpartition("/")[2] for name in found} - {""}

    def find(self, pattern: str | None = None) -> dict[str, Stamp]:
        """All files below the folder, or those that a pattern in it names; by relative path."""
        with self._troubles("read"):
            fs, path = self._open()
            fs.invalidate_cache()
            top = path.rstrip("/")
            found = fs.glob(f"{top}/{pattern}", detail=True) if pattern else None
            found = fs.find(path, detail=True) if found is None else found
            fs.invalidate_cache()
            return {
                str(name).removeprefix(top).lstrip("/"): _stamp(facts)
                for name, facts in found.items()
                if facts.get("type") == "file"
            }

    def check(self) -> None:
        """See that the folder's storage can be reached and written to."""
        probe = self / f".scanner-{uuid.uuid4().hex}.tmp"
        probe.write(b"")
        probe.remove()

    def remove(self) -> None:
        """Remove a file, or a folder with all that is in it; what is not there is fine."""
        with self._troubles("removed"):
            fs, path = self._open()
            fs.invalidate_cache()
            with suppress(FileNotFoundError):
                if not _MAGIC.search(path):
                    fs.rm(path, recursive=True)
                    return
                for name in fs.find(path):  # `rm` would take it for a pattern
                    fs.rm_file(name)

    def _send(self, send: Callable[[Any, str], object]) -> None:
        with self._troubles("written"):
            fs, path = self._open()
            if _scheme(self.url) in _WHOLE:
                send(fs, path)
                return
            parent = path.rpartition("/")[0]
            fs.makedirs(parent, exist_ok=True)
            draft = f"{parent}/.scanner-{uuid.uuid4().hex}.tmp"
            try:
                send(fs, draft)
                if fs.exists(path):  # not every storage renames over what is there
                    fs.rm_file(path)
                fs.mv(draft, path)
            finally:
                if fs.exists(draft):
                    fs.rm_file(draft)

    def _open(self) -> tuple[Any, str]:
        """The file system, one for all files of a storage, and the path in it."""
        from fsspec.core import url_to_fs

        scheme = _scheme(self.url)
        try:
            return url_to_fs(self.url)  # type: ignore[no-any-return]
        except ImportError as error:
            extra = _EXTRAS.get(scheme)
            hint = f"pip install 'scanner-ocr[{extra}]'" if extra else str(error)
            raise UsageError(f"{self.url}: {scheme}:// needs another package: {hint}") from error
        except ValueError as error:
            raise UsageError(
                f"{self.url}: there is no way to reach {scheme}:// addresses ({error})"
            ) from error

    @contextmanager
    def _troubles(self, done: str) -> Iterator[None]:
        """Whatever a storage raises, and they raise all kinds of things, as a sentence."""
        try:
            yield
        except ScannerError:
            raise
        except FileNotFoundError as error:
            raise self.trouble(f"{self.url}: there is no such bucket, folder or file") from error
        except Exception as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            if isinstance(error, PermissionError) or type(error).__name__ in _REFUSED:
                reason = (
                    f"access is refused ({reason}); credentials are taken from the storage's own "
                    "configuration, such as AWS_PROFILE or ~/.aws for S3"
                )
            raise self.trouble(f"{self.url}: cannot be {done}: {reason}") from error


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """An input at a URL, and its stamp when it was found."""

    url: str
    stamp: Stamp

    def get(self, target: Path) -> None:
        """Write a local copy; raises `SourceError`."""
        Remote(self.url, SourceError).get(target)


def is_url(text: str | Path) -> bool:
    """Whether this is an address such as s3://bucket/folder, not a path of this machine."""
    match = _URL.match(str(text)) if isinstance(text, str) else None
    return match is not None and match[1].lower() not in _LOCAL


def as_place(text: str | Path | Remote) -> Path | Remote:
    """A folder of this machine or one at a URL; file:// addresses are paths.

    Raises `UsageError` for an address that cannot be reached in principle.
    """
    if not isinstance(text, str):
        return text
    match = _URL.match(text)
    if match is None:
        return Path(text)
    if match[1].lower() in _LOCAL:
        from fsspec.implementations.local import LocalFileSystem

        return Path(LocalFileSystem._strip_protocol(text))
    if "::" in text:
        raise UsageError(f"{text}: addresses within addresses (::) are not supported")
    remote = Remote(text.rstrip("/"))
    remote._open()
    return remote


def _scheme(url: str) -> str:
    return url.partition("://")[0].lower()


def _stamp(facts: Mapping[str, Any]) -> Stamp:
    """The stamp of a file by what a storage says of it."""
    identity = json.dumps([str(facts.get(name)) for name in _IDENTITY]).encode()
    digest = hashlib.sha256(identity).digest()
    return Stamp(int(facts.get("size") or 0), 0, int.from_bytes(digest[:6], "big"))
