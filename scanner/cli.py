"""The command `scanner`: arguments, messages and exit codes; the work is done elsewhere."""

from __future__ import annotations

import gc
import io
import logging
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from scanner.api import Scanner
from scanner.batch import Batch, plan_batch, run_batch
from scanner.errors import Interrupted, OutputError, ScannerError
from scanner.explain import explain_page
from scanner.files import printable
from scanner.info import describe_installation
from scanner.options import Options, PageRange, parse_pages
from scanner.outputs import FORMATS, parse_formats
from scanner.pipeline import load_models
from scanner.progress import Reporter, Totals, Verbosity
from scanner.reading import PageReader
from scanner.sources import Inputs, find_inputs

DEFAULT_FORMATS = "xlsx,docx,json"

log = logging.getLogger("scanner")


class PageRanges(click.ParamType[tuple[PageRange, ...]]):
    """Pages such as 1-3,7 on the command line."""

    name = "pages"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[PageRange, ...]:
        try:
            return parse_pages(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="scanner-ocr", prog_name="scanner")
def cli() -> None:
    """Turn scans into Excel, Word, XML, JSON and text, with the tables' true structure."""


@cli.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for results.")
@click.option(
    "--to",
    "formats",
    default=DEFAULT_FORMATS,
    show_default=True,
    help=f"Formats, separated by commas: {', '.join(FORMATS)}.",
)
@click.option(
    "--pages", type=PageRanges(), help="Read only these pages of every file, such as 1-3,7."
)
@click.option("--no-tables", is_flag=True, help="Read tables as running text.")
@click.option(
    "--join-tables",
    is_flag=True,
    help="Make tables that continue on the next page one table, in xlsx and docx.",
)
@click.option("--resume", is_flag=True, help="Leave out files that an earlier run finished.")
@click.option(
    "--max-megapixels",
    type=click.FloatRange(min=0, min_open=True),
    help=f"Refuse larger pictures.  [default: {Options().max_megapixels:g}]",
)
@click.option("--threads", type=click.IntRange(min=1), help="Processor threads.  [default: all]")
@click.option("--config", type=click.Path(path_type=Path), help="TOML file of settings.")
@click.option("-q", "--quiet", is_flag=True, help="Print failures only.")
@click.option("-v", "--verbose", is_flag=True, help="Print a line for every page.")
@click.option("--debug", is_flag=True, help="Print tracebacks and the log.")
@click.pass_obj
def scan(
    read_page: PageReader | None,
    inputs: tuple[str, ...],
    out: Path,
    formats: str,
    pages: tuple[PageRange, ...] | None,
    no_tables: bool,
    join_tables: bool,
    resume: bool,
    max_megapixels: float | None,
    threads: int | None,
    config: Path | None,
    quiet: bool,
    verbose: bool,
    debug: bool,
) -> None:
    """Scan files, folders (with all folders below) and globs.

    Results lie in the --out folder as the inputs lie in theirs, with manifest.jsonl telling for
    every file what became of it. "pdf" is the straightened page with its text, to search and
    copy; "png" and "jpg" are its picture, "overlay" is the scan with all that was found drawn
    on it.

    Exit code: 0 all files came out, 1 some failed, 2 wrong usage, 3 results cannot be written,
    4 the networks are missing, 130 interrupted.
    """
    _start_logging(debug)
    verbosity = Verbosity.QUIET if quiet else Verbosity.VERBOSE if verbose else Verbosity.NORMAL
    with _errors_as_messages(debug):
        flags = {
            "max_megapixels": max_megapixels,
            "threads": threads,
            "pages": pages,
            "tables": False if no_tables else None,
            "join_tables": join_tables or None,
        }
        options = _options(config, flags)
        forms = parse_formats(formats)
        found = find_inputs(inputs, exclude=out)
        batch = plan_batch(found.files, out, forms, resume=resume)
        if read_page is None:
            read_page = Scanner(options).page_reader
        totals = _run(batch, found, read_page, options, verbosity)
    sys.exit(1 if totals.failures else 0)


@cli.command()
@click.argument("image", type=click.Path(path_type=Path))
@click.option("--explain", required=True, type=click.Path(path_type=Path), help="Folder for them.")
@click.option("--page", default=1, show_default=True, type=click.IntRange(min=1))
@click.option("--debug", is_flag=True, help="Print tracebacks and the log.")
def tables(image: Path, explain: Path, page: int, debug: bool) -> None:
    """Show how a page's tables were found: pictures of rulings, graph, grid and cells."""
    _start_logging(debug)
    with _errors_as_messages(debug):
        options = Options()
        for picture in explain_page(image, page, load_models(options), options, explain):
            click.echo(picture)


@cli.command()
def info() -> None:
    """Show versions, devices, engines, and weights with their checksums."""
    facts = describe_installation()
    width = max(len(name) for name, _ in facts)
    for name, value in facts:
        click.echo(f"{name:{width}}  {value}")


def main() -> None:
    """The console script."""
    gc.freeze()  # what imports made stays; looking through it for garbage takes longer than a page
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # libraries' notes to programmers
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    cli.main(prog_name="scanner")


def _run(
    batch: Batch, found: Inputs, read_page: PageReader, options: Options, verbosity: Verbosity
) -> Totals:
    """Scan the batch before a reporter's eyes; raises `OutputError`, on Ctrl-C `Interrupted`."""
    with Reporter(len(batch.jobs), verbosity) as reporter:
        for error in found.unreadable:
            reporter.trouble(printable(str(error)))
        for job in batch.renamed:
            reporter.note(f"{job.source}: another input has this name, so results are {job.stem}.*")
        try:
            for result in run_batch(batch, read_page, options, reporter.page):
                reporter.file(result)
        except KeyboardInterrupt as error:
            raise Interrupted(f"interrupted; {_how_to_go_on(reporter.totals, batch)}") from error
        except OutputError as error:
            raise OutputError(f"{error}; {_how_to_go_on(reporter.totals, batch)}") from error
        finally:
            reporter.stop()
            reporter.summary(skipped=len(found.skipped), done_before=batch.done)
    return reporter.totals


def _how_to_go_on(totals: Totals, batch: Batch) -> str:
    return (
        f"{totals.files} of {len(batch.jobs)} files are done, with their results in "
        f"{batch.folder}; the same command with --resume does the rest"
    )


def _options(config: Path | None, flags: Mapping[str, object]) -> Options:
    """The options of the TOML file, if any, and on top of them the flags that are not None."""
    options = Options.load(config) if config else Options()
    settings = options.model_dump() | {name: v for name, v in flags.items() if v is not None}
    return Options(**settings)


def _start_logging(debug: bool) -> None:
    logging.basicConfig(level=logging.WARNING if debug else logging.ERROR)
    log.setLevel(logging.DEBUG if debug else logging.NOTSET)


@contextmanager
def _errors_as_messages(debug: bool) -> Iterator[None]:
    """Say in one line on stderr what ended the run, and exit with the code it has."""
    try:
        yield
    except ScannerError as error:
        log.debug("the run ended early", exc_info=error)
        click.echo(f"scanner: {printable(str(error))}", err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        click.echo("scanner: interrupted; nothing was written", err=True)
        sys.exit(Interrupted.exit_code)
    except Exception as error:
        if debug:
            raise
        name = type(error).__name__
        click.echo(f"scanner: unexpected {name}: {error}; --debug shows where", err=True)
        sys.exit(ScannerError.exit_code)


if __name__ == "__main__":
    main()
