"""Pillow without its warnings, logs and size limit, while a picture is being decoded."""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from PIL import Image

_lock = threading.Lock()
_changed = ExitStack()
_users = 0


@contextmanager
def quiet_pillow() -> Iterator[None]:
    """No messages from Pillow, and no size limit (ours is checked before); for many threads.

    These are settings of the whole process: the first thread in changes them, the last one out
    puts them back as they were.
    """
    global _users
    with _lock:
        if _users == 0:
            _changed.enter_context(warnings.catch_warnings())
            warnings.filterwarnings("ignore", module=r"PIL\b")
            silent, log = logging.NullHandler(), logging.getLogger("PIL")
            log.addHandler(silent)  # keeps its errors off stderr where no logging is set up
            _changed.callback(log.removeHandler, silent)
            _changed.callback(setattr, Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)
            Image.MAX_IMAGE_PIXELS = None
        _users += 1
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if _users == 0:
                _changed.close()
