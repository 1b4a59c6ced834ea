"""Many files into an output folder: each one's results, its line in the manifest, its failures."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scanner.errors import OutputError, UsageError
from scanner.files import output_stems, prepare_folder, printable, usual_stem
from scanner.images import SourcePage
from scanner.manifest import (
    FileResult,
    Status,
    add_to_manifest,
    is_finished,
    read_manifest,
    start_manifest,
)
from scanner.options import Options
from scanner.outputs import PICTURES, READABLE_FORMATS, ResultWriter
from scanner.pipeline import ScannedPage
from scanner.reading import PageReader, PageWatcher, describe_failure, read_document
from scanner.sources import InputFile
from table_restore.document import Document, PageFailure


@dataclass(frozen=True, slots=True)
class Job:
    """One input file, what it is called in documents and messages, and where its results go.

    `stem` is relative to the output folder and has no suffix.
    """

    path: Path
    source: str
    stem: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What a run does: the files still to scan, into `folder`, in the formats `forms`.

    `done` counts the files that an earlier run finished. `renamed` are the jobs whose results
    could not get their usual name because another input has it.
    """

    jobs: tuple[Job, ...]
    folder: Path
    forms: tuple[str, ...]
    done: int = 0
    renamed: tuple[Job, ...] = ()


def plan_batch(
    inputs: Sequence[InputFile], folder: Path, forms: Sequence[str], *, resume: bool = False
) -> Batch:
    """Give every input its place in the output folder and make the manifest there ready.

    Lines of an earlier run stay for files that this one does not scan; with `resume`, that
    goes for those it finished. Raises `UsageError` where a picture of a page or a PDF could
    replace an input, `OutputError` where the folder cannot be used.
    """
    jobs, renamed = _name_jobs(inputs)
    _keep_inputs_safe(inputs, folder, forms)
    prepare_folder(folder)
    known = read_manifest(folder)
    finished = {
        source for source, entry in known.items() if resume and is_finished(entry, folder, forms)
    }
    to_do = tuple(job for job in jobs if job.source not in finished)
    again = {job.source for job in to_do}
    start_manifest(folder, [entry for source, entry in known.items() if source not in again])
    return Batch(to_do, folder, tuple(forms), len(jobs) - len(to_do), renamed)


# Called after every page: the file's name, the page's number, how many pages the file has.
PageDone = Callable[[str, int, int], None]


def run_batch(
    batch: Batch, read_page: PageReader, options: Options, page_done: PageDone
) -> Iterator[FileResult]:
    """Scan the files in order; yields each as soon as its results and manifest line are written.

    One file's failure does not end the run. Raises `OutputError` when nothing more can be
    written; what was yielded before is complete.
    """
    for job in batch.jobs:
        result = _run_job(job, batch, read_page, options, page_done)
        add_to_manifest(batch.folder, result)
        yield result


def _run_job(
    job: Job, batch: Batch, read_page: PageReader, options: Options, page_done: PageDone
) -> FileResult:
    started = time.monotonic()
    watcher = _Watcher(job, batch, options, page_done)
    document = Document(job.source, ())
    failures: list[PageFailure] = []
    try:
        document = read_document(job.path, job.source, read_page, options, watcher)
        failures += document.failures
        if document.pages:
            failures += _export(document, job, watcher)
    except OutputError:
        raise
    except Exception as error:  # whatever a file does, the others are still wanted
        failures.append(describe_failure(error, job.path, job.source))
    outputs = watcher.writer.written
    return FileResult(
        source=job.source,
        status=_status(failures, any(outputs.values())),
        pages=len(document.pages),
        tables=sum(len(page.tables) for page in document.pages),
        outputs=outputs,
        failures=tuple(failures),
        seconds=time.monotonic() - started,
    )


class _Watcher(PageWatcher):
    """Writes the pictures of a page while they are there, and passes on how far the file is."""

    def __init__(self, job: Job, batch: Batch, options: Options, page_done: PageDone) -> None:
        self.writer = ResultWriter(batch.folder, job.stem, batch.forms, options)
        self.page_count = 0
        self._job = job
        self._page_done = page_done

    def read(self, source: SourcePage, scanned: ScannedPage, page_count: int) -> None:
        self.writer.page(source, scanned, page_count)
        self._tell(scanned.page.number, page_count)

    def failed(self, failure: PageFailure, page_count: int) -> None:
        self._tell(failure.page or 0, page_count)

    def _tell(self, number: int, page_count: int) -> None:
        self.page_count = page_count
        self._page_done(self._job.source, number, page_count)


def _export(document: Document, job: Job, watcher: _Watcher) -> list[PageFailure]:
    """Write the document in every format; a format that fails does not cost the others."""
    failures = []
    for form in watcher.writer.written:
        if form in PICTURES:
            continue
        try:
            watcher.writer.document(document, form, watcher.page_count)
        except OutputError:
            raise
        except Exception as error:  # a mistake in one writer
            failures.append(describe_failure(error, job.path, job.source, stage=f"export {form}"))
    return failures


def _status(failures: Sequence[PageFailure], anything_written: bool) -> Status:
    if not failures:
        return Status.OK
    return Status.PARTIAL if anything_written else Status.FAILED


def _name_jobs(inputs: Sequence[InputFile]) -> tuple[tuple[Job, ...], tuple[Job, ...]]:
    """The jobs in order, and those of them that got another name than usual."""
    names = _distinct_names(inputs)
    stems = output_stems(names)
    jobs = [
        Job(item.path, name, stem) for item, name, stem in zip(inputs, names, stems, strict=True)
    ]
    return tuple(jobs), tuple(job for job in jobs if job.stem != usual_stem(job.source))


def _distinct_names(inputs: Sequence[InputFile]) -> list[str]:
    """The inputs' relative paths, with folders in front where two would be the same."""
    relatives = [item.relative for item in inputs]
    while len(counts := Counter(relatives)) < len(relatives):
        relatives = [
            _with_one_more_folder(relative, item.path) if counts[relative] > 1 else relative
            for relative, item in zip(relatives, inputs, strict=True)
        ]
    return [printable(relative.as_posix()) for relative in relatives]


def _with_one_more_folder(relative: Path, path: Path) -> Path:
    parts = path.resolve().parts[1:]
    return Path(*parts[-len(relative.parts) - 1 :])


def _keep_inputs_safe(inputs: Sequence[InputFile], folder: Path, forms: Sequence[str]) -> None:
    """Refuse to write pictures or PDFs among the scans, which they could replace."""
    if not set(forms) & set(READABLE_FORMATS):
        return
    out = folder.resolve()
    for item in inputs:
        if item.path.resolve().is_relative_to(out):
            raise UsageError(
                f"{folder}: holds scans to be read ({item.path.name}), which pictures of pages "
                "or PDFs could replace; choose another output folder"
            )
