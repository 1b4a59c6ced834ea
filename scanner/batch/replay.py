"""A failure of an earlier run, made to happen again."""

from __future__ import annotations

import tempfile
from pathlib import Path

from scanner.batch.failures import Bundle, input_of, read_bundle
from scanner.batch.plan import plan_batch
from scanner.batch.run import BatchRun
from scanner.batch.tasks import ReaderFactory
from scanner.inputs import InputFile
from scanner.results import FileResult


def replay(
    folder: Path, *, make_reader: ReaderFactory | None = None, workers: int = 1
) -> tuple[Bundle, FileResult]:
    """Read the page of a bundle once more, with the same options; its results are not kept.

    With no `workers` it is read in this process, for debuggers. Raises `UsageError` where there
    is no bundle or its input is gone.
    """
    bundle = read_bundle(folder)
    page = bundle.failure.page
    pages = ((page, page),) if page is not None else bundle.options.pages
    options = bundle.options.model_copy(update={"pages": pages, "workers": workers})
    path = input_of(bundle, folder)
    name = Path(Path(bundle.path).name)
    with tempfile.TemporaryDirectory(prefix="scanner-replay-") as out:
        batch = plan_batch([InputFile(path, name)], Path(out), bundle.forms)
        with BatchRun(batch, options, make_reader=make_reader) as run:
            (result,) = run.results()
    return bundle, result
