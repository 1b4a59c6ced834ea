"""What libtiff says while Pillow decodes a TIFF.

libtiff goes on after most kinds of damage, Pillow then reports success, and all there is to
know of it is a line that the library prints on stderr. Here those lines are caught instead.
"""

from __future__ import annotations

import ctypes
import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from PIL import _imaging

# void (*)(const char *module, const char *format, va_list arguments). A va_list passes as one
# pointer in the calling conventions of Linux, macOS and Windows on x86-64 and AArch64.
_Handler = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p)

_listening = threading.local()


@contextmanager
def messages() -> Iterator[list[str]]:
    """Collect the errors and the decoders' warnings of TIFFs decoded by this thread meanwhile.

    The list stays empty where Pillow's libtiff cannot be reached (it is linked statically into
    Pillow on Windows); its messages then go to stderr.
    """
    _install()
    outer = getattr(_listening, "heard", None)
    heard: list[str] = []
    _listening.heard = heard
    try:
        yield heard
    finally:
        _listening.heard = outer


@functools.cache
def _install() -> list[Any]:
    """Put our handlers in; the result keeps them alive for as long as libtiff may call them."""
    try:
        library = ctypes.CDLL(_imaging.__file__)
        places = [library.TIFFSetErrorHandler, library.TIFFSetWarningHandler]
        formatter = ctypes.CDLL(None).vsnprintf
    except (AttributeError, OSError, TypeError):
        return []
    kept: list[Any] = []
    for place in places:
        place.restype = ctypes.c_void_p
        state: dict[str, Callable[..., None] | None] = {"previous": None}
        handler = _Handler(functools.partial(_hear, formatter, state))
        kept.append(handler)
        previous = place(handler)
        state["previous"] = _Handler(previous) if previous else None
    return kept


def _hear(
    formatter: Any,
    state: dict[str, Callable[..., None] | None],
    module: bytes | None,
    format_: bytes | None,
    arguments: int | None,
) -> None:
    heard = getattr(_listening, "heard", None)
    if heard is None:
        if state["previous"] is not None:
            state["previous"](module, format_, arguments)
        return
    text = ctypes.create_string_buffer(400)
    formatter(
        text, ctypes.c_size_t(len(text)), ctypes.c_char_p(format_), ctypes.c_void_p(arguments)
    )
    origin = (module or b"").decode("latin-1")
    heard.append(f"{origin}: {text.value.decode('latin-1')}")
