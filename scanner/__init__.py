"""Scans in; Excel, Word, XML, JSON and text out, with the tables' true structure."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scanner.api import Result, Scanner
    from scanner.errors import OutputError, ScannerError, SourceError, UsageError, WeightsError
    from scanner.options import Options
    from scanner.outputs import save
    from table_restore.continued import join_continued
    from table_restore.document import (
        Block,
        BlockKind,
        Cell,
        Document,
        Line,
        Page,
        PageFailure,
        Table,
        Word,
    )

__all__ = [
    "Block",
    "BlockKind",
    "Cell",
    "Document",
    "Line",
    "Options",
    "OutputError",
    "Page",
    "PageFailure",
    "Result",
    "Scanner",
    "ScannerError",
    "SourceError",
    "Table",
    "UsageError",
    "WeightsError",
    "Word",
    "join_continued",
    "save",
]

# PyTorch takes its time to load, and the command's own process does without it: what is asked
# for is imported when it is.
_HOMES = {
    "Result": "scanner.api",
    "Scanner": "scanner.api",
    "Options": "scanner.options",
    "save": "scanner.outputs",
    "join_continued": "table_restore.continued",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "scanner.errors" if name.endswith("Error") else "table_restore.document"
    return getattr(import_module(_HOMES.get(name, home)), name)
