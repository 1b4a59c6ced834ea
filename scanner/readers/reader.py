"""What every reader of a kind of file offers, and how it says that it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]  # [height, width, 3], RGB, contiguous


class DecodeError(Exception):
    """Why a picture cannot be decoded: the sentence that follows the name of its file."""


class TooManyPixelsError(DecodeError):
    """The picture is over the size limit; nothing of it was decoded."""


class Reader(Protocol):
    """Decodes the pages of one open file; not for use by two threads at a time."""

    page_count: int

    def read(self, number: int) -> tuple[Pixels, float | None]:
        """Page `number` (from 1) and its resolution in dpi; raises `DecodeError` or OSError."""
        ...

    def close(self) -> None:
        """Close the file."""
        ...


def check_size(size: tuple[int, int], max_pixels: float) -> None:
    """Raise `DecodeError` for an empty picture or one of more than `max_pixels` pixels."""
    width, height = size
    if width < 1 or height < 1:
        raise DecodeError("the picture has no pixels")
    if width * height > max_pixels:
        raise TooManyPixelsError(
            f"the picture has {width} x {height} pixels, {width * height / 1e6:,.0f} megapixels;"
            f" the limit is {max_pixels / 1e6:,.4g} (the option max_megapixels raises it)"
        )


@contextmanager
def guarded(what: str) -> Iterator[None]:
    """Turn whatever a decoder raises on bad data into a `DecodeError` about `what`.

    Errors of the file system (an OSError with a number) are let through.
    """
    try:
        yield
    except DecodeError:
        raise
    except MemoryError as error:
        raise DecodeError(f"there is not enough memory to decode the {what}") from error
    except Exception as error:  # decoders of foreign data raise anything
        if isinstance(error, OSError) and error.errno is not None:
            raise
        text = str(error).strip()
        if isinstance(error, EOFError) or "truncated" in text.lower():
            raise DecodeError(f"the {what} is cut off: its end is missing") from error
        detail = f" ({text[:160]})" if text else ""
        raise DecodeError(
            f"the {what} is damaged or of a variety that cannot be read{detail}"
        ) from error
