"""A failure of an earlier run, made to happen again."""

from __future__ import annotations

import tempfile
from pathlib import Path

from scanner.batch.failures import Bundle, input_of, read_bundle
from scanner.batch.plan import plan_batch
from scanner.batch.run import BatchRun
from scanner.batch.tasks import ReaderFactory
from scanner.inputs import InputFile, find_inputs
from scanner.remote import Remote, is_url
from scanner.results import FileResult


def replay(
    folder: Path | Remote, *, make_reader: ReaderFactory | None = None, workers: int = 1
) -> tuple[Bundle, FileResult]:
    """Read the page of a bundle once more, with the same options; its results are not kept.

    With no `workers` it is read in this process, for debuggers. Raises `UsageError` where there
    is no bundle or its input is gone.
    """
    if isinstance(folder, Remote):
        with tempfile.TemporaryDirectory(prefix="scanner-bundle-") as copy:
            for name, data in folder.read_all(sorted(folder.names())):
                Path(copy, name).write_bytes(data)
            return replay(Path(copy), make_reader=make_reader, workers=workers)
    bundle = read_bundle(folder)
    page = bundle.failure.page
    pages = ((page, page),) if page is not None else bundle.options.pages
    here = {"pages": pages, "workers": workers, "cluster": None}
    options = bundle.options.model_copy(update=here)
    if bundle.input is None and is_url(bundle.path):
        (file,) = find_inputs([bundle.path]).files
    else:
        file = InputFile(input_of(bundle, folder), Path(Path(bundle.path).name))
    with tempfile.TemporaryDirectory(prefix="scanner-replay-") as out:
        batch = plan_batch([file], Path(out), bundle.forms)
        with BatchRun(batch, options, make_reader=make_reader) as run:
            (result,) = run.results()
    return bundle, result
