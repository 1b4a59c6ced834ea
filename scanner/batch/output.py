"""Where a run's results lie: in a folder of this machine, or at a URL.

At a URL, workers send what is complete, and the run keeps a folder of this machine as its desk,
which is thrown away at the end: everything that a later run needs is at the URL.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

from scanner.batch.lease import Lease
from scanner.batch.segments import Segments
from scanner.errors import OutputError, UsageError
from scanner.manifest import NAME as MANIFEST
from scanner.remote import Remote
from scanner.results import FileResult
from scanner.thumbnails import MOST

STATE = ".scanner"
"""The folder, in the output folder, of what only this program reads."""

PAGES = f"{STATE}/pages"
THUMBNAILS = f"{STATE}/thumbnails"

_MOST_LISTINGS = 16
_BETWEEN_MANIFESTS = 30.0
"""Seconds at the least: at a URL the manifest can be written as a whole only."""


class Output:
    """An output folder of this machine; a context manager."""

    remote: Remote | None = None
    segments: Segments | None = None

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def name(self) -> str:
        """What people call it."""
        return self.folder.resolve().name

    def has(self, name: str) -> bool:
        """Whether there is a file or folder of this name."""
        return (self.folder / name).exists()

    def publish(self, name: str) -> None:
        """A file or folder that the run itself wrote in `folder` is complete."""

    def recorded(self) -> None:
        """The manifest has grown."""

    def keep_page(self, page: Path) -> None:
        """The run itself has added a page to those that wait."""

    def fetch_pages(self, spool: Path) -> None:
        """Have in the folder `spool` the pages that an earlier run left there."""

    def remove_pages(self, spool: Path | None = None) -> None:
        """Remove the pages of a file that waited for each other, or those of all files."""

    def prepare_report(self) -> None:
        """Have in `folder` what the report is made from."""

    def remove_old(self, before: FileResult | None, now: FileResult) -> None:
        """Remove what an earlier run wrote for the file and this one did not."""
        if before is None:
            return
        written = {name for names in now.outputs.values() for name in names}
        for names in before.outputs.values():
            for name in set(names) - written:
                self._remove(name)
        bundles = {failure.bundle for failure in now.failures}
        for failure in before.failures:
            if failure.bundle is not None and failure.bundle not in bundles:
                self._remove(failure.bundle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """There is nothing to let go of."""

    def _remove(self, name: str) -> None:
        path = self.folder / name
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


class RemoteOutput(Output):
    """An output folder at a URL; `folder` is the desk. It is this run's alone, if it holds it."""

    def __init__(self, remote: Remote, *, hold: bool = True) -> None:
        """Raises `BusyError` where another run holds it, `OutputError`."""
        self.remote = remote
        self._at = remote
        self._listings: dict[str, set[str]] = {}
        self._next_manifest = 0.0
        with ExitStack() as stack:
            desk = stack.enter_context(tempfile.TemporaryDirectory(prefix="scanner-"))
            super().__init__(Path(desk))
            lease = None
            if hold:
                lease = Lease(remote / STATE / "lease.json")
                stack.callback(lease.release)
                stack.callback(self._send_manifest)
            self.segments = Segments(remote / STATE / "journal", lease.check if lease else None)
            self._kept = (remote / PAGES).names() if hold else set()
            self._stack = stack.pop_all()

    @property
    def name(self) -> str:
        """The last part of the URL."""
        return self._at.url.rpartition("/")[2]

    def has(self, name: str) -> bool:
        """Whether it was there when its folder was first looked into."""
        parent, _, last = name.rpartition("/")
        if parent not in self._listings:
            for oldest in list(self._listings)[: 1 - _MOST_LISTINGS]:
                del self._listings[oldest]
            self._listings[parent] = (self._at / parent if parent else self._at).names()
        return last in self._listings[parent]

    def publish(self, name: str) -> None:
        """Send a file, or a folder, which is not kept here."""
        path = self.folder / name
        if not path.is_dir():
            (self._at / name).put(path)
            return
        for file in files_below(path):
            (self._at / f"{name}/{file.relative_to(path).as_posix()}").put(file)
        shutil.rmtree(path)

    def recorded(self) -> None:
        """Send the manifest now and then, a long one less often."""
        if (started := time.monotonic()) > self._next_manifest:
            self._send_manifest()
            now = time.monotonic()
            self._next_manifest = now + max(_BETWEEN_MANIFESTS, 20 * (now - started))

    def keep_page(self, page: Path) -> None:
        """The worker that writes the document must see it."""
        (self._at / f"{PAGES}/{page.parent.name}/{page.name}").put(page)

    def fetch_pages(self, spool: Path) -> None:
        """Only where there were any when this run began."""
        if spool.name in self._kept:
            fetch_pages(self._at, spool, "*.page")

    def remove_pages(self, spool: Path | None = None) -> None:
        """The run's copies are the run's own affair."""
        (self._at / PAGES / spool.name if spool else self._at / PAGES).remove()

    def prepare_report(self) -> None:
        """Fetch the pictures of the least certain pages, and drop the others."""
        there, here = self._at / THUMBNAILS, self.folder / THUMBNAILS
        here.mkdir(parents=True, exist_ok=True)
        names = sorted(there.names())
        for name, data in there.read_all(names[:MOST]):
            (here / name).write_bytes(data)
        for name in names[MOST:]:
            (there / name).remove()
        self._listings.clear()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Leave the manifest as it is in the end, and let go."""
        with suppress(*([OutputError] if kind is not None else [])):
            self._stack.close()

    def _remove(self, name: str) -> None:
        (self._at / name).remove()

    def _send_manifest(self) -> None:
        if (self.folder / MANIFEST).is_file():
            self.publish(MANIFEST)


def open_output(folder: Path | Remote, *, share: bool = False) -> Output:
    """The output folder of a run, which is not to `share` it with others at a URL.

    Raises `UsageError`, `BusyError`, `OutputError`.
    """
    if isinstance(folder, Remote):
        if share:
            raise UsageError(
                f"{folder}: --share is for runs of one machine in a folder of its own; have "
                "several machines work together with --cluster ray"
            )
        return RemoteOutput(folder)
    return Output(folder)


def fetch_pages(remote: Remote, spool: Path, pattern: str = "*") -> None:
    """Fetch to `spool` what waits of a file in the output folder; raises `OutputError`."""
    there = remote / PAGES / spool.name
    spool.mkdir(parents=True, exist_ok=True)
    names = [name for name in sorted(there.names()) if Path(name).match(pattern)]
    for name, data in there.read_all(names):
        (spool / name).write_bytes(data)


def files_below(folder: Path) -> Iterator[Path]:
    """All files below a folder, which need not be there; a page's own file after its others."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    yield from sorted(files, key=lambda path: (path.suffix == ".page", path))
