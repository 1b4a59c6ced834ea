"""Bundles: what is needed to make a failure happen again, in a folder of its own."""

from __future__ import annotations

import hashlib
import platform
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from scanner.batch.plan import Job
from scanner.errors import OutputError, SourceError, UsageError
from scanner.files import write_atomically
from scanner.options import Options
from scanner.results import Failure

FOLDER = "failures"
LARGEST_COPY = 32 * 2**20
"""Bytes; larger inputs are named by their path and SHA-256 only."""

_PACKAGES = (
    "scanner-ocr",
    "torch",
    "numpy",
    "opencv-python-headless",
    "pillow",
    "pillow-heif",
    "pypdfium2",
    "simplejpeg",
    "rapidocr",
)
_FILE, _LOG = "bundle.json", "log.txt"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A failure and the circumstances it happened in.

    `path` is where the input lay (a path or a URL), `digest` its SHA-256 (None where it could not
    be read), `input` the name of its copy in the bundle, None where it was too large for one.
    """

    failure: Failure
    path: str
    digest: str | None
    input: str | None
    forms: tuple[str, ...]
    options: Options
    versions: Mapping[str, str]


_bundles = TypeAdapter(Bundle)


def write_bundle(
    folder: Path,
    job: Job,
    failure: Failure,
    digest: str | None,
    log: str,
    forms: tuple[str, ...],
    options: Options,
) -> Failure:
    """Keep a failure below the output folder `folder`; gives it with its bundle's name.

    The same failure of a later run takes the place of this one. Raises `OutputError`.
    """
    name = f"{FOLDER}/{_bundle_name(job, failure)}"
    target = folder / name
    failure = replace(failure, bundle=name)
    try:
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        copied = _copy(job, target)
    except OSError as error:
        raise OutputError(f"{target}: cannot be written: {error.strerror}") from error
    bundle = Bundle(failure, job.address, digest, copied, forms, options, versions())
    write_atomically(target / _LOG, log.encode("utf-8", "replace"), durable=False)
    write_atomically(target / _FILE, _bundles.dump_json(bundle, indent=1) + b"\n", durable=False)
    return failure


def read_bundle(folder: Path) -> Bundle:
    """The bundle in a folder; raises `UsageError` where there is none."""
    try:
        return _bundles.validate_json((folder / _FILE).read_bytes())
    except OSError as error:
        raise UsageError(f"{folder}: is no bundle of a failure: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]["msg"]
        raise UsageError(f"{folder}: is no bundle of this version: {first}") from error


def input_of(bundle: Bundle, folder: Path) -> Path:
    """The input of the bundle in `folder`: its copy, or the original if that is unchanged.

    Raises `UsageError` where there is neither.
    """
    path = Path(bundle.path) if bundle.input is None else folder / bundle.input
    if bundle.input is not None and path.is_file():
        return path
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    if bundle.digest is not None and digest != bundle.digest:
        raise UsageError(f"{path}: is no longer the file that failed (its SHA-256 is another)")
    return path


@cache
def versions() -> Mapping[str, str]:
    """What the program runs on, as far as it matters to a page."""
    found = {"python": platform.python_version(), "platform": platform.platform()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def _bundle_name(job: Job, failure: Failure) -> str:
    """Readable, a valid name everywhere, and another one for each file, page and stage."""
    place = f"page {failure.page}" if failure.page is not None else failure.stage
    readable = re.sub(r"[^\w.-]+", "-", f"{job.source[-60:]} {place}").strip("-.")
    unique = hashlib.sha256(f"{job.source}\0{place}".encode("utf-8", "replace")).hexdigest()[:8]
    return f"{readable}-{unique}"


def _copy(job: Job, folder: Path) -> str | None:
    """A copy of the input under a name that tells its kind, if it can be read and is not large."""
    name = "input" + "".join(c for c in job.path.suffix.lower()[:6] if c.isalnum() or c == ".")
    try:
        if job.stamp is None or job.stamp.size > LARGEST_COPY:
            return None
        if job.remote is not None:
            job.remote.get(folder / name)
            return name
        if not job.path.is_file():
            return None
        data = job.path.read_bytes()
    except (OSError, SourceError):
        return None
    (folder / name).write_bytes(data)
    return name
