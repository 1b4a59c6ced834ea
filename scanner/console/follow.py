"""A run of the command before a reporter's eyes, and what is said when it ends."""

from __future__ import annotations

from threading import Event

from scanner.batch import Batch, BatchRun, Tally
from scanner.console.json_log import JsonReporter
from scanner.console.metrics import Metrics
from scanner.console.progress import Reporter, Totals, count
from scanner.errors import Interrupted, OutputError
from scanner.files import printable
from scanner.inputs import Inputs


def follow(
    run: BatchRun,
    batch: Batch,
    found: Inputs,
    reporter: Reporter | JsonReporter,
    stop: Event,
    metrics: Metrics | None,
) -> int:
    """Scan the batch before a reporter's eyes; gives the number of failures.

    Raises `OutputError`, and `Interrupted` where it was stopped.
    """
    tally = run.tally
    with reporter:
        totals = reporter.totals

        def page_done(source: str, number: int, done: int, total: int) -> None:
            reporter.page(source, number, done, total)
            if metrics is not None:
                metrics.page()

        for error in found.unreadable:
            reporter.trouble(printable(str(error)))
        for job in batch.renamed:
            reporter.note(f"{job.source}: another input has this name, so results are {job.stem}.*")
        try:
            for result in run.results(page_done):
                reporter.file(result)
                if metrics is not None:
                    metrics.file(result)
        except OutputError as error:
            how = _how_to_go_on(totals, tally, batch)
            raise OutputError(f"{error}; {how}{_last_report(run, batch, totals)}") from error
        finally:
            if metrics is not None:
                metrics.finish()
            reporter.stop()
            reporter.summary(skipped=len(found.skipped))
        _report(run, batch, totals)
        if tally.failed:
            reporter.note(
                f"{count(tally.failed, 'file')} failed in an earlier run; "
                "--retry-failed tries again"
            )
        if stop.is_set() and totals.files + tally.files < len(batch.jobs):
            raise Interrupted(f"interrupted; {_how_to_go_on(totals, tally, batch)}")
    return totals.failures + tally.failed


def _how_to_go_on(totals: Totals, tally: Tally, batch: Batch) -> str:
    return (
        f"{totals.files + tally.files} of {len(batch.jobs)} files are done, with their results in "
        f"{batch.folder}; the same command does the rest"
    )


def _last_report(run: BatchRun, batch: Batch, totals: Totals) -> str:
    """Leave a report of a run that can write nothing more, if it can; else say so."""
    try:
        _report(run, batch, totals)
    except OutputError:
        return "; report.html could not be written either"
    return ""


def _report(run: BatchRun, batch: Batch, totals: Totals) -> None:
    from scanner.report import write_report  # not needed to start

    write_report(run.output, undone=len(batch.jobs) - totals.files - run.tally.files)
