"""Scans in; Excel, Word, XML, JSON and text out, with the tables' true structure."""

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
