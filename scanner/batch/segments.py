"""The journal of an output folder at a URL: what is recorded, in small files one after the other.

A database cannot be kept at a URL, but what changes in it can: every recording is a file of its
own, written whole or not at all before anybody is told. A run that begins, on whichever machine,
makes its database from all of them in their order. Many are made into one from time to time.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Callable, Iterable

from scanner.errors import OutputError
from scanner.remote import Remote

MOST = 256
"""How many small files there are before they are made into one."""

_TOGETHER = 64

_COLUMNS = "source, key, forms, stamp, result"
_WATCH = (
    "CREATE TEMP TABLE unsent (source TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TEMP TRIGGER added AFTER INSERT ON main.file"
    " BEGIN INSERT OR IGNORE INTO unsent VALUES (new.source); END",
    "CREATE TEMP TRIGGER changed AFTER UPDATE ON main.file"
    " BEGIN INSERT OR IGNORE INTO unsent VALUES (new.source); END",
)


class Segments:
    """The files of the journal in a folder at a URL.

    `check` is called before each writing, and raises where this run may write no more; None where
    they are only to be read.
    """

    def __init__(self, place: Remote, check: Callable[[], None] | None) -> None:
        self._place = place
        self._check = check
        self._small: list[tuple[str, bytes]] = []
        self._last = 0

    def restore(self, database: sqlite3.Connection) -> None:
        """Fill a new database, and watch what changes in it; raises `OutputError`."""
        names = sorted(self._place.names())
        for name, data in self._place.read_all(names):
            self._add_to(database, name, data)
        self._last = int(names[-1].partition(".")[0]) if names else 0
        if self._check is not None and len(names) > _TOGETHER:
            rows = database.execute(f"SELECT {_COLUMNS} FROM file ORDER BY id")
            self._write(_pack(rows))
            self._remove(names)
        for statement in _WATCH:
            database.execute(statement)

    def send(self, database: sqlite3.Connection) -> None:
        """Write what has changed in the database since the last time; raises `OutputError`."""
        rows = database.execute(
            f"SELECT {_COLUMNS} FROM file WHERE source IN (SELECT source FROM unsent) ORDER BY id"
        ).fetchall()
        if not rows:
            return
        data = _pack(rows)
        self._small.append((self._write(data), data))
        database.execute("DELETE FROM unsent")
        if len(self._small) >= MOST:
            self._write(b"".join(data for _, data in self._small))
            self._remove([name for name, _ in self._small])
            self._small = []

    def _add_to(self, database: sqlite3.Connection, name: str, data: bytes) -> None:
        try:
            rows = [json.loads(line) for line in gzip.decompress(data).splitlines()]
            database.executemany(
                f"INSERT OR REPLACE INTO file ({_COLUMNS}) VALUES (?, ?, ?, ?, ?)", rows
            )
        except (OSError, EOFError, ValueError, sqlite3.ProgrammingError) as error:
            raise OutputError(
                f"{self._place / name}: is no part of a journal of this version; without "
                f"{self._place} everything is done again"
            ) from error

    def _write(self, data: bytes) -> str:
        if self._check is None:
            raise ValueError(f"{self._place} was opened to be read")
        self._check()
        self._last += 1
        name = f"{self._last:012}.jsonl.gz"
        (self._place / name).write(data)
        return name

    def _remove(self, names: Iterable[str]) -> None:
        for name in names:
            (self._place / name).remove()


def _pack(rows: Iterable[tuple[str, ...]]) -> bytes:
    lines = "".join(f"{json.dumps(row)}\n" for row in rows)
    return gzip.compress(lines.encode(), mtime=0)
