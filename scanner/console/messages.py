"""How the command tells of what ended a run or is about to: plain sentences, or JSON objects."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

import click

from scanner.console.json_log import log_event
from scanner.errors import Interrupted, ScannerError
from scanner.files import printable

log = logging.getLogger("scanner")


def start_logging(debug: bool) -> None:
    """Everything with `debug`, else errors of libraries only."""
    logging.basicConfig(level=logging.WARNING if debug else logging.ERROR)
    log.setLevel(logging.DEBUG if debug else logging.NOTSET)


@contextmanager
def errors_as_messages(debug: bool, as_json: bool = False) -> Iterator[None]:
    """Say in one line on stderr what ended the run, and exit with the code it has."""
    try:
        yield
    except ScannerError as error:
        log.debug("the run ended early", exc_info=error)
        _say(printable(str(error)), "error", as_json)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        _say("interrupted; nothing was written", "error", as_json)
        sys.exit(Interrupted.exit_code)
    except Exception as error:
        if debug:
            raise
        name = type(error).__name__
        _say(f"unexpected {name}: {error}; --debug shows where", "error", as_json)
        sys.exit(ScannerError.exit_code)


@contextmanager
def stop_on_signals(as_json: bool) -> Iterator[Event]:
    """An event that Ctrl-C and SIGTERM set, once; a second Ctrl-C ends the program at once."""
    stop = Event()

    def handle(number: int, frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        _say("finishing the pages in flight; Ctrl-C again leaves them", "stopping", as_json)

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _say(message: str, event: str, as_json: bool) -> None:
    if as_json:
        log_event(event, message=message)
    else:
        click.echo(f"scanner: {message}", err=True)
