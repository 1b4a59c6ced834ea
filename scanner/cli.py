"""The command `scanner`: arguments, messages and exit codes; the work is done elsewhere."""

from __future__ import annotations

import gc
import io
import re
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path

import click

from scanner.batch import BatchRun, ReaderFactory, plan_batch
from scanner.batch import replay as replay_bundle
from scanner.batch.journal import look_at
from scanner.batch.output import STATE
from scanner.console.follow import follow
from scanner.console.json_log import JsonReporter
from scanner.console.messages import errors_as_messages, start_logging, stop_on_signals
from scanner.console.metrics import Metrics
from scanner.console.progress import Reporter, Verbosity, count, describe
from scanner.errors import UsageError
from scanner.formats import FORMATS, parse_formats
from scanner.inputs import find_inputs
from scanner.options import DEVICE_PATTERN, Options, PageRange, parse_pages
from scanner.remote import as_place

DEFAULT_FORMATS = "xlsx,docx,json"


class DeviceName(click.ParamType[str]):
    """A device such as cuda:1 on the command line."""

    name = "device"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not re.fullmatch(DEVICE_PATTERN, value):
            self.fail(f"{value!r} is no device; write auto, cpu, cuda or cuda:N", param, ctx)
        return value


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
@click.option("--out", required=True, help="Folder for results, or the URL of one.")
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
@click.option("--no-clean", is_flag=True, help="Leave light, shadows and tint of pictures as is.")
@click.option(
    "--colour",
    type=click.Choice(["colour", "grey", "bilevel", "auto"]),
    help="What pdf, png and jpg keep of the colours.  [default: colour]",
)
@click.option("--no-tables", is_flag=True, help="Read tables as running text.")
@click.option(
    "--join-tables",
    is_flag=True,
    help="Make tables that continue on the next page one table, in xlsx and docx.",
)
@click.option(
    "--split-spreads",
    is_flag=True,
    help="Make two pages of pictures that show an open book, the left one first.",
)
@click.option("--retry-failed", is_flag=True, help="Also try again what failed in an earlier run.")
@click.option("--fresh", is_flag=True, help="Do everything again, what is done too.")
@click.option("--share", is_flag=True, help="Work beside other runs in the same output folder.")
@click.option(
    "--max-megapixels",
    type=click.FloatRange(min=0, min_open=True),
    help=f"Refuse larger pictures.  [default: {Options().max_megapixels:g}]",
)
@click.option(
    "--workers",
    type=click.IntRange(min=0),
    help="Processes that read pages; 0 for none but this one.  [default: one a core]",
)
@click.option(
    "--device",
    type=DeviceName(),
    help="Where the networks run: cpu, cuda, cuda:N, or auto for the best.  [default: cpu]",
)
@click.option(
    "--cluster", type=click.Choice(["ray"]), help="Have the machines of a cluster read the pages."
)
@click.option("--address", help="Host and port of the cluster.  [default: that of this machine]")
@click.option(
    "--engine",
    type=click.Choice(["torchscript", "eager", "onnxruntime", "openvino"]),
    help="Library that runs the networks on the processor.  [default: the fastest]",
)
@click.option(
    "--precision",
    type=click.Choice(["float32", "bfloat16", "float16"]),
    help="What the networks compute in.  [default: the fastest that reads as well]",
)
@click.option(
    "--threads",
    type=click.IntRange(min=1),
    help="Processor threads of each worker.  [default: the cores shared out]",
)
@click.option(
    "--page-timeout",
    type=click.FloatRange(min=0, min_open=True),
    help=f"Seconds after which a page is given up.  [default: {Options().page_timeout:g}]",
)
@click.option(
    "--worker-memory",
    type=click.IntRange(min=256),
    help="MiB of memory at which a page is given up.  [default: by the machine's]",
)
@click.option("--config", type=click.Path(path_type=Path), help="TOML file of settings.")
@click.option(
    "--metrics",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Keep a text file of figures for Prometheus up to date.",
)
@click.option(
    "--log-format",
    type=click.Choice(["plain", "json"]),
    default="plain",
    show_default=True,
    help="What is told on the way: lines for people, or JSON objects on stderr for machines.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print failures only.")
@click.option("-v", "--verbose", is_flag=True, help="Print a line for every page.")
@click.option("--debug", is_flag=True, help="Print tracebacks and the log.")
@click.pass_obj
def scan(
    make_reader: ReaderFactory | None,
    inputs: tuple[str, ...],
    out: str,
    formats: str,
    pages: tuple[PageRange, ...] | None,
    no_clean: bool,
    colour: str | None,
    no_tables: bool,
    join_tables: bool,
    split_spreads: bool,
    retry_failed: bool,
    fresh: bool,
    share: bool,
    max_megapixels: float | None,
    workers: int | None,
    device: str | None,
    cluster: str | None,
    address: str | None,
    engine: str | None,
    precision: str | None,
    threads: int | None,
    page_timeout: float | None,
    worker_memory: int | None,
    config: Path | None,
    metrics: Path | None,
    log_format: str,
    quiet: bool,
    verbose: bool,
    debug: bool,
) -> None:
    """Scan files, folders (with all folders below) and globs.

    Results lie in the --out folder as the inputs lie in theirs, with manifest.jsonl telling for
    every file what became of it. "pdf" is the straightened page with its text, to search and
    copy; "png" and "jpg" are its picture, "overlay" is the scan with all that was found drawn
    on it. "parquet" has the words and the cells as tables, in the folders "words" and "cells".

    Given again, the command goes on where it stopped, however it was stopped: it leaves out what
    is done and has not changed since. A page that crashes, hangs or takes too much memory is
    tried twice, then recorded; "failures" in the --out folder holds what is needed to look into
    it with "scanner replay".

    Exit code: 0 all files came out, 1 some failed (in this run or an earlier one), 2 wrong usage,
    3 results cannot be written, 4 the networks are missing, 5 another run is at work in the
    folder, 6 no worker process can be started, 130 interrupted.
    """
    as_json = log_format == "json"
    start_logging(debug)
    verbosity = Verbosity.QUIET if quiet else Verbosity.VERBOSE if verbose else Verbosity.NORMAL
    with errors_as_messages(debug, as_json):
        flags = {
            "max_megapixels": max_megapixels,
            "workers": workers,
            "device": device,
            "cluster": cluster,
            "address": address,
            "engine": engine,
            "precision": precision,
            "threads": threads,
            "page_timeout": page_timeout,
            "worker_memory": worker_memory,
            "pages": pages,
            "clean": False if no_clean else None,
            "colour": colour,
            "tables": False if no_tables else None,
            "join_tables": join_tables or None,
            "split_spreads": split_spreads or None,
        }
        options = _options(config, flags)
        forms = parse_formats(formats)
        place = as_place(out)
        found = find_inputs(inputs, exclude=place)
        batch = plan_batch(found.files, place, forms)
        with stop_on_signals(as_json) as stop:
            run = BatchRun(
                batch,
                options,
                make_reader=make_reader,
                again=fresh,
                retry_failed=retry_failed,
                share=share,
                stop=stop,
            )
            with run:
                reporter = (
                    JsonReporter(len(batch.jobs), pages=verbose)
                    if as_json
                    else Reporter(len(batch.jobs), verbosity, run.tally)
                )
                figures = Metrics(metrics, len(batch.jobs)) if metrics else None
                failures = follow(run, batch, found, reporter, stop, figures)
    sys.exit(1 if failures else 0)


@cli.command()
@click.argument("image", type=click.Path(path_type=Path))
@click.option("--explain", required=True, type=click.Path(path_type=Path), help="Folder for them.")
@click.option("--page", default=1, show_default=True, type=click.IntRange(min=1))
@click.option("--debug", is_flag=True, help="Print tracebacks and the log.")
def tables(image: Path, explain: Path, page: int, debug: bool) -> None:
    """Show how a page's tables were found: pictures of rulings, graph, grid and cells."""
    from scanner.explain import explain_page  # with PyTorch, which takes its time to load
    from scanner.pipeline import load_models

    start_logging(debug)
    with errors_as_messages(debug):
        options = Options()
        for picture in explain_page(image, page, load_models(options), options, explain):
            click.echo(picture)


@cli.command()
@click.argument("bundle")
@click.option("--here", is_flag=True, help="Read it in this process, for debuggers.")
@click.option("--debug", is_flag=True, help="Print tracebacks and the log.")
@click.pass_obj
def replay(make_reader: ReaderFactory | None, bundle: str, here: bool, debug: bool) -> None:
    """Make a failure happen again, from its folder below "failures" in an --out folder.

    The page is read with the options of then; no results are written.

    Exit code: 0 it is read well now, 1 it fails again, 2 there is no such bundle or the input is
    gone.
    """
    start_logging(debug)
    with errors_as_messages(debug):
        then, result = replay_bundle(
            as_place(bundle), make_reader=make_reader, workers=0 if here else 1
        )
        click.echo(f"then: {describe(then.failure)}")
        for failure in result.failures:
            click.echo(f"now:  {describe(failure)}")
        if not result.failures:
            click.echo(f"now:  {count(result.pages, 'page')} read in {result.seconds:.1f} s")
    sys.exit(1 if result.failures else 0)


@cli.command()
@click.argument("folder", metavar="DIR")
def report(folder: str) -> None:
    """Write DIR/report.html anew: what became of all files in the output folder DIR.

    DIR may be a URL. Every run writes the report when it ends; this is for runs that still go on,
    or were killed.
    """
    from scanner.report import write_report

    with errors_as_messages(debug=False), look_at(as_place(folder)) as output:
        if not output.has(STATE):
            raise UsageError(f"{folder}: no run has had its results in this folder")
        path = write_report(output)
        click.echo(f"{folder}/{path.name}" if output.remote else path)


@cli.command()
def info() -> None:
    """Show versions, devices, engines, and weights with their checksums."""
    from scanner.console.info import describe_installation  # with PyTorch

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


def _options(config: Path | None, flags: Mapping[str, object]) -> Options:
    """The options of the TOML file, if any, and on top of them the flags that are not None."""
    options = Options.load(config) if config else Options()
    settings = options.model_dump() | {name: v for name, v in flags.items() if v is not None}
    return Options(**settings)


if __name__ == "__main__":
    main()
