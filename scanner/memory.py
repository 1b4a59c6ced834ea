"""Memory that is free goes back to the system."""

from __future__ import annotations

import ctypes
import functools
import sys
from collections.abc import Callable


def release_free_memory() -> None:
    """Give memory that was freed back to the system; does nothing where that cannot be asked for.

    The networks allocate tensors of ever new sizes, one for each size of page. The C library
    keeps what is freed in pieces that fit no later page, so a long run grows page by page;
    `malloc_trim` (glibc) returns them.
    """
    trim = _malloc_trim()
    if trim is not None:
        trim(0)


@functools.cache
def _malloc_trim() -> Callable[[int], int] | None:
    if not sys.platform.startswith("linux"):
        return None
    trim: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return trim
