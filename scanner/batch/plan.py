"""What a run is to do: every input gets a name and a place in the output folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scanner.errors import UsageError
from scanner.files import output_stems, prepare_folder, printable, usual_stem
from scanner.formats import READABLE_FORMATS
from scanner.inputs import InputFile
from scanner.remote import Remote, RemoteFile, Stamp


@dataclass(frozen=True, slots=True)
class Job:
    """One input file, what it is called in documents and messages, and where its results go.

    `stem` is relative to the output folder and has no suffix. Of a `remote` file `path` has the
    storage's name until a worker has fetched it.
    """

    path: Path
    source: str
    stem: str
    remote: RemoteFile | None = None

    @property
    def address(self) -> str:
        """Where it lies: a path or a URL."""
        return str(self.path) if self.remote is None else self.remote.url

    @property
    def stamp(self) -> Stamp | None:
        """Its stamp, of a remote file the one it had when it was found."""
        return Stamp.of(self.path) if self.remote is None else self.remote.stamp


@dataclass(frozen=True, slots=True)
class Batch:
    """The files of a run, into `folder` (here or at a URL), in the formats `forms`.

    `renamed` are the jobs whose results could not get their usual name because another input
    has it.
    """

    jobs: tuple[Job, ...]
    folder: Path | Remote
    forms: tuple[str, ...]
    renamed: tuple[Job, ...] = ()


def plan_batch(inputs: Sequence[InputFile], folder: Path | Remote, forms: Sequence[str]) -> Batch:
    """Give every input its place in the output folder and make that folder.

    Raises `UsageError` where a picture of a page or a PDF could replace an input, `OutputError`
    where the folder cannot be used.
    """
    names = _distinct_names(inputs)
    stems = output_stems(names)
    jobs = tuple(
        Job(item.path, name, stem, item.remote)
        for item, name, stem in zip(inputs, names, stems, strict=True)
    )
    _keep_inputs_safe(inputs, folder, forms)
    if isinstance(folder, Remote):
        folder.check()
    else:
        prepare_folder(folder)
    renamed = tuple(job for job in jobs if job.stem != usual_stem(job.source))
    return Batch(jobs, folder, tuple(forms), renamed)


def _distinct_names(inputs: Sequence[InputFile]) -> list[str]:
    """The inputs' relative paths, with folders in front where two would be the same."""
    relatives = [item.relative for item in inputs]
    while len(counts := Counter(relatives)) < len(relatives):
        relatives = [
            _with_one_more_folder(relative, item) if counts[relative] > 1 else relative
            for relative, item in zip(relatives, inputs, strict=True)
        ]
    return [printable(relative.as_posix()) for relative in relatives]


def _with_one_more_folder(relative: Path, item: InputFile) -> Path:
    if item.remote is None:
        path = item.path.resolve()
    else:
        path = Path("/", item.remote.url.partition("://")[0], item.path)
    return Path(*path.parts[1:][-len(relative.parts) - 1 :])


def _keep_inputs_safe(
    inputs: Sequence[InputFile], folder: Path | Remote, forms: Sequence[str]
) -> None:
    """Refuse to write pictures or PDFs among the scans, which they could replace."""
    if not set(forms) & set(READABLE_FORMATS):
        return
    out = folder if isinstance(folder, Remote) else folder.resolve()
    for item in inputs:
        if _is_below(item, out):
            raise UsageError(
                f"{folder}: holds scans to be read ({item.path.name}), which pictures of pages "
                "or PDFs could replace; choose another output folder"
            )


def _is_below(item: InputFile, folder: Path | Remote) -> bool:
    if isinstance(folder, Remote):
        return item.remote is not None and item.remote.url.startswith(f"{folder.url}/")
    return item.remote is None and item.path.resolve().is_relative_to(folder)
