"""The stand-in for runs in processes of their own, which start sooner without PyTorch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scanner.options import Options

if TYPE_CHECKING:
    from scanner.pipeline import PageReader


def make_reader(options: Options) -> PageReader:
    """What a run takes instead of the networks."""
    from stand_ins import read_page

    return read_page
