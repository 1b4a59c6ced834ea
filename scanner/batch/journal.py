"""What has been done in an output folder, by whom, and who is at work in it now.

A SQLite database, `.scanner/journal.sqlite` in the output folder: what is recorded survives the
end of the process at any moment and the loss of power, and several processes of one machine can
write to it. Each process at work holds a lock on a file of its own, which the system lets go of
when the process ends, however it ends. Where the output folder is at a URL, each run makes the
database anew from what is there (see `scanner.batch.segments`).
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout
from pydantic import TypeAdapter

from scanner.batch.output import STATE, THUMBNAILS, Output, RemoteOutput
from scanner.batch.plan import Job
from scanner.errors import BusyError, OutputError
from scanner.manifest import NAME, add_to_manifest, cut_manifest, write_manifest
from scanner.remote import Remote, Stamp
from scanner.results import FileResult, Status

DATABASE = "journal.sqlite"

_VERSION = 1
_PATIENCE = 60.0  # seconds to wait for another process's turn at the database

_SCHEMA = f"""
CREATE TABLE run (
    id INTEGER PRIMARY KEY AUTOINCREMENT, host TEXT NOT NULL, pid INTEGER NOT NULL,
    started REAL NOT NULL, finished REAL
);
CREATE TABLE file (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL UNIQUE, key TEXT NOT NULL, forms TEXT NOT NULL,
    stamp TEXT, result TEXT NOT NULL
);
CREATE TABLE claim (source TEXT PRIMARY KEY, run INTEGER NOT NULL) WITHOUT ROWID;
PRAGMA user_version = {_VERSION};
"""

_results = TypeAdapter(FileResult)
_stamps = TypeAdapter(Stamp | None)


class Standing(Enum):
    """What is to be done about a file."""

    DONE = "done"
    FAILED = "failed"  # done too, but not well
    TAKEN = "taken"  # another process is at it
    OURS = "ours"  # to do, and claimed for this run


@dataclass(frozen=True, slots=True)
class Claim:
    """How a file stands, and what became of it the last time.

    If the file's SHA-256 is still `known`, that still holds.
    """

    standing: Standing
    before: FileResult | None = None
    known: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A file that is done, and its stamp when it was opened."""

    job: Job
    result: FileResult
    stamp: Stamp | None


class Journal:
    """The journal of an output folder, open for one run; a context manager.

    `key` stands for the settings and the version that results are made by, `forms` are the
    formats. Raises `BusyError` where another run is at work and the work is not to be shared,
    and `OutputError`, here and in every method, where the journal cannot be written.
    """

    def __init__(
        self, output: Output, key: str, forms: Sequence[str], *, share: bool = False
    ) -> None:
        self._output = output
        self.folder = folder = output.folder
        self.key = key
        self._forms = tuple(forms)
        self._state = folder / STATE
        self._outdated = False  # whether the manifest has lines that no longer hold
        with _troubles(folder):
            (self._state / "runs").mkdir(parents=True, exist_ok=True)
            self._database = _connect(self._state / DATABASE)
            try:
                with self._transaction() as database:
                    if output.segments is not None:
                        output.segments.restore(database)
                    self._run, self._lock = self._join(share)
            except BaseException:
                self._database.close()
                raise
            self.spools = self._state / "pages"
            self.thumbnails = folder / THUMBNAILS
            self.temporary = self._state / "tmp" / str(self._run)
            self.temporary.mkdir(parents=True, exist_ok=True)

    def forget(self, jobs: Iterable[Job], *, only_failed: bool) -> None:
        """Have these files done again, all of them or those that failed."""
        with self._transaction() as database:
            for job in jobs:
                found = self._find(job.source)
                if found is None or (only_failed and found.result.status is Status.OK):
                    continue
                database.execute("UPDATE file SET key = '' WHERE source = ?", (job.source,))
                self._outdated = True
        self.tidy()

    def tidy(self) -> None:
        """Make the manifest anew if it has lines that no longer hold."""
        if self._outdated or not (self.folder / NAME).is_file():
            with self._transaction() as database:
                rows = database.execute("SELECT result FROM file WHERE key != '' ORDER BY id")
                write_manifest(self.folder, (_results.validate_json(text) for (text,) in rows))
            self._outdated = False

    def claim(self, job: Job) -> Claim:
        """How a file stands; one that is to do is this run's from now on."""
        claim = self._look_up(job)
        if claim.standing is not Standing.OURS:
            return claim
        with self._transaction(durable=False) as database:
            claim = self._look_up(job)  # it may have been done meanwhile
            if claim.standing is not Standing.OURS:
                return claim
            row = database.execute("SELECT run FROM claim WHERE source = ?", (job.source,))
            owner = row.fetchone()
            if owner is not None and owner[0] != self._run and self._alive(owner[0]):
                return replace(claim, standing=Standing.TAKEN)
            database.execute("INSERT OR REPLACE INTO claim VALUES (?, ?)", (job.source, self._run))
        return claim

    def record(self, records: Sequence[Record]) -> None:
        """Keep what became of files, here and in the manifest, and let go of them."""
        added_to = None
        try:
            with self._transaction() as database:
                for record in records:
                    self._record(database, record)
                added_to = add_to_manifest(self.folder, [record.result for record in records])
        except BaseException:
            self._outdated = True
            if added_to is not None:  # the disk was too full for the database alone
                cut_manifest(self.folder, added_to)
            raise

    def confirm(self, job: Job, stamp: Stamp | None) -> None:
        """Keep the new stamp of a file whose content is the old one, and let go of it."""
        with self._transaction(durable=False) as database:
            database.execute(
                "UPDATE file SET stamp = ? WHERE source = ?",
                (_stamps.dump_json(stamp).decode(), job.source),
            )
            database.execute("DELETE FROM claim WHERE source = ?", (job.source,))

    def clear_spools(self) -> bool:
        """Remove pages that wait for files, which none is read of any more, if nobody else is.

        Gives whether they were removed.
        """
        with self._transaction() as database:
            others = database.execute(
                "SELECT id FROM run WHERE finished IS NULL AND id != ?", (self._run,)
            )
            alone = not any(self._alive(number) for (number,) in others.fetchall())
            if alone:
                shutil.rmtree(self.spools, ignore_errors=True)
        return alone

    def close(self) -> None:
        """End the run; the last one to leave clears up."""
        try:
            self.tidy()
            with self._transaction() as database:
                database.execute("DELETE FROM claim WHERE run = ?", (self._run,))
                now = time.time()
                database.execute("UPDATE run SET finished = ? WHERE id = ?", (now, self._run))
        finally:
            shutil.rmtree(self.temporary, ignore_errors=True)
            self._database.close()
            self._lock.release()
            _lock_file(self._state, self._run).unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with suppress(*([OutputError] if kind is not None else [])):
            self.close()

    def _join(self, share: bool) -> tuple[int, FileLock]:
        """Enter the list of runs, after seeing who else is at work."""
        database = self._database
        others = database.execute("SELECT id, host, pid, started FROM run WHERE finished IS NULL")
        alone = True
        for number, host, pid, started in others.fetchall():
            if not self._alive(number):
                database.execute("UPDATE run SET finished = 0 WHERE id = ?", (number,))
                database.execute("DELETE FROM claim WHERE run = ?", (number,))
                self._outdated = True
                continue
            alone = False
            since = time.strftime("%H:%M", time.localtime(started))
            who = f"process {pid} on {host} has been at work in {self.folder} since {since}"
            if not share:
                raise BusyError(f"{who}; wait for it, or share its work with --share")
            if host != socket.gethostname():
                raise BusyError(f"{who}; work can be shared by processes of one machine only")
        if alone:
            shutil.rmtree(self._state / "tmp", ignore_errors=True)
        if database.execute("SELECT max(id) FROM run").fetchone() == (None,):
            self._outdated = True  # a manifest that is here is of files this journal knows not
        cursor = database.execute(
            "INSERT INTO run (host, pid, started) VALUES (?, ?, ?)",
            (socket.gethostname(), os.getpid(), time.time()),
        )
        run = int(cursor.lastrowid or 0)
        lock = FileLock(_lock_file(self._state, run), thread_local=False)
        lock.acquire(blocking=False)
        return run, lock

    def _alive(self, run: int) -> bool:
        """Whether the run's process still holds its lock."""
        path = _lock_file(self._state, run)
        try:
            with FileLock(path, blocking=False):
                pass
        except Timeout:
            return True
        path.unlink(missing_ok=True)
        return False

    def _record(self, database: sqlite3.Connection, record: Record) -> None:
        source = record.job.source
        found = self._find(source)
        self._outdated |= found is not None and found.key != ""
        database.execute(
            "INSERT OR REPLACE INTO file (source, key, forms, stamp, result)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                source,
                self._key_of(record.job),
                json.dumps(self._forms),
                _stamps.dump_json(record.stamp).decode(),
                _results.dump_json(record.result).decode(),
            ),
        )
        database.execute("DELETE FROM claim WHERE source = ?", (source,))

    def _look_up(self, job: Job) -> Claim:
        found = self._find(job.source)
        if found is None:
            return Claim(Standing.OURS)
        made = found.key == self._key_of(job) and set(self._forms) <= set(found.forms)
        names = (name for names in found.result.outputs.values() for name in names)
        if not made or not all(self._output.has(name) for name in names):
            return Claim(Standing.OURS, found.result)
        if found.stamp != job.stamp:
            return Claim(Standing.OURS, found.result, found.result.digest)
        ok = found.result.status is Status.OK
        return Claim(Standing.DONE if ok else Standing.FAILED, found.result)

    def _find(self, source: str) -> _Row | None:
        with _troubles(self.folder):
            row = self._database.execute(
                "SELECT key, forms, stamp, result FROM file WHERE source = ?", (source,)
            ).fetchone()
        if row is None:
            return None
        key, forms, stamp, result = row
        forms = tuple(json.loads(forms))
        return _Row(key, forms, _stamps.validate_json(stamp), _results.validate_json(result))

    def _key_of(self, job: Job) -> str:
        return f"{self.key} {job.stem}"

    @contextmanager
    def _transaction(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """All or nothing; others wait. One that is not durable may be undone by a power cut."""
        with _troubles(self.folder):
            level = "FULL" if durable else "NORMAL"
            self._database.execute(f"PRAGMA synchronous = {level}")
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
                if self._output.segments is not None:
                    self._output.segments.send(self._database)
                self._database.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._database.execute("ROLLBACK")
                raise


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the table of files."""

    key: str
    forms: tuple[str, ...]
    stamp: Stamp | None
    result: FileResult


def read_results(folder: Path) -> Iterator[FileResult]:
    """What became of every file ever scanned into the folder, in the order they were done.

    Another process may be at work there. Without a journal there are none; raises `OutputError`
    where it cannot be read.
    """
    path = folder / STATE / DATABASE
    if not path.is_file():
        return
    with _troubles(folder), closing(_connect(path)) as database:
        for (text,) in database.execute("SELECT result FROM file WHERE key != '' ORDER BY id"):
            yield _results.validate_json(text)


def look_at(place: Path | Remote) -> Output:
    """An output folder, to be read, whoever is at work there; raises `OutputError`."""
    if isinstance(place, Path):
        return Output(place)
    output = RemoteOutput(place, hold=False)
    (output.folder / STATE).mkdir()
    with _troubles(output.folder), closing(_connect(output.folder / STATE / DATABASE)) as database:
        if output.segments is not None:
            database.execute("BEGIN")
            output.segments.restore(database)
            database.execute("COMMIT")
    return output


def _connect(path: Path) -> sqlite3.Connection:
    """The database, with its tables."""
    database = sqlite3.connect(
        path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
    )
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("BEGIN IMMEDIATE")
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version == 0:
            for statement in _SCHEMA.split(";"):
                database.execute(statement)
        elif version != _VERSION:
            raise OutputError(f"{path}: is the journal of another version of this program")
        database.execute("COMMIT")
    except BaseException:
        database.close()
        raise
    return database


@contextmanager
def _troubles(folder: Path) -> Iterator[None]:
    """What keeps the journal from being read or written, as a sentence."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise OutputError(f"{folder}: cannot be written: {error}") from error
    except sqlite3.DatabaseError as error:
        raise OutputError(
            f"{folder / STATE / DATABASE}: is damaged ({error}); without the folder "
            f"{folder / STATE} everything is done again"
        ) from error
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror or error}") from error


def _lock_file(state: Path, run: int) -> Path:
    return state / "runs" / f"{run}.lock"
