"""Where processes find the one that runs the networks; it brings no PyTorch."""

from __future__ import annotations

from dataclasses import dataclass

SLOT = 2**26
"""Bytes of a slot: a page in RGB of 22 megapixels, A4 at 480 dpi. Untouched ones take no room."""


@dataclass(frozen=True, slots=True)
class Address:
    """A server of networks: how to call it, and its shared memory of so many slots."""

    listener: str
    key: bytes
    memory: str
    slots: int


class DeviceLost(BaseException):
    """The process that runs the networks is gone.

    No page is to blame, so nothing that deals with the errors of pages may deal with this.
    """


class LeftToWorker(BaseException):
    """The device cannot have this page; it must be read from the worker's own pixels.

    As the page is read after all, nothing that deals with the errors of pages may deal with this.
    """
