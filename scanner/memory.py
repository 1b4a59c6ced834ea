"""Memory that a page frees is kept for the next one, and given back from time to time."""

from __future__ import annotations

import ctypes
import functools
import sys
from collections.abc import Callable
from dataclasses import dataclass

PAGES = 8
"""Free memory goes back to the system after so many pages."""

_MMAP_MAX, _TRIM_THRESHOLD = -4, -1  # parameters of glibc's mallopt, from its malloc.h
_NEVER = 2**31 - 1


@dataclass(slots=True)
class MemoryKeeper:
    """Gives free memory back to the system once in a while.

    The networks allocate tensors of ever new sizes, one for each size of page. The C library
    keeps what is freed in pieces that fit no later page, so a long run grows page by page.
    Giving them back after every page would cost a tenth of the time: the system clears memory
    before it hands it out again.
    """

    pages: int = 0

    def page_done(self) -> None:
        """A page was read."""
        self.pages += 1
        if self.pages % PAGES == 0:
            release_free_memory()


def keep_free_memory() -> None:
    """Have the C library keep large pieces of freed memory too; only where that is glibc."""
    library = _library()
    if library is not None and hasattr(library, "mallopt"):
        library.mallopt(_MMAP_MAX, 0)
        library.mallopt(_TRIM_THRESHOLD, _NEVER)


def release_free_memory() -> None:
    """Give memory that was freed back to the system; does nothing where that is not glibc."""
    trim: Callable[[int], int] | None = getattr(_library(), "malloc_trim", None)
    if trim is not None:
        trim(0)


@functools.cache
def _library() -> ctypes.CDLL | None:
    return ctypes.CDLL(None) if sys.platform.startswith("linux") else None
