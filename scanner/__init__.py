"""Scans in; Excel, Word, XML, JSON and text out, with the tables' true structure."""

import gc

# Imports make half a million objects and no garbage; looking for some takes a fifth of the time.
_collects = gc.isenabled()
gc.disable()

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

if _collects:
    gc.enable()

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
