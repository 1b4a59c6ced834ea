"""Which version of this program runs."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """The installed version; "not installed" where it runs from its source as it lies there."""
    try:
        return version("scanner-ocr")
    except PackageNotFoundError:
        return "not installed"
