"""Lines and words become tables, and documents become files. No torch, nothing of scanner."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from table_restore.restore import Restoration, restore_tables

__all__ = ["Restoration", "restore_tables"]


def __getattr__(name: str) -> object:
    """What restores tables is loaded when it is asked for; documents and formats do without."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("table_restore.restore"), name)
