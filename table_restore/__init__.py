"""Lines and words become tables, and documents become files. No torch, nothing of scanner."""

from table_restore.restore import Restoration, restore_tables

__all__ = ["Restoration", "restore_tables"]
