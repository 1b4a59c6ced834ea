"""The one exception tree of the program; each class carries the exit code of the command."""

from __future__ import annotations


class ScannerError(Exception):
    """Anything that went wrong in a way the user can understand and act on.

    The message is a sentence for the person with the scans; it names no Python.
    """

    exit_code = 1
    stage = "scan"


class UsageError(ScannerError):
    """The command or the options were wrong; nothing was scanned."""

    exit_code = 2
    stage = "usage"


class SourceError(ScannerError):
    """A file that cannot be read as a scan: missing, damaged, locked, of an unknown kind."""

    stage = "read"


class TooLargeError(SourceError):
    """A picture over the size limit (`Options.max_megapixels`)."""


class StageError(ScannerError):
    """A page failed in a stage of the pipeline; `__cause__` holds what happened."""

    def __init__(self, stage: str, message: str) -> None:
        super().__init__(message)
        self.stage = stage


class OutputError(ScannerError):
    """A result cannot be written, for all files alike: disk full, folder read-only."""

    exit_code = 3
    stage = "write"


class WeightsError(ScannerError):
    """The model weights are missing or are not the ones this version was written for."""

    exit_code = 4
    stage = "models"


class BusyError(ScannerError):
    """Another run is at work in the output folder."""

    exit_code = 5
    stage = "start"


class WorkerError(ScannerError):
    """No worker process can be started."""

    exit_code = 6
    stage = "start"


class Interrupted(ScannerError):  # noqa: N818
    """Ctrl-C: what was finished is kept."""

    exit_code = 130
    stage = "interrupted"
