"""Where processes find the one that runs the networks; it brings no PyTorch."""

from __future__ import annotations

from dataclasses import dataclass

SLOT = 3 * 2560 * 2560
"""Bytes of a slot: the largest picture that is looked at, in RGB."""


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
